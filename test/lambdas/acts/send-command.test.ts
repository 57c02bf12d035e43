import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { SendCommandCommand } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { sendCommand } from '../../../lambdas/acts/send-command.ts';
import type { RunCommandRequest } from '../../../lambdas/core/contract.ts';
import type { Policy } from '../../../lambdas/core/policy.ts';
import { slices } from '../../../remedies/index.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import serviceDown from '../../../remedies/service-down/remedy.ts';
import { describeInstance, ec2, ssm } from '../aws/sick-instance.ts';
import { policy, remedyPolicy, repairRequest } from '../core/samples.ts';
import { failure } from '../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const NOW = Date.parse('2026-11-23T10:00:00Z');
const KILL_SWITCH = { pk: 'kill-switch' };
const CLAIM = { pk: 'claim#instance#i-0123456789abcdef0' };
const released = { state: 'released', changedBy: 'ana', changedAt: 'then', reason: 'go' };
const claim = { owner: repairRequest.attemptId, expiresAtEpochSeconds: 1_795_428_600, fence: 7 };

const send = (request: RunCommandRequest = repairRequest, under: Policy = policy) =>
  sendCommand(request, diskFull, 7, under, NOW);

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  jest.spyOn(console, 'log').mockImplementation(() => {});
  dynamo.reset();
  describeInstance();
  dynamo.on(GetCommand, { Key: KILL_SWITCH }).resolves({ Item: released });
  dynamo.on(GetCommand, { Key: CLAIM }).resolves({ Item: claim });
  ssm.on(SendCommandCommand).resolves({ Command: { CommandId: 'c-1' } });
});
afterEach(() => jest.restoreAllMocks());

test('sends exactly the document of the policy to exactly one instance, once', async () => {
  await expect(send()).resolves.toEqual({ kind: 'sent', commandId: 'c-1' });
  expect(ssm).toHaveReceivedCommandTimes(SendCommandCommand, 1);
  expect(ssm).toHaveReceivedCommandWith(SendCommandCommand, {
    DocumentName: 'fleet-repair-document',
    DocumentVersion: '1',
    InstanceIds: ['i-0123456789abcdef0'],
    TimeoutSeconds: 60,
    Comment: '0123456789abcdef-01234567-1-attempt-1',
    Parameters: {
      AttemptId: ['0123456789abcdef-01234567-1-attempt-1'],
      Fence: ['7'],
      MountPath: ['/'],
      ThresholdPercent: ['90'],
      StopAtPercent: ['80'],
      AgeBy: ['change'],
      TemporaryAgeMinutes: ['1440'],
      RotatedLogAgeMinutes: ['1440'],
      PackageCacheAgeMinutes: ['60'],
      OversizedLogMebibytes: ['100'],
      JournalMebibytes: ['200'],
      CleanableAgeMinutes: ['1440'],
      CoreDumpAgeMinutes: ['10080'],
      ContainerCaches: ['off'],
      ContainerAgeDays: ['7'],
      ContainerLogMebibytes: ['0'],
      OldKernels: ['leave'],
      DeletedOpenFiles: ['report'],
      Expendable: ['command=batch-*'],
      Protected: ['user=postgres'],
    },
  });
});

describe('sends nothing where a guard refuses', () => {
  test.each<[string, string, () => unknown]>([
    ['S5: the kill switch is absent', 'paused', () => dynamo.on(GetCommand, { Key: KILL_SWITCH }).resolves({})],
    [
      'S5: the kill switch is thrown',
      'paused',
      () => dynamo.on(GetCommand, { Key: KILL_SWITCH }).resolves({ Item: { ...released, state: 'thrown' } }),
    ],
    [
      'S5: the kill switch is unreadable',
      'facts-unavailable',
      () => dynamo.on(GetCommand, { Key: KILL_SWITCH }).rejects(failure('ThrottlingException')),
    ],
    [
      'S5: the kill switch has an unknown shape',
      'facts-unavailable',
      () => dynamo.on(GetCommand, { Key: KILL_SWITCH }).resolves({ Item: { state: 'on' } }),
    ],
    [
      'S26: the opt-out tag is set',
      'opted-out',
      () =>
        describeInstance({
          Tags: [
            { Key: 'self-healing:stack', Value: 'fleet' },
            { Key: 'self-healing:opt-out', Value: 'no' },
          ],
        }),
    ],
    [
      'S26: the tags are unreadable',
      'facts-unavailable',
      () => ec2.on(DescribeInstancesCommand).rejects(failure('UnauthorizedOperation')),
    ],
    ['the opt-in tag is gone', 'not-opted-in', () => describeInstance({ Tags: [] })],
    ['the instance is gone', 'target-gone', () => describeInstance({ State: { Name: 'terminated' } })],
    [
      'S22: the claim expired',
      'in-progress',
      () =>
        dynamo.on(GetCommand, { Key: CLAIM }).resolves({ Item: { ...claim, expiresAtEpochSeconds: 1_795_428_000 } }),
    ],
    [
      'S22: another holds the claim',
      'in-progress',
      () => dynamo.on(GetCommand, { Key: CLAIM }).resolves({ Item: { ...claim, owner: 'another' } }),
    ],
    [
      'S22: the claim is unreadable',
      'in-progress',
      () => dynamo.on(GetCommand, { Key: CLAIM }).rejects(failure('ThrottlingException')),
    ],
  ])('%s', async (_, reason, change) => {
    change();
    await expect(send()).resolves.toMatchObject({ kind: 'refused', reason });
    expect(ssm).not.toHaveReceivedCommand(SendCommandCommand);
  });
});

test('a repair of a service asks what that comes after, and is not sent while that is down elsewhere', async () => {
  const services = [
    { unit: 'orders.service', after: ['ledger.service'] },
    { unit: 'ledger.service', after: [] },
  ];
  const under = { ...policy, services, remedies: { 'service-down': remedyPolicy } };
  const fingerprint = { ...repairRequest.fingerprint, part: 'orders.service', symptom: 'service-down' };
  const request = { ...repairRequest, remedyId: 'service-down', fingerprint };
  const openedAt = new Date(NOW - 60_000).toISOString();
  const ledger = { ...fingerprint, target: { kind: 'instance', id: 'i-0fedcba987654321f' }, part: 'ledger.service' };
  const incident = { incidentId: 'a-1', state: 'open', run: 1, openedBy: 'alarm', attempts: [], openedAt };
  const times = { stateChangedAt: openedAt, dueAt: openedAt };
  dynamo.on(QueryCommand).resolves({ Items: [{ ...ledger, ...incident, ...times }] });
  await expect(sendCommand(request, serviceDown, 7, under, NOW)).resolves.toMatchObject({
    kind: 'refused',
    reason: 'dependency-down',
  });
  dynamo.on(QueryCommand).rejects(failure('ThrottlingException'));
  await expect(sendCommand(request, serviceDown, 7, under, NOW)).resolves.toMatchObject({
    kind: 'refused',
    reason: 'facts-unavailable',
  });
  expect(ssm).not.toHaveReceivedCommand(SendCommandCommand);
  dynamo.on(QueryCommand).resolves({ Items: [] });
  await expect(sendCommand(request, serviceDown, 7, under, NOW)).resolves.toMatchObject({ kind: 'sent' });
});

describe.each(slices.map(({ id }) => id))('S23: off means no changing call: %s', (remedyId) => {
  const slice = slices.find(({ id }) => id === remedyId) ?? diskFull;
  const part = Object.values(slice.parameters).find(({ source }) => source.from === 'part')?.accepts[0] ?? '';
  const fingerprint = { ...repairRequest.fingerprint, part, symptom: slice.symptom };
  const observing = { ...policy, remedies: { [remedyId]: { ...remedyPolicy, mode: 'observe' } } } as const;
  const asked = (purpose: 'check' | 'repair' | 'undo', under: Policy) =>
    sendCommand({ ...repairRequest, remedyId, fingerprint, purpose }, slice, 7, under, NOW);

  test.each(['repair', 'undo'] as const)('S23: in mode observe no %s is sent', async (purpose) => {
    await expect(asked(purpose, observing)).resolves.toMatchObject({ kind: 'refused', reason: 'observe-only' });
    expect(ssm).not.toHaveReceivedCommand(SendCommandCommand);
  });

  test.each(['repair', 'undo'] as const)('S23: while paused no %s is sent', async (purpose) => {
    dynamo.on(GetCommand, { Key: KILL_SWITCH }).resolves({ Item: { ...released, state: 'thrown' } });
    await expect(asked(purpose, policy)).resolves.toMatchObject({ kind: 'refused', reason: 'paused' });
    expect(ssm).not.toHaveReceivedCommand(SendCommandCommand);
  });

  test('only the check document is sent, which changes nothing', async () => {
    await expect(asked('check', observing)).resolves.toEqual({ kind: 'sent', commandId: 'c-1' });
    expect(ssm).toHaveReceivedCommandWith(SendCommandCommand, { DocumentName: 'fleet-check-document' });
  });
});

test('a check needs neither claim nor kill switch, and asks for none', async () => {
  await expect(send({ ...repairRequest, purpose: 'check' })).resolves.toMatchObject({ kind: 'sent' });
  expect(dynamo).not.toHaveReceivedAnyCommand();
});

test('a purpose without a document is not started', async () => {
  await expect(send({ ...repairRequest, purpose: 'undo' })).resolves.toEqual({
    kind: 'not-started',
    detail: 'no undo document of disk-full is deployed',
  });
});

test.each([
  'InvalidInstanceId',
  'InvalidDocument',
  'InvalidDocumentVersion',
  'InvalidParameters',
  'UnsupportedPlatformType',
  'AccessDeniedException',
  'ThrottlingException',
])('a refusal that is certain did not start anything: %s', async (name) => {
  ssm.on(SendCommandCommand).rejects(failure(name, 'no'));
  await expect(send()).resolves.toEqual({
    kind: 'not-started',
    detail: `SSM refused the command (${name}: no)`,
    // EC2 knows it: then SSM has lost it
    ...(name === 'InvalidInstanceId' ? { undelivered: true } : {}),
  });
});

test.each(['InternalServerError', 'TimeoutError', 'ECONNRESET'])(
  'S22: after %s it may have been sent: that is thrown, never answered, and never sent again',
  async (name) => {
    ssm.on(SendCommandCommand).rejects(failure(name));
    await expect(send()).rejects.toThrow('it failed');
    expect(ssm).toHaveReceivedCommandTimes(SendCommandCommand, 1);
  },
);

test('S22: an answer without a command id is thrown too', async () => {
  ssm.on(SendCommandCommand).resolves({});
  await expect(send()).rejects.toThrow('SSM answered without a command id');
});

test('S14: a part that its pattern does not match is sent to nobody', async () => {
  const fingerprint = { ...repairRequest.fingerprint, part: '/$(id)' };
  await expect(send({ ...repairRequest, fingerprint })).rejects.toThrow(
    'disk-full: MountPath is "/$(id)", allowed is ^/[A-Za-z0-9._/-]{0,200}$',
  );
  expect(ssm).not.toHaveReceivedCommand(SendCommandCommand);
});
