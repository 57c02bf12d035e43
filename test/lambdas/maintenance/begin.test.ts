import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { ChorePolicy } from '../../../lambdas/core/maintenance/maintenance.ts';
import type { MaintenanceRun } from '../../../lambdas/core/maintenance/run.ts';
import type { Policy } from '../../../lambdas/core/policy.ts';
import { begin } from '../../../lambdas/maintenance/begin.ts';
import { describeInstance, ec2 } from '../aws/sick-instance.ts';
import { policy } from '../core/samples.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const NOW = Date.parse('2026-11-24T14:00:00Z');
const chore: ChorePolicy = {
  id: 'clean-caches',
  title: 'clean caches',
  parameters: {},
  timeoutSeconds: 600,
  everySeconds: 86_400,
  settings: {},
  documents: { preview: 'p', clean: 'c' },
};
const under: Policy = { ...policy, maintenance: { ...policy.maintenance, chores: [chore] } };
const scheduled: MaintenanceRun = {
  choreId: 'clean-caches',
  runId: 'clean-caches-20261124T1400-abcdef',
  startedBy: 'schedule',
  askedAt: '2026-11-24T14:00:00.000Z',
};
const closed = { days: ['Sun'], from: '02:00', to: '05:00', timeZone: 'UTC' } as const;
const inWindows = (...windows: Policy['maintenance']['windows']): Policy => ({
  ...under,
  maintenance: { ...under.maintenance, windows },
});

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  dynamo.reset();
  describeInstance();
  dynamo.on(UpdateCommand).resolves({});
  dynamo.on(GetCommand).resolves({ Item: { state: 'released', changedBy: 'ana', changedAt: 'then', reason: 'go' } });
});

test('a run is about the opted-in instances that run', async () => {
  await expect(begin(scheduled, under, NOW)).resolves.toEqual({ instanceIds: ['i-0123456789abcdef0'] });
  expect(ec2).toHaveReceivedCommandWith(DescribeInstancesCommand, {
    Filters: [
      { Name: 'tag:self-healing:stack', Values: ['fleet'] },
      { Name: 'instance-state-name', Values: ['running'] },
    ],
  });
});

test('S20: a run that begins more than 10 minutes after it was asked for is dropped, and reads nothing of the fleet', async () => {
  await expect(begin(scheduled, under, NOW + 600_000)).resolves.not.toHaveProperty('stop');
  ec2.resetHistory();
  await expect(begin(scheduled, under, NOW + 601_000)).resolves.toEqual({
    instanceIds: [],
    stop: { ended: 'came-late', detail: 'asked for 601 s ago; dropped after 600 s' },
  });
  expect(ec2).not.toHaveReceivedAnyCommand();
});

test('S20: a scheduled run outside of every window does nothing; a person is bound to none', async () => {
  await expect(begin(scheduled, inWindows(closed), NOW)).resolves.toMatchObject({ stop: { ended: 'outside-window' } });
  const byHand = { ...scheduled, startedBy: 'person' } as const;
  await expect(begin(byHand, inWindows(closed), NOW)).resolves.not.toHaveProperty('stop');
});

test('S1: a run of one instance is about that one', async () => {
  const one = { ...scheduled, startedBy: 'person', instanceId: 'i-00000000000000001' } as const;
  await expect(begin(one, under, NOW)).resolves.toEqual({ instanceIds: ['i-00000000000000001'] });
  expect(ec2).not.toHaveReceivedAnyCommand();
});

test('S5: while the kill switch is not released nothing begins; a preview does not ask for it', async () => {
  dynamo.on(GetCommand).resolves({});
  await expect(begin(scheduled, under, NOW)).resolves.toMatchObject({ stop: { ended: 'paused' } });
  const observing: Policy = { ...under, maintenance: { ...under.maintenance, mode: 'observe' } };
  await expect(begin(scheduled, observing, NOW)).resolves.not.toHaveProperty('stop');
  const asked = { ...scheduled, startedBy: 'person', preview: true } as const;
  await expect(begin(asked, under, NOW)).resolves.not.toHaveProperty('stop');
});

test('a chore that the newest deployment does not have ends there', async () => {
  await expect(begin(scheduled, policy, NOW)).resolves.toMatchObject({
    stop: { ended: 'no-such-chore', detail: 'this deployment has no chore clean-caches' },
  });
});
