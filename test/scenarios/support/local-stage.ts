import { handler as openIncident } from '../../../lambdas/handlers/open-incident.ts';
import { handler as sweepIncidents } from '../../../lambdas/handlers/sweep-incidents.ts';
import { World } from '../world.ts';
import { Accounts } from './account.ts';
import { LocalRunner } from './local-runner.ts';
import { quickConfig } from './quick-config.ts';
import type { Stage } from './stage.ts';

/** A stage on the SDK's local runner: a new stack, not switched on yet; all handlers run in this process. */
export async function openLocalStage(instances: number): Promise<Stage> {
  const world = await World.start({ instances, speed: 1, config: quickConfig(30), resumed: false, alarms: false });
  const runner = await LocalRunner.open(world);
  return {
    world,
    accounts: new Accounts(world),
    open: async (instanceId) => {
      const event = world.contributorEvent('disk-full', { InstanceId: instanceId, path: '/' });
      const { incidents } = await openIncident(event);
      return incidents[0]?.incidentId ?? '';
    },
    ended: (incidentId, run) => runner.ended(incidentId, run),
    sweep: sweepIncidents,
    loseRepairAnswer: (instanceId) => {
      const end = world.sandbox.gateway.intercept({
        beforeAnswer: ({ action, input }) => {
          const repairs = action === 'SendCommand' && String(input['DocumentName']).includes('-repair-');
          if (!repairs || !JSON.stringify(input['InstanceIds']).includes(instanceId)) return undefined;
          end();
          runner.crash(String(input['Comment']));
          return 'drop';
        },
      });
    },
    close: async () => {
      await runner.close();
      await world.stop();
    },
  };
}
