import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { ChorePolicy, Maintenance } from '../../../lambdas/core/maintenance/maintenance.ts';
import { startChores } from '../../../lambdas/sweep/start-chores.ts';
import { policy } from '../core/samples.ts';
import { failure, refusedCondition } from '../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const lambda = mockClient(LambdaClient);
const NOW = Date.parse('2026-11-24T14:02:00Z');
const chore = (id: string): ChorePolicy => ({
  id,
  title: id,
  parameters: {},
  timeoutSeconds: 600,
  everySeconds: 86_400,
  settings: {},
  documents: { preview: 'p', clean: 'c' },
});
const problems: string[] = [];
const pass = (changed: Partial<Maintenance> = {}) =>
  startChores(
    { ...policy, maintenance: { ...policy.maintenance, chores: [chore('one'), chore('other')], ...changed } },
    NOW,
    async (what, act) => {
      try {
        return await act();
      } catch (error) {
        problems.push(`${what}: ${String(error)}`);
        return undefined;
      }
    },
  );
const state = (id: string, item: object) =>
  dynamo.on(GetCommand, { Key: { pk: `chore#${id}` } }).resolves({ Item: item });
const plan = (dueAt: string, everySeconds = 86_400) => ({ everySeconds, dueAt });
const started = () =>
  lambda.commandCalls(InvokeCommand).map(({ args }) => [args[0].input.DurableExecutionName, args[0].input.Payload]);
const written = () => dynamo.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
const DUE = plan('2026-11-24T14:00:00.000Z');
const LATER = plan('2026-11-24T20:00:00.000Z');
const RUN = 'one-20261124T1400-5eb2ce';

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  process.env['MAINTAIN_FLEET_FUNCTION'] = 'arn:maintain';
  problems.length = 0;
  dynamo.reset();
  lambda.reset();
  dynamo.on(UpdateCommand).resolves({});
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  state('one', { plan: LATER });
  state('other', { plan: LATER });
});

test('a chore that was never seen is due one period later', async () => {
  state('one', {});
  await expect(pass()).resolves.toEqual([]);
  expect(written()).toMatchObject([
    {
      Key: { pk: 'chore#one' },
      ConditionExpression: 'attribute_not_exists(#plan)',
      ExpressionAttributeValues: { ':plan': plan('2026-11-25T14:02:00.000Z') },
    },
  ]);
  expect(started()).toEqual([]);
});

test('another period counts from now', async () => {
  state('one', { plan: plan('2027-01-01T00:00:00.000Z', 2_592_000) });
  await pass();
  expect(written()).toMatchObject([
    {
      ExpressionAttributeValues: { ':plan': plan('2026-11-25T14:02:00.000Z'), ':before': { everySeconds: 2_592_000 } },
    },
  ]);
});

test('S21: what is due is asked for by one conditional write, and started under the name of when it was due', async () => {
  state('one', { plan: DUE });
  await expect(pass()).resolves.toEqual([RUN]);
  expect(written()).toMatchObject([
    {
      ConditionExpression: '#plan = :before',
      ExpressionAttributeValues: {
        ':before': DUE,
        ':plan': plan('2026-11-25T14:00:00.000Z'),
        ':asked': { runId: RUN, askedAt: '2026-11-24T14:02:00.000Z' },
      },
    },
  ]);
  expect(started()).toEqual([
    [RUN, `{"choreId":"one","runId":"${RUN}","startedBy":"schedule","askedAt":"2026-11-24T14:02:00.000Z"}`],
  ]);
});

test('S21: where another pass asked first, this one starts nothing, the other chore included', async () => {
  state('one', { plan: DUE });
  state('other', { plan: DUE });
  dynamo.on(UpdateCommand).rejects(refusedCondition());
  await expect(pass()).resolves.toEqual([]);
  expect(started()).toEqual([]);
  expect(problems).toEqual([]);
});

test('S22: a run that was asked for and never began is started again, as the same run', async () => {
  const asked = { runId: RUN, askedAt: '2026-11-24T13:57:00.000Z' };
  state('one', { plan: LATER, asked });
  await expect(pass()).resolves.toEqual([]);
  expect(started()).toEqual([
    [RUN, `{"choreId":"one","runId":"${RUN}","startedBy":"schedule","askedAt":"2026-11-24T13:57:00.000Z"}`],
  ]);
});

test('one chore at a time: what is due waits until the other one ended, or can only have died', async () => {
  const asked = { runId: RUN, askedAt: '2026-11-24T13:00:00.000Z' };
  state('other', { plan: DUE });
  state('one', { plan: LATER, asked, begunRunId: RUN });
  await expect(pass()).resolves.toEqual([]);
  state('one', { plan: LATER, asked, begunRunId: RUN, endedRunId: RUN });
  await expect(pass()).resolves.toEqual(['other-20261124T1400-5eb2ce']);
  state('one', { plan: LATER, asked: { ...asked, askedAt: '2026-11-24T08:01:00.000Z' }, begunRunId: RUN });
  await expect(pass()).resolves.toEqual(['other-20261124T1400-5eb2ce']);
});

test('outside of every window nothing is started, and it stays due', async () => {
  state('one', { plan: DUE });
  await expect(pass({ windows: [{ days: ['Sun'], from: '02:00', to: '05:00', timeZone: 'UTC' }] })).resolves.toEqual(
    [],
  );
  expect(written()).toEqual([]);
});

test('a chore that is off is never due', async () => {
  const { everySeconds: _, ...off } = chore('one');
  state('one', { plan: DUE });
  await expect(pass({ chores: [off] })).resolves.toEqual([]);
  expect(written()).toEqual([]);
});

test('S25, S28: a chore whose state cannot be read is a problem of the pass, and nothing is started beside it', async () => {
  dynamo.on(GetCommand, { Key: { pk: 'chore#one' } }).rejects(failure('ThrottlingException'));
  state('other', { plan: DUE });
  await expect(pass()).resolves.toEqual([]);
  expect(problems).toEqual([expect.stringMatching(/^one: ThrottlingException/)]);
});
