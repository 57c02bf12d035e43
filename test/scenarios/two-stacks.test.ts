import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionKey } from '../../lambdas/core/names.ts';
import { functionName, OPT_IN_TAG } from '../../lambdas/core/names.ts';
import { BUNDLES } from '../../lib/function-code.ts';
import { arn } from '../../sandbox/account.ts';
import type { SandboxStack } from '../../sandbox/stack/stack.ts';
import { synthesize } from '../../sandbox/stack/template.ts';
import { mutatingGrants } from '../permissions/grants.ts';
import { evaluate } from '../permissions/simulate.ts';
import { about } from './about.ts';
import { World } from './world.ts';

const SOAK = { remedies: { 'disk-full': { soakSeconds: 30, settings: { AgeBy: 'modification' } } } };
const configOf = (stackName: string) => ({ stackName, mode: 'act', ...SOAK }) as const;

describe('two stacks in one account, the name of one the beginning of the other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-two-'));
  let world: World;
  let other: SandboxStack;
  let instance: string;
  let otherInstance: string;

  beforeAll(async () => {
    world = await World.start({ config: configOf('web') });
    other = world.sandbox.newStack();
    await other.deploy(synthesize(configOf('web-2'), BUNDLES, join(folder, 'web-2')));
    instance = world.instance();
    [otherInstance = ''] = await world.sandbox.fleet.launch(1, { [OPT_IN_TAG]: 'web-2' });
    await invoke('web-2', 'answerRequest', { request: 'resume', requestedBy: 'test', reason: 'the scenario starts' });
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true });
  });

  const invoke = async (stack: string, key: FunctionKey, payload: unknown): Promise<unknown> => {
    const { payload: answer } = await world.sandbox.lambda.invoke({
      functionName: `${functionName(stack, key)}:live`,
      payload: JSON.stringify(payload),
      invocationType: 'RequestResponse',
    });
    return JSON.parse(answer);
  };
  /** Commands that a stack's functions sent, by the instance that they were for. */
  const commandsBy = (stack: SandboxStack, instanceId: string) => {
    const keys = new Set([...stack.deployed.functions.values()].map(({ accessKeyId }) => accessKeyId));
    return world
      .calls('SendCommand')
      .filter(({ accessKeyId, input }) => keys.has(accessKeyId) && String(input['InstanceIds']) === instanceId);
  };

  test('a sick instance is healed by its own stack alone, whatever the alarms of the other say', async () => {
    const sick = [
      ['web', instance, world.sandbox.stack],
      ['web-2', otherInstance, other],
    ] as const;
    for (const [, id] of sick) await world.break('disk-full', id);
    for (const [stack, id] of sick) {
      const closed = await world.record('closed', (record) => record.stack === stack && about(id)(record));
      expect(closed).toMatchObject({ because: 'recovered', attempts: [{ outcome: 'recovered' }] });
    }
    await world.sandbox.lambda.idle();
    for (const [stack, id, own] of sick) {
      const strange = own === other ? world.sandbox.stack : other;
      expect(commandsBy(own, id).length).toBeGreaterThan(0);
      expect(commandsBy(strange, id)).toEqual([]);
      const decisions = world.records('decided').filter((record) => record.stack !== stack && about(id)(record));
      for (const { decision } of decisions) expect(decision).toMatchObject({ kind: 'hold', reason: 'not-opted-in' });
    }
  });

  test('opens incidents by its own alarms only', async () => {
    const openings = new Set(world.records('opened').map(({ stack, openedBy }) => `${stack}: ${openedBy}`));
    for (const opening of openings) {
      expect([
        'web: web-disk-full',
        'web-2: web-2-disk-full',
        'web: web-disk-full (sweep)',
        'web-2: web-2-disk-full (sweep)',
      ]).toContain(opening);
    }
    // by the alarm's event, or a pass of the sweep just before it
    for (const stack of ['web', 'web-2']) expect([...openings].some((one) => one.startsWith(`${stack}: `))).toBe(true);

    const event = world.contributorEvent('disk-full', { InstanceId: instance, path: '/' });
    const strange = { ...event, detail: { ...event.detail, alarmName: 'web-2-disk-full' } };
    expect(await invoke('web', 'openIncident', strange)).toEqual({
      incidents: [],
      warnings: [
        expect.stringMatching(/^alarm "web-2-disk-full" is not of this stack; allowed are web-instance-impaired, /),
      ],
    });
  });

  test('refuses what a person asks for an instance of the other', async () => {
    const heal = {
      request: 'heal',
      instanceId: otherInstance,
      symptom: 'disk-full',
      part: '/',
      requestedBy: 'ada',
      reason: 'it is slow',
    };
    const detail = `the tag ${OPT_IN_TAG} of ${otherInstance} must say "web" and says "web-2"`;
    expect(await world.ask(heal)).toMatchObject({
      incidents: [{ preview: { kind: 'hold', reason: 'not-opted-in', detail } }],
    });
    await world.sandbox.lambda.idle();
    expect(commandsBy(world.sandbox.stack, otherInstance)).toEqual([]);
  });

  test('may change nothing of the other: no role of one, no action, no resource', async () => {
    const tried: string[] = [];
    const allowed: string[] = [];
    for (const [own, strange, tag] of [
      [world.sandbox.stack, other, 'web-2'],
      [other, world.sandbox.stack, 'web'],
    ] as const) {
      for (const { name, role } of own.deployed.functions.values()) {
        const statements = own.deployed.statements.get(role) ?? [];
        const actions = new Set((await mutatingGrants(statements)).map(({ action }) => action));
        for (const action of actions) {
          for (const { resource, context } of resourcesFor(action, strange, tag)) {
            const request = { action, resource, context };
            tried.push(action);
            if ((await evaluate(statements, request)) === 'Allowed') allowed.push(`${name}: ${action} on ${resource}`);
          }
        }
      }
    }
    expect(allowed).toEqual([]);
    expect([...new Set(tried)].toSorted()).toEqual([
      'autoscaling:TerminateInstanceInAutoScalingGroup',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'ec2:RebootInstances',
      'ec2:StartInstances',
      'ec2:StopInstances',
      'lambda:CheckpointDurableExecution',
      'lambda:InvokeFunction',
      'sns:Publish',
      'sqs:SendMessage',
      'ssm:SendCommand',
    ]);
  });

  /** The resources of a stack that an action could be about. */
  function resourcesFor(action: string, stack: SandboxStack, tag: string) {
    const { tables, queueUrls, topics, functions, documents } = { ...stack.deployed, documents: documentsOf(tag) };
    const plain = (resources: Iterable<string>) => [...resources].map((resource) => ({ resource, context: {} }));
    const [service] = action.split(':');
    switch (service) {
      case 'dynamodb':
        return plain([...tables.values()].map(({ name }) => arn('dynamodb', `table/${name}`)));
      case 'sqs':
        return plain(queueUrls.keys());
      case 'sns':
        return plain(topics.values());
      case 'lambda':
        return plain(
          [...functions.keys()].map((name) =>
            action === 'lambda:InvokeFunction'
              ? arn('lambda', `function:${name}:live`)
              : arn('lambda', `function:${name}:1/durable-execution/name/id`),
          ),
        );
      case 'ec2':
        return [
          {
            resource: arn('ec2', `instance/${tag === 'web' ? instance : otherInstance}`),
            context: tagged('aws', tag),
          },
        ];
      case 'autoscaling':
        return [
          {
            resource: arn('autoscaling', 'autoScalingGroup:8d2a7a4c:autoScalingGroupName/web'),
            context: { ...tagged('aws', tag), ...tagged('autoscaling', tag) },
          },
        ];
      case 'ssm':
        return [
          ...plain(documents),
          {
            resource: arn('ec2', `instance/${tag === 'web' ? instance : otherInstance}`),
            context: { [`ssm:resourceTag/${OPT_IN_TAG}`]: tag },
          },
        ];
      default:
        throw new Error(`a role may ${action}: say here which resources of another stack that could be about`);
    }
  }

  /** A condition's key and value of a resource that is opted in to a stack. */
  function tagged(prefix: string, tag: string): Record<string, string> {
    return { [`${prefix}:ResourceTag/${OPT_IN_TAG}`]: tag };
  }

  /** ARNs of the documents that a stack's commands were sent with. */
  function documentsOf(stack: string): string[] {
    const names = world.calls('SendCommand').map(({ input }) => String(input['DocumentName']));
    const own = new Set(names.filter((name) => name.startsWith(`${stack}-disk-full-`)));
    if (own.size === 0) throw new Error(`${stack} sent no command`);
    return [...own].map((name) => arn('ssm', `document/${name}`));
  }
});
