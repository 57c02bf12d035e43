import type { CallRecord } from '../../sandbox/gateway/call-record.ts';
import { parseCheckpointRequest } from '../../sandbox/lambda/durable/update.ts';
import type { Row } from './table.ts';

/** API calls of each kind per incident, the most frequent first, and their sum. */
export function callsPerIncident(calls: readonly CallRecord[], incidents: number): Row[] {
  const byName = Map.groupBy(calls, nameOf);
  const rows = [...byName].map(([name, some]) => ({ name, ours: some.length / incidents }));
  const sum = { name: 'all together', ours: calls.length / incidents };
  return [...rows.toSorted((one, other) => other.ours - one.ours || one.name.localeCompare(other.name)), sum];
}

/**
 * Durable operations that AWS meters, per incident: each execution's start, and each start of an operation, retries included
 * (docs.aws.amazon.com/lambda/latest/dg/durable-execution-sdk.html).
 */
export function durableOperationsPerIncident(
  calls: readonly CallRecord[],
  executions: number,
  incidents: number,
): Row[] {
  const started = calls
    .filter(({ action }) => isCheckpoint(action))
    .flatMap(({ input }) => parseCheckpointRequest(input).Updates ?? [])
    .filter(({ Action }) => Action === 'START');
  return [
    { name: 'executions', ours: executions / incidents },
    { name: 'durable operations', ours: (executions + started.length) / incidents },
  ];
}

const isCheckpoint = (action: string): boolean => /^POST .*\/durable-executions\/.*\/checkpoint$/.test(action);

function nameOf({ service, action }: CallRecord): string {
  if (isCheckpoint(action)) return `${service} CheckpointDurableExecution`;
  if (/^POST .*\/functions\/.*\/invocations$/.test(action)) return `${service} Invoke`;
  return `${service} ${action}`;
}
