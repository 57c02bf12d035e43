import { World } from '../world.ts';
import { Accounts } from './account.ts';
import { incidentKey, openIncident } from './disk-incident.ts';
import { LostAnswers } from './lost-answers.ts';
import { quickConfig } from './quick-config.ts';
import type { Stage } from './stage.ts';

/** A stage on the sandbox's durable service: a new stack, not switched on yet. */
export async function openWorldStage(instances: number): Promise<Stage> {
  const world = await World.start({ instances, speed: 30, config: quickConfig(30), resumed: false, alarms: false });
  const answers = new LostAnswers(world.sandbox);
  return {
    world,
    accounts: new Accounts(world),
    open: (instanceId) => openIncident(world, instanceId),
    ended: (incidentId, run) => world.ended(incidentId, run),
    sweep: () => world.sweep(),
    loseRepairAnswer: (instanceId) => {
      answers.follow(incidentKey(instanceId), instanceId, [{ call: 'run-command: SendCommand repair', killed: true }]);
    },
    close: async () => {
      answers.stop();
      await world.stop();
    },
  };
}
