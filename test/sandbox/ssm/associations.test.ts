import { ScaledClock } from '../../../sandbox/clock.ts';
import type { ManagedInstance } from '../../../sandbox/ssm/managed-instance.ts';
import { createSsmRoute, type SsmRoute } from '../../../sandbox/ssm/create-ssm-route.ts';
import { concurrencyOf, stopsAt } from '../../../sandbox/ssm/associations/rate-controls.ts';
import { until } from '../../scenarios/until.ts';
import { callSsm } from './call-ssm.ts';
import { StubInstance } from './stub-instance.ts';

const TAGGED = { Key: 'tag:self-healing:stack', Values: ['fleet'] };
const DOCUMENT = {
  schemaVersion: '2.2',
  parameters: { Word: { type: 'String', interpolationType: 'ENV_VAR', default: 'none' } },
  mainSteps: [{ name: 'say', action: 'aws:runShellScript', inputs: { runCommand: ['echo "$SSM_Word"'] } }],
};

/** State Manager over stubs that can be added, tagged and cut off; a day lasts a real second, where nothing is said. */
class StateManager {
  readonly instances = new Map<string, ManagedInstance & { instance: StubInstance; online: boolean }>();
  readonly tags = new Map<string, Record<string, string>>();
  readonly ssm: SsmRoute;
  beforeTags = async (): Promise<void> => {};

  constructor(speed = 86_400) {
    const instanceTags = async (id: string) => {
      await this.beforeTags();
      return this.tags.get(id) ?? {};
    };
    this.ssm = createSsmRoute({ instances: this.instances, clock: new ScaledClock(speed), instanceTags });
    this.ssm.createDocument('say', DOCUMENT);
  }

  add(id: string, tags: Record<string, string> = { 'self-healing:stack': 'fleet' }): StubInstance {
    const instance = new StubInstance(id);
    this.instances.set(id, { instance, online: true, agentVersion: '3.3.3000.0' });
    this.tags.set(id, tags);
    return instance;
  }

  call(action: string, input: Record<string, unknown> = {}) {
    return callSsm(this.ssm.route, action, input);
  }

  /** Creates an association, and answers its id. */
  async create(input: Record<string, unknown> = {}): Promise<string> {
    const { AssociationDescription } = await this.call('CreateAssociation', {
      Name: 'say',
      Targets: [TAGGED],
      ...input,
    });
    return String(Object.entries(AssociationDescription ?? {}).find(([name]) => name === 'AssociationId')?.[1]);
  }

  /** Statuses by instance, as the newest run that has ended says. */
  async statuses(id: string): Promise<Record<string, string>> {
    await this.ssm.associations.settled(id, 86_400);
    const targets = this.ssm.associations.get(id).executions.at(-1)?.targets ?? [];
    return Object.fromEntries(targets.map(({ instanceId, status }) => [instanceId, status]));
  }
}

describe('State Manager', () => {
  let manager: StateManager;
  beforeEach(() => {
    manager = new StateManager();
  });
  afterEach(() => manager.ssm.stop());

  test('runs an association when it is made, on the instances with the tag, and says how it went', async () => {
    const first = manager.add('i-1');
    manager.add('i-2', { 'self-healing:stack': 'other' });
    const id = await manager.create({ AssociationName: 'fleet-say', Parameters: { Word: ['hello'] } });
    expect(await manager.statuses(id)).toEqual({ 'i-1': 'Success' });
    expect(first.scripts.map(({ environment }) => environment?.['SSM_Word'])).toEqual(['hello']);

    const { AssociationDescription } = await manager.call('DescribeAssociation', { AssociationId: id });
    expect(AssociationDescription).toMatchObject({
      AssociationName: 'fleet-say',
      Name: 'say',
      Parameters: { Word: ['hello'] },
      Targets: [TAGGED],
      Overview: { Status: 'Success', AssociationStatusAggregatedCount: { Success: 1 } },
    });
    expect((await manager.call('ListAssociations'))['Associations']).toEqual([AssociationDescription]);
    expect(await manager.call('DescribeInstanceAssociationsStatus', { InstanceId: 'i-1' })).toMatchObject({
      InstanceAssociationStatusInfos: [{ AssociationId: id, Name: 'say', Status: 'Success' }],
    });
    expect(await manager.call('DescribeInstanceAssociationsStatus', { InstanceId: 'i-2' })).toMatchObject({
      InstanceAssociationStatusInfos: [],
    });
  });

  test('what ran on an instance is found by way of the run, and is none of SendCommand', async () => {
    manager.add('i-1').answer = { exitCode: 3, stdout: 'no\n' };
    const id = await manager.create();
    await manager.statuses(id);
    const { AssociationExecutions } = await manager.call('DescribeAssociationExecutions', { AssociationId: id });
    expect(AssociationExecutions).toMatchObject([{ Status: 'Failed', ResourceCountByStatus: '{Failed=1}' }]);
    const executionId = manager.ssm.associations.get(id).executions[0]?.id;
    const { AssociationExecutionTargets } = await manager.call('DescribeAssociationExecutionTargets', {
      AssociationId: id,
      ExecutionId: executionId,
    });
    const commandId = manager.ssm.associations.commands[0]?.id;
    expect(AssociationExecutionTargets).toMatchObject([
      {
        ResourceId: 'i-1',
        Status: 'Failed',
        OutputSource: { OutputSourceId: commandId, OutputSourceType: 'RunCommand' },
      },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    const invocation = { CommandId: commandId, InstanceId: 'i-1' };
    expect(await manager.call('GetCommandInvocation', invocation)).toMatchObject({
      ResponseCode: 3,
      StandardOutputContent: 'no\n',
    });
    expect((await manager.call('ListCommands'))['Commands']).toEqual([]);
  });

  test('runs on so many at once, and no more', async () => {
    const instances = ['i-1', 'i-2', 'i-3'].map((id) => manager.add(id));
    for (const instance of instances) instance.answer = 'wait';
    const begun = () => instances.map(({ scripts }) => scripts.length);
    const id = await manager.create({ MaxConcurrency: '2' });
    await until('two have begun', () => begun().join() === '1,1,0');
    instances[0]?.release();
    await until('the third has begun', () => begun().join() === '1,1,1');
    instances[1]?.release();
    instances[2]?.release();
    expect(await manager.statuses(id)).toEqual({ 'i-1': 'Success', 'i-2': 'Success', 'i-3': 'Success' });
  });

  test('stops when more have failed than may, until its schedule comes round', async () => {
    const [bad, , last] = ['i-1', 'i-2', 'i-3'].map((id) => manager.add(id));
    if (bad === undefined || last === undefined) throw new Error('no instances');
    bad.answer = { exitCode: 1 };
    const id = await manager.create({ MaxConcurrency: '1', MaxErrors: '0', ScheduleExpression: 'rate(1 day)' });
    expect(await manager.statuses(id)).toEqual({ 'i-1': 'Failed', 'i-2': 'Skipped', 'i-3': 'Skipped' });
    expect(last.scripts).toEqual([]);

    bad.answer = {};
    await until('the next day', () => last.scripts.length > 0);
    expect(await manager.statuses(id)).toEqual({ 'i-1': 'Success', 'i-2': 'Success', 'i-3': 'Success' });
  });

  test('a first run is one run, however long it takes to find its instances', async () => {
    const instances = ['i-1', 'i-2'].map((id) => manager.add(id));
    manager.beforeTags = () => new Promise((resolve) => setTimeout(resolve, 20));
    const id = await manager.create({ MaxConcurrency: '1' });
    await manager.statuses(id);
    expect(manager.ssm.associations.get(id).executions).toHaveLength(1);
    expect(instances.map(({ scripts }) => scripts.length)).toEqual([1, 1]);
  });

  test('goes on where as many have failed as may', async () => {
    manager.add('i-1').answer = { exitCode: 1 };
    manager.add('i-2');
    const id = await manager.create({ MaxConcurrency: '1', MaxErrors: '1' });
    expect(await manager.statuses(id)).toEqual({ 'i-1': 'Failed', 'i-2': 'Success' });
  });

  test('an instance that is new gets it without waiting for the schedule, and once', async () => {
    manager.add('i-1');
    const id = await manager.create();
    await manager.statuses(id);
    const late = manager.add('i-2');
    await until('the new one ran it', () => late.scripts.length > 0);
    expect(await manager.statuses(id)).toEqual({ 'i-2': 'Success' });
    const third = manager.add('i-3');
    await until('the third ran it', () => third.scripts.length > 0);
    expect(late.scripts).toHaveLength(1);
  });

  test('an instance that is offline stays pending, holds up none, and runs it once it is back', async () => {
    const away = manager.add('i-1');
    const entry = manager.instances.get('i-1');
    if (entry === undefined) throw new Error('no instance');
    entry.online = false;
    const other = manager.add('i-2');
    const id = await manager.create({ MaxConcurrency: '1' });
    await until('the other ran it', () => other.scripts.length > 0);
    expect((await manager.call('DescribeAssociation', { AssociationId: id }))['AssociationDescription']).toMatchObject({
      Overview: { Status: 'Pending' },
    });
    expect(away.scripts).toEqual([]);
    entry.online = true;
    await until('it ran when it came back', () => away.scripts.length > 0);
    expect(await manager.ssm.associations.settled(id, 86_400)).toBe('Success');
  });

  test('an instance named by its id that is not there leaves it pending for ever', async () => {
    const id = await manager.create({ Targets: [{ Key: 'InstanceIds', Values: ['i-9'] }] });
    expect(await manager.ssm.associations.settled(id, 900)).toBe('Pending');
  });

  test('a change ends what has not begun, and runs everywhere again', async () => {
    const instances = ['i-1', 'i-2'].map((id) => manager.add(id));
    for (const instance of instances) instance.answer = 'wait';
    const id = await manager.create({ MaxConcurrency: '1' });
    await until('the first has begun', () => instances[0]?.scripts.length === 1);
    for (const instance of instances) instance.answer = {};
    const changed = { AssociationId: id, Name: 'say', Targets: [TAGGED], Parameters: { Word: ['new'] } };
    await manager.call('UpdateAssociation', changed);
    instances[0]?.release();
    await until('both ran the new one', () => instances[1]?.scripts.length === 1);
    expect(await manager.statuses(id)).toEqual({ 'i-1': 'Success', 'i-2': 'Success' });
    expect(instances.map(({ scripts }) => scripts.map(({ environment }) => environment?.['SSM_Word']))).toEqual([
      ['none', 'new'],
      ['new'],
    ]);
  });

  test('one that is deleted begins nothing more', async () => {
    const instances = ['i-1', 'i-2'].map((id) => manager.add(id));
    for (const instance of instances) instance.answer = 'wait';
    const id = await manager.create({ MaxConcurrency: '1' });
    await until('the first has begun', () => instances[0]?.scripts.length === 1);
    const [execution] = manager.ssm.associations.get(id).executions;
    await manager.call('DeleteAssociation', { AssociationId: id });
    instances[0]?.release();
    await until('the run has ended', () => execution?.targets.map(({ status }) => status).join() === 'Success,Skipped');
    expect(instances[1]?.scripts).toEqual([]);
    await expect(manager.call('DescribeAssociation', { AssociationId: id })).rejects.toThrow('AssociationDoesNotExist');
  });

  test.each([
    ['two tags, which would mean either', { Targets: [TAGGED, TAGGED] }, 'InvalidTarget'],
    ['no target', { Targets: [] }, 'InvalidTarget'],
    ['a resource group', { Targets: [{ Key: 'resource-groups:Name', Values: ['web'] }] }, 'InvalidTarget'],
    ['a rate of less than 30 minutes', { ScheduleExpression: 'rate(29 minutes)' }, 'InvalidSchedule'],
    ['no concurrency at all', { MaxConcurrency: '0' }, 'ValidationException'],
    ['more errors than all', { MaxErrors: '101%' }, 'ValidationException'],
    ['a document that does not exist', { Name: 'none' }, 'InvalidDocument'],
    ['a parameter that the document lacks', { Parameters: { Other: ['x'] } }, 'InvalidParameters'],
  ])('refuses %s', async (_, input, error) => {
    await expect(manager.create(input)).rejects.toThrow(error);
  });
});

test.each([
  ['10%', 50, 5],
  ['10%', 3, 1],
  ['100%', 3, 3],
  ['2', 50, 2],
])('%s of %i targets are %i at once', (maxConcurrency, targets, expected) => {
  expect(concurrencyOf({ maxConcurrency, maxErrors: '0' }, targets)).toBe(expected);
});

test.each([
  ['0', 50, 1],
  ['3', 50, 4],
  ['10%', 50, 6],
  ['100%', 50, 51],
])(
  'with %s of %i targets allowed to fail, failure %i stops the run, and not the one before',
  (maxErrors, targets, failures) => {
    expect(stopsAt({ maxConcurrency: '1', maxErrors }, targets, failures)).toBe(true);
    expect(stopsAt({ maxConcurrency: '1', maxErrors }, targets, failures - 1)).toBe(false);
  },
);
