import type { CallRecord } from '../../../sandbox/gateway/call-record.ts';
import { callsPerIncident, durableOperationsPerIncident } from '../../../tools/bench/calls-per-incident.ts';

const call = (service: string, action: string, input: CallRecord['input'] = {}): CallRecord => ({
  at: 0,
  service,
  action,
  accessKeyId: 'AKIATEST',
  input,
  status: 200,
});
const checkpoint = (...actions: readonly string[]) =>
  call('lambda', 'POST /2025-12-01/durable-executions/arn%3Aone/checkpoint', {
    CheckpointToken: 'one',
    Updates: actions.map((Action) => ({ Id: 'a', Type: 'STEP', Action })),
  });

test('calls are counted by kind and shared out among the incidents, the most frequent first', () => {
  const calls = [
    call('dynamodb', 'PutItem'),
    call('dynamodb', 'PutItem'),
    call('dynamodb', 'PutItem'),
    call('lambda', 'POST /2015-03-31/functions/one%3Alive/invocations'),
    call('lambda', 'POST /2015-03-31/functions/two%3Alive/invocations'),
    checkpoint('START'),
  ];
  expect(callsPerIncident(calls, 2)).toEqual([
    { name: 'dynamodb PutItem', ours: 1.5 },
    { name: 'lambda Invoke', ours: 1 },
    { name: 'lambda CheckpointDurableExecution', ours: 0.5 },
    { name: 'all together', ours: 3 },
  ]);
});

test('an operation counts for each of its starts, and an execution for its own', () => {
  const calls = [
    checkpoint('START'),
    checkpoint('RETRY'),
    checkpoint('START', 'SUCCEED'),
    checkpoint('START'),
    call('dynamodb', 'GetItem', { Updates: [{ Action: 'START' }] }),
  ];
  expect(durableOperationsPerIncident(calls, 5, 2)).toEqual([
    { name: 'executions', ours: 2.5 },
    { name: 'durable operations', ours: 4 },
  ]);
});
