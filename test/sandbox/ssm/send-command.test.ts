import { createHash } from 'node:crypto';
import { FIRST, OFFLINE, SECOND, ssmWithStubs } from './ssm-with-stubs.ts';

const DOCUMENT = {
  schemaVersion: '2.2',
  parameters: {
    MountPath: { type: 'String', allowedPattern: '^/[a-z]*$', interpolationType: 'ENV_VAR' },
    Word: { type: 'String', default: 'w' },
  },
  mainSteps: [
    { name: 'check', action: 'aws:runShellScript', inputs: { runCommand: ['echo {{ Word }} {{ MountPath }}'] } },
  ],
};

let world: ReturnType<typeof ssmWithStubs>;
beforeEach(() => {
  world = ssmWithStubs();
  world.ssm.createDocument('check', DOCUMENT);
});
afterEach(() => world.ssm.stop());

test('a command is accepted as pending and described as it was sent', async () => {
  const { Command } = await world.call('SendCommand', {
    DocumentName: 'check',
    DocumentVersion: '1',
    InstanceIds: [FIRST],
    Comment: 'attempt a-1',
    TimeoutSeconds: 60,
    Parameters: { MountPath: ['/data'] },
  });
  expect(Command).toMatchObject({
    DocumentName: 'check',
    DocumentVersion: '1',
    Comment: 'attempt a-1',
    Parameters: { MountPath: ['/data'] },
    InstanceIds: [FIRST],
    Targets: [],
    Status: 'Pending',
    StatusDetails: 'Pending',
    TargetCount: 1,
    CompletedCount: 0,
    TimeoutSeconds: 60,
  });
});

const refused: readonly [string, Record<string, unknown>, string][] = [
  ['an unknown document', { DocumentName: 'no-such' }, 'InvalidDocument: Document with name no-such does not exist.'],
  ['a version that there is not', { DocumentVersion: '2' }, 'InvalidDocumentVersion'],
  ['another hash', { DocumentHash: 'abc', DocumentHashType: 'Sha256' }, 'InvalidDocument: The hash'],
  [
    'an instance that is not known',
    { InstanceIds: ['i-0none'] },
    'InvalidInstanceId: Instances [[i-0none]] not in a valid state',
  ],
  ['an instance that is offline', { InstanceIds: [OFFLINE] }, 'InvalidInstanceId'],
  ['the same instance twice', { InstanceIds: [FIRST, FIRST] }, 'DuplicateInstanceId'],
  ['S1: no target at all', { InstanceIds: [] }, 'ValidationException: exactly one of InstanceIds and Targets'],
  ['51 instances', { InstanceIds: Array.from({ length: 51 }, (_, n) => `i-${n}`) }, 'ValidationException'],
  ['a comment of 101 characters', { Comment: 'c'.repeat(101) }, 'ValidationException'],
  ['a delivery timeout of 29 s', { TimeoutSeconds: 29 }, 'ValidationException'],
  ['a value against the pattern', { Parameters: { MountPath: ['/data;x'] } }, 'InvalidParameters'],
  ['a value that only starts like the pattern', { Parameters: { MountPath: ['/data\n'] } }, 'InvalidParameters'],
  ['an unknown parameter', { Parameters: { MountPath: ['/'], Nope: ['x'] } }, 'InvalidParameters'],
  ['a missing parameter', { Parameters: {} }, 'InvalidParameters'],
  ['two values for one string', { Parameters: { MountPath: ['/', '/'] } }, 'InvalidParameters'],
];

test.each(refused)('refuses %s', async (_, input, message) => {
  const good = { DocumentName: 'check', InstanceIds: [FIRST], Parameters: { MountPath: ['/data'] } };
  await expect(world.call('SendCommand', { ...good, ...input })).rejects.toThrow(message);
  expect(world.first.scripts).toEqual([]);
});

test('accepts the hash of the content that it has', async () => {
  const DocumentHash = createHash('sha256').update(JSON.stringify(DOCUMENT)).digest('hex');
  await world.send({
    DocumentName: 'check',
    DocumentHash,
    DocumentHashType: 'Sha256',
    Parameters: { MountPath: ['/'] },
  });
});

test('a tag chooses the instances that carry it, an unmatched one none', async () => {
  const input = { DocumentName: 'check', Parameters: { MountPath: ['/'] } };
  const chosen = await world.call('SendCommand', {
    ...input,
    Targets: [{ Key: 'tag:self-healing:stack', Values: ['Demo'] }],
  });
  expect(chosen['Command']).toMatchObject({ TargetCount: 2, Status: 'Pending' });
  const none = await world.call('SendCommand', {
    ...input,
    Targets: [{ Key: 'tag:self-healing:stack', Values: ['Other'] }],
  });
  expect(none['Command']).toMatchObject({ TargetCount: 0, Status: 'Success', StatusDetails: 'NoInstancesInTag' });
  const named = await world.call('SendCommand', { ...input, Targets: [{ Key: 'InstanceIds', Values: [SECOND] }] });
  expect(named['Command']).toMatchObject({ TargetCount: 1 });
});

test('an action that is not of Run Command is forwarded', async () => {
  await expect(world.call('GetParameter', { Name: 'x' })).rejects.toThrow('forwarded');
});
