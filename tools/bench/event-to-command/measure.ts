import { join } from 'node:path';
import type { CallRecord } from '../../../sandbox/gateway/call-record.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { callsPerIncident, durableOperationsPerIncident } from '../calls-per-incident.ts';
import { contributorEvent } from '../contributor-event.ts';
import { median } from '../statistics.ts';
import type { Row } from '../table.ts';
import { bareFunction, registerBareFunctions } from './bare-functions.ts';
import { barePlan } from './bare-plan.ts';
import { BENCH_CONFIG } from './config.ts';
import { breakDisk, millisToCommand, until } from './sample.ts';

/** The most that the time from event to command may be of the time that the unavoidable calls take. */
const LIMIT = 1.3;

/** The first incidents start the functions: they are not measured. */
const WARM_UPS = 2;

/** Functions that no incident invokes. */
const OTHER_FUNCTIONS = ['answer-request', 'sweep-incidents'];

/** Heals one full disk after the other in a sandbox that runs in real time, ours and bare by turns. */
export async function measureIncidents(
  folder: string,
  samples: number,
): Promise<{ time: Row[]; calls: Row[]; operations: Row[] }> {
  const instances = samples + WARM_UPS;
  const options = { folder, instances, port: 0, speed: 1, config: BENCH_CONFIG };
  // the only events are those that are measured
  const sandbox = await startSandbox({ ...options, evaluatesAlarms: false });
  try {
    await registerBareFunctions(sandbox.lambda, join(folder, 'bare'));
    await sandbox.invoke('answerRequest', { request: 'resume', requestedBy: 'bench', reason: 'bench' });
    await until('the resume is told', () => sandbox.subscriber.messages[0]);
    const since = sandbox.gateway.calls().length;
    const ours: number[] = [];
    const bare: number[] = [];
    for (const instanceId of sandbox.fleet.members.keys()) {
      const plan = barePlan(sandbox, folder, instanceId);
      await breakDisk(sandbox, instanceId);
      bare.push(await millisToCommand(sandbox, bareFunction('open'), plan, instanceId));
      await sandbox.lambda.closed(`bare-${plan.id}`);
      await breakDisk(sandbox, instanceId);
      const event = contributorEvent(sandbox.stackName, instanceId, new Date(sandbox.clock.nowMillis()));
      ours.push(await millisToCommand(sandbox, `${sandbox.stackName}-open-incident:live`, event, instanceId));
      await until('the repair is verified', () => recordOf(sandbox, 'verified', instanceId));
    }
    for (const instanceId of sandbox.fleet.members.keys()) {
      await until('the soak ends', () => recordOf(sandbox, 'closed', instanceId), 60);
      await until('its end is told', () =>
        sandbox.subscriber.messages.find(({ subject }) => subject.includes(instanceId)),
      );
    }
    await sandbox.lambda.idle();
    const calls = callsOfIncidents(sandbox, sandbox.gateway.calls().slice(since));
    const executions = sandbox.lambda
      .executions()
      .filter(({ functionName }) => functionName.startsWith(sandbox.stackName));
    const measured = (times: readonly number[]): number => median(times.slice(WARM_UPS));
    return {
      time: [{ name: 'disk-full', ours: measured(ours), bare: measured(bare), limit: LIMIT }],
      calls: callsPerIncident(calls, instances),
      operations: durableOperationsPerIncident(calls, executions.length, instances),
    };
  } finally {
    await sandbox.stop();
  }
}

function recordOf({ records }: Sandbox, kind: 'verified' | 'closed', instanceId: string) {
  return records.find((record) => record.kind === kind && record.fingerprint.target.id === instanceId);
}

function callsOfIncidents({ deployed, stackName }: Sandbox, calls: readonly CallRecord[]): CallRecord[] {
  const keys = [...deployed.functions.values()]
    .filter(({ name }) => !OTHER_FUNCTIONS.some((other) => name === `${stackName}-${other}`))
    .map(({ accessKeyId }) => accessKeyId);
  return calls.filter(({ accessKeyId }) => keys.includes(accessKeyId));
}
