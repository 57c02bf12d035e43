import { SendCommandCommand } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { sendCommand } from '../../../lambdas/acts/send-command.ts';
import type { Purpose } from '../../../lambdas/core/purpose.ts';
import cpuSaturated from '../../../remedies/cpu-saturated/remedy.ts';
import { describeInstance, ssm } from '../aws/sick-instance.ts';
import { policy, remedyPolicy, repairRequest } from '../core/samples.ts';
import { failure } from '../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const released = { state: 'released', changedBy: 'ana', changedAt: 'then', reason: 'go' };
const under = {
  ...policy,
  remedies: { 'cpu-saturated': { ...remedyPolicy, documents: { check: 'c', repair: 'r', undo: 'u' } } },
};
const fingerprint = { ...repairRequest.fingerprint, part: '', symptom: 'cpu-saturated' };
const send = (purpose: Purpose, claimOwner = repairRequest.claimOwner) =>
  sendCommand(
    { ...repairRequest, remedyId: 'cpu-saturated', fingerprint, purpose, claimOwner },
    cpuSaturated,
    7,
    under,
    Date.parse('2026-11-23T10:00:00Z'),
  );

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  jest.spyOn(console, 'log').mockImplementation(() => {});
  dynamo.reset();
  describeInstance();
  dynamo.on(GetCommand, { Key: { pk: 'kill-switch' } }).resolves({ Item: released });
  dynamo.on(GetCommand, { Key: { pk: 'claim#instance#i-0123456789abcdef0' } }).resolves({
    Item: { owner: repairRequest.claimOwner, expiresAtEpochSeconds: 1_795_428_600, fence: 7 },
  });
  dynamo.on(PutCommand).resolves({});
  ssm.on(SendCommandCommand).resolves({ Command: { CommandId: 'c-1' } });
});
afterEach(() => jest.restoreAllMocks());

test('S28: a repair is noted for the cooldown before it is sent: an answer that is lost counts too', async () => {
  const calls: string[] = [];
  dynamo.on(PutCommand).callsFake(({ Item }) => calls.push(String(Item.attemptId)));
  ssm.on(SendCommandCommand).callsFake(() => {
    calls.push('sent');
    throw failure('TimeoutError');
  });
  await expect(send('repair')).rejects.toThrow('it failed');
  expect(calls).toEqual(['0123456789abcdef-01234567-1-attempt-1', 'sent']);
});

test('S28: a repair that cannot be noted is not sent', async () => {
  dynamo.on(PutCommand).rejects(failure('InternalServerError'));
  await expect(send('repair')).rejects.toThrow('it failed');
  expect(ssm).not.toHaveReceivedCommand(SendCommandCommand);
});

test('a repair that a guard refused costs no cooldown', async () => {
  await expect(send('repair', 'another')).resolves.toMatchObject({ kind: 'refused', reason: 'in-progress' });
  expect(dynamo).not.toHaveReceivedCommand(PutCommand);
});

test.each(['check', 'undo'] as const)('a command of purpose %s costs no cooldown', async (purpose) => {
  await expect(send(purpose)).resolves.toEqual({ kind: 'sent', commandId: 'c-1' });
  expect(dynamo).not.toHaveReceivedCommand(PutCommand);
});
