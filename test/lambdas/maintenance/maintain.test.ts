import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { mockClient } from 'aws-sdk-client-mock';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunCommandAnswer } from '../../../lambdas/core/contract.ts';
import type { ChorePolicy } from '../../../lambdas/core/maintenance/maintenance.ts';
import type { MaintenanceRun } from '../../../lambdas/core/maintenance/run.ts';
import type { Policy } from '../../../lambdas/core/policy.ts';
import { handler } from '../../../lambdas/handlers/maintain-fleet.ts';
import { describeInstance, ec2, instance } from '../aws/sick-instance.ts';
import { mortal } from '../../scenarios/support/mortal-handler.ts';
import { policy } from '../core/samples.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const chore: ChorePolicy = {
  id: 'clean-caches',
  title: 'clean caches',
  parameters: {},
  timeoutSeconds: 600,
  settings: {},
  documents: { preview: 'p', clean: 'c' },
};
const under: Policy = { ...policy, maintenance: { ...policy.maintenance, chores: [chore], maxConcurrency: '2' } };
const FLEET = Array.from({ length: 6 }, (_, place) => `i-0000000${place}`);
const released = { state: 'released', changedBy: 'ana', changedAt: 'then', reason: 'go' };
const CLEANED: RunCommandAnswer = {
  kind: 'reported',
  report: { result: 'changed', summary: 'files deleted: 1', bytesFreed: 1_048_576 },
  commandId: 'c',
};
const LOST: RunCommandAnswer = { kind: 'unknown', detail: 'the command did not end in its time' };

const folder = mkdtempSync(join(tmpdir(), 'maintain-'));
let answers: (instanceId: string) => RunCommandAnswer;
let asked: string[];

beforeAll(async () => {
  writeFileSync(join(folder, 'policy.json'), JSON.stringify(under));
  Object.assign(process.env, {
    LAMBDA_TASK_ROOT: folder,
    STATE_TABLE: 'state',
    AUDIT_TABLE: 'audit',
    RUN_COMMAND_FUNCTION: 'run-command',
  });
  jest.spyOn(console, 'log').mockImplementation(() => {});
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
});
afterAll(async () => {
  await LocalDurableTestRunner.teardownTestEnvironment();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  dynamo.reset();
  describeInstance();
  const described = (ids: readonly string[]) => ({
    Reservations: [{ Instances: ids.map((InstanceId) => ({ ...instance, InstanceId })) }],
  });
  ec2.on(DescribeInstancesCommand).callsFake(({ InstanceIds }) => described(InstanceIds ?? FLEET));
  dynamo.on(GetCommand).resolves({});
  dynamo.on(GetCommand, { Key: { pk: 'kill-switch' } }).resolves({ Item: released });
  dynamo.on(QueryCommand).resolves({ Items: [] });
  dynamo.on(UpdateCommand).resolves({});
  dynamo.on(PutCommand).resolves({});
  answers = () => CLEANED;
  asked = [];
});

/** Plays a run to its end; answers how it ended. */
async function play(changed: Partial<MaintenanceRun> = {}, played = handler): Promise<unknown> {
  const runner = new LocalDurableTestRunner<string>({ handlerFunction: played });
  runner.registerFunction('run-command', async ({ target }: { target: { id: string } }) => {
    asked.push(target.id);
    return answers(target.id);
  });
  const payload = {
    choreId: 'clean-caches',
    runId: 'clean-caches-by-hand-01234567',
    startedBy: 'person',
    askedAt: new Date().toISOString(),
    ...changed,
  };
  return (await runner.run({ payload })).getResult();
}
const recorded = () =>
  dynamo
    .commandCalls(PutCommand)
    .map(({ args }) => args[0].input)
    .filter(({ TableName }) => TableName === 'audit')
    .map(({ Item }) => Item);
const summary = () => recorded().find((item) => item?.['kind'] === 'maintenance-ended');

test('every instance is visited once, and each is a record under the run', async () => {
  await expect(play()).resolves.toBe('finished');
  expect(asked.toSorted()).toEqual(FLEET);
  const visits = recorded().filter((item) => item?.['kind'] === 'maintained');
  expect(visits.map((item) => String(item?.['instanceId'])).toSorted()).toEqual(FLEET);
  expect(new Set(visits.map((item) => item?.['order'])).size).toBe(6);
  expect(summary()).toMatchObject({
    subject: 'clean-caches-by-hand-01234567',
    ended: 'finished',
    summary: '6 instances: 6 cleaned; 6 MiB freed',
  });
});

test('S25: one that fails stops no other', async () => {
  answers = (id) => (id === FLEET[2] ? LOST : CLEANED);
  await expect(play()).resolves.toBe('finished');
  expect(asked.toSorted()).toEqual(FLEET);
  expect(summary()).toMatchObject({ counts: { cleaned: 5, failed: 1 } });
});

test('a run ends when more than maxErrors have failed: the first alone, then a wave of two', async () => {
  answers = () => LOST;
  await expect(play()).resolves.toBe('too-many-errors');
  expect(asked).toHaveLength(3);
  expect(summary()).toMatchObject({ counts: { failed: 3 }, notReached: 3 });
});

test('S5: a kill switch that is thrown in between ends it before the next wave', async () => {
  answers = () => {
    const thrown = { ...released, state: 'thrown', reason: 'enough' };
    dynamo.on(GetCommand, { Key: { pk: 'kill-switch' } }).resolves({ Item: thrown });
    return CLEANED;
  };
  await expect(play()).resolves.toBe('paused');
  expect(asked).toHaveLength(1);
  expect(summary()).toMatchObject({ ended: 'paused', counts: { cleaned: 1 }, notReached: 5 });
});

test('S22: killed in the middle of a wave it goes on where it was: no instance is visited twice, or left out', async () => {
  const dying = mortal(handler);
  answers = () => {
    if (asked.length === 2) dying.kill('clean-caches-by-hand');
    return CLEANED;
  };
  await expect(play({}, dying.handler)).resolves.toBe('finished');
  expect(asked.toSorted()).toEqual(FLEET);
  expect(recorded().filter((item) => item?.['kind'] === 'maintenance-ended')).toHaveLength(1);
  expect(summary()).toMatchObject({ counts: { cleaned: 6 } });
});

test('S1: an empty fleet sends nothing', async () => {
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
  await expect(play()).resolves.toBe('finished');
  expect(asked).toEqual([]);
  expect(summary()).toMatchObject({ instances: 0, summary: '0 instances; 0 MiB freed' });
});

test.each(['', '*', 'i-*'])('S1: a run of the instance "%s" is of no instance, and fails', async (instanceId) => {
  await expect(play({ instanceId })).rejects.toThrow(/InstanceId|instance/i);
  expect(asked).toEqual([]);
});
