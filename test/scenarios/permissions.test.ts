import { DescribeAlarmContributorsCommand } from '@aws-sdk/client-cloudwatch';
import { OPT_IN_TAG } from '../../lambdas/core/names.ts';
import { actSlices, slices } from '../../remedies/index.ts';
import { arn } from '../../sandbox/account.ts';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import type { CallRecord } from '../../sandbox/gateway/call-record.ts';
import { isUsed, mutatingGrants } from '../permissions/grants.ts';
import { type IamRequest, iamRequests } from '../permissions/iam-requests.ts';
import { evaluate } from '../permissions/simulate.ts';
import { about } from './about.ts';
import { startBusy, stopBusy } from './busy.ts';
import { Group } from './support/group.ts';
import { until } from './until.ts';
import { World } from './world.ts';

describe('the permissions of the functions', () => {
  let world: World;
  let group: Group;
  const tags = new Map<string, Record<string, string>>();
  const tagsOf = (id: string) => tags.get(id) ?? {};
  const statementsOf = (name: string) => {
    const role = world.sandbox.deployed.functions.get(`self-healing-${name}`)?.role ?? 'none';
    return world.sandbox.deployed.statements.get(role) ?? [];
  };
  /** The questions that IAM was asked about a function's calls, each once. */
  const requestsOf = (accessKeyId: string): IamRequest[] => {
    const calls = world.sandbox.gateway.calls().filter((call: CallRecord) => call.accessKeyId === accessKeyId);
    const requests = calls.flatMap((call) => iamRequests(call, tagsOf));
    return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
  };

  beforeAll(async () => {
    const others = slices.filter(({ id }) => id !== 'disk-full');
    // scripts run in real time: they sample shortly, so that they end in theirs on a busy machine too
    const quick = { settings: { SampleSeconds: '1' }, soakSeconds: 60 };
    const soon = Object.fromEntries(
      slices.map(({ id }) => [id, { ...SANDBOX_CONFIG.remedies?.[id], soakSeconds: 60 }]),
    );
    const acts = Object.fromEntries(actSlices.map(({ id }) => [id, { soakSeconds: 60 }]));
    const remedies = { ...soon, ...acts, 'cpu-saturated': quick, zombies: quick };
    const config = { ...SANDBOX_CONFIG, remedies };
    world = await World.start({ instances: 4 + others.length, speed: 16, config, resumed: false });
    group = await Group.make(world, 'web', 2);
    for (const id of world.sandbox.fleet.members.keys()) tags.set(id, await world.sandbox.fleet.tagsOf(id));
    tags.set(group.name, { [OPT_IN_TAG]: 'self-healing' });
    const [one, three, two] = [world.instance(0), world.instance(1), world.instance(2)];

    // people: everything that they may ask
    await world.ask({ request: 'check-health' });
    await world.ask({ request: 'resume', requestedBy: 'test', reason: 'the scenario starts' });
    // an alarm, all the way by itself, its event without an instance included
    await world.break('disk-full', one);
    // every other symptom, each on an instance of its own, by the event alone; undos included
    const saturated = world.instance(2 + others.findIndex(({ id }) => id === 'cpu-saturated'));
    for (const [place, { id, detection }] of others.entries()) {
      const InstanceId = world.instance(2 + place);
      if (InstanceId === saturated) continue;
      await world.break(id, InstanceId);
      const [, dimension] = detection.groupBy;
      const part =
        dimension === undefined ? {} : { [dimension]: dimension === 'path' ? '/' : 'sandbox-ledger.service' };
      await world.deliver(world.contributorEvent(id, { InstanceId, ...part }));
    }
    // whole instances: rebooted; stopped and started, since its hardware is impaired; replaced by its group
    const [rebooted, stopped] = [world.instance(2 + others.length), world.instance(3 + others.length)];
    const [replaced = '', kept = ''] = await group.members();
    world.sandbox.statusChecks.fail(rebooted, 'until-reboot');
    for (const id of [stopped, replaced]) world.sandbox.statusChecks.fail(id, 'until-stop', 'system', 1200);
    for (const InstanceId of [rebooted, stopped, replaced]) {
      await world.deliver(world.contributorEvent('instance-impaired', { InstanceId }));
    }
    // a command whose answer is lost is looked up
    await world.break('disk-full', three);
    const end = world.sandbox.gateway.intercept({
      beforeAnswer: ({ action, input }) => {
        const lost =
          action === 'SendCommand' &&
          String(input['DocumentName']).includes('-repair-') &&
          JSON.stringify(input).includes(three);
        if (lost) end();
        return lost ? 'drop' : undefined;
      },
    });
    await world.deliver(world.contributorEvent('disk-full', { InstanceId: three, path: '/' }));
    for (const id of tags.keys()) {
      if (![group.name, kept, saturated].includes(id)) await world.record('closed', about(id), 300);
    }

    // with the machine for itself, a CPU: what nobody called expendable can only be eased, so that it stays unhealthy, and that is undone
    const ledger = await startBusy(world, saturated, 'ledger-close');
    await world.deliver(world.contributorEvent('cpu-saturated', { InstanceId: saturated }));
    await world.record('escalated', about(saturated));
    await stopBusy(world, saturated, ledger);

    // a disk that no repair can reach: a person is told
    await world.look(three, 'fallocate -l 195M /data/kept');
    await world.deliver(world.contributorEvent('disk-full', { InstanceId: three, path: '/data' }));
    const { subject: handedOver } = await world.record('escalated', about(three));
    await world.sandbox.subscriber.waitFor(({ text }) => text.includes(handedOver), 30);

    // an alarm whose events never came: the sweep opens its incident
    world.sandbox.alarmEvents.lost = true;
    await world.look(two, 'fallocate -l 195M /data/kept');
    await until('the alarm says so', async () => {
      const command = new DescribeAlarmContributorsCommand({ AlarmName: 'self-healing-disk-full' });
      return JSON.stringify(await world.aws.cloudWatch.send(command)).includes(two);
    });
    // this pass of the sweep, or the scheduled one just before
    await world.sweep();
    await world.record(
      'opened',
      ({ openedBy, fingerprint }) => openedBy.endsWith('(sweep)') && fingerprint.target.id === two,
    );
    world.sandbox.alarmEvents.lost = false;

    // care for what is well: asked for, and due
    const clean = { request: 'maintain', chore: 'clean-caches', instanceId: one, requestedBy: 'test', reason: 'a try' };
    const preview = { ...clean, preview: true };
    for (const request of [clean, preview, { ...preview, chore: 'clean-temporary-files' }]) {
      const { runId } = JSON.parse(JSON.stringify(await world.ask(request)));
      await world.record('maintenance-ended', ({ subject }) => subject === runId);
    }
    await world.state.makeChoreDue('clean-temporary-files');
    await world.sweep();
    await world.record('maintenance-ended', ({ startedBy }) => startedBy === 'schedule');

    // held back, joined again, swept
    await world.ask({ request: 'pause', requestedBy: 'test', reason: 'to see a hold' });
    await world.break('disk-full', one);
    const event = () => world.contributorEvent('disk-full', { InstanceId: one, path: '/' });
    await world.deliver(event());
    const held = await world.record('decided', ({ decision }) => decision.reason === 'paused');
    await world.deliver(event());
    await world.ask({ request: 'heal', instanceId: one, requestedBy: 'test', reason: 'to join' });
    await world.sweepOver(held.subject);
    await world.sandbox.subscriber.waitFor(({ subject }) => subject.includes('paused'), 30);
    // what the group launched meanwhile is cared for as well
    for (const id of world.sandbox.fleet.members.keys()) {
      if (!tags.has(id)) tags.set(id, await world.sandbox.fleet.tagsOf(id));
    }
  }, 600_000);
  afterAll(async () => {
    group.close();
    await world.stop();
  });

  test('every function calls with an access key of its own, and with no other', () => {
    const keys = [...world.sandbox.deployed.functions.values()].map(({ accessKeyId }) => accessKeyId);
    expect(new Set(keys).size).toBe(9);
    const called = new Set(world.sandbox.gateway.calls().map(({ accessKeyId }) => accessKeyId));
    expect(keys.filter((key) => !called.has(key))).toEqual([]);
  });

  test('no call is denied by the role of the function that made it', async () => {
    const denied: string[] = [];
    for (const { name, role, accessKeyId } of world.sandbox.deployed.functions.values()) {
      const statements = world.sandbox.deployed.statements.get(role) ?? [];
      for (const request of requestsOf(accessKeyId)) {
        const answer = await evaluate(statements, request);
        if (answer !== 'Allowed')
          denied.push(
            `${name}: ${request.action} on ${request.resource} ${JSON.stringify(request.context)}: ${answer}`,
          );
      }
    }
    expect(denied).toEqual([]);
  });

  test('no grant to change something is unused', async () => {
    const unused: string[] = [];
    for (const { name, role, accessKeyId } of world.sandbox.deployed.functions.values()) {
      const requests = requestsOf(accessKeyId);
      for (const grant of await mutatingGrants(world.sandbox.deployed.statements.get(role) ?? [])) {
        if (!(await isUsed(grant, requests))) unused.push(`${name}: ${grant.action} on ${grant.resource}`);
      }
    }
    expect(unused).toEqual([]);
  });

  describe('what is denied', () => {
    const instance = arn('ec2', 'instance/i-0123456789abcdef0');
    const table = (part: string) => {
      const name = [...world.sandbox.deployed.tables].find(([id]) => id.startsWith(part))?.[1].name;
      return arn('dynamodb', `table/${name}`);
    };

    test.each([
      ['no tag at all', {}],
      ['the tag of another stack', { [`ssm:resourceTag/${OPT_IN_TAG}`]: 'another-stack' }],
    ])('a command to an instance with %s', async (_, context) => {
      const request = { action: 'ssm:SendCommand', resource: instance, context };
      expect(await evaluate(statementsOf('run-command'), request)).toBe('ImplicitlyDenied');
    });

    test("a document that is not the stack's own", async () => {
      const resource = arn('ssm', 'document/AWS-RunShellScript');
      const request = { action: 'ssm:SendCommand', resource, context: {} };
      expect(await evaluate(statementsOf('run-command'), request)).toBe('ImplicitlyDenied');
    });

    test('S5: the kill switch to everybody but those who answer people', async () => {
      const request = {
        action: 'dynamodb:PutItem',
        resource: table('State'),
        context: { 'dynamodb:LeadingKeys': ['kill-switch'] },
      };
      const answers: Record<string, string> = {};
      for (const { name, role } of world.sandbox.deployed.functions.values()) {
        answers[name] = await evaluate(world.sandbox.deployed.statements.get(role) ?? [], request);
      }
      expect(answers).toEqual({
        'self-healing-open-incident': 'ImplicitlyDenied',
        'self-healing-answer-request': 'Allowed',
        'self-healing-remediate-incident': 'ImplicitlyDenied',
        'self-healing-run-command': 'ImplicitlyDenied',
        'self-healing-maintain-fleet': 'ImplicitlyDenied',
        'self-healing-change-instance': 'ImplicitlyDenied',
        'self-healing-notify': 'ImplicitlyDenied',
        'self-healing-send-sns': 'ImplicitlyDenied',
        'self-healing-sweep-incidents': 'ImplicitlyDenied',
      });
    });

    test.each(['dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'])(
      '%s on the audit trail, to all',
      async (action) => {
        for (const { role } of world.sandbox.deployed.functions.values()) {
          const request = { action, resource: table('Audit'), context: { 'dynamodb:LeadingKeys': ['an-incident'] } };
          expect(await evaluate(world.sandbox.deployed.statements.get(role) ?? [], request)).toBe('ImplicitlyDenied');
        }
      },
    );

    test('the contributors of an alarm, to whoever may only describe alarms', async () => {
      const statement = { Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: '*' };
      const request = { action: 'cloudwatch:DescribeAlarmContributors', resource: '*', context: {} };
      expect(await evaluate([statement], request)).toBe('ImplicitlyDenied');
      expect(await evaluate(statementsOf('sweep-incidents'), request)).toBe('Allowed');
    });

    const webGroup = arn('autoscaling', 'autoScalingGroup:0123:autoScalingGroupName/web');
    test.each([
      ['ec2:RebootInstances', instance],
      ['ec2:StopInstances', instance],
      ['ec2:StartInstances', instance],
      ['autoscaling:TerminateInstanceInAutoScalingGroup', webGroup],
    ])('%s without the tag of this stack to all, and with it to all but change-instance', async (action, resource) => {
      const tagged = (value: string) => ({ [`aws:ResourceTag/${OPT_IN_TAG}`]: value });
      const allowed: string[] = [];
      for (const { name, role } of world.sandbox.deployed.functions.values()) {
        const statements = world.sandbox.deployed.statements.get(role) ?? [];
        for (const context of [{}, tagged('another-stack')]) {
          expect(await evaluate(statements, { action, resource, context })).toBe('ImplicitlyDenied');
        }
        const request = { action, resource, context: tagged('self-healing') };
        if ((await evaluate(statements, request)) === 'Allowed') allowed.push(name);
      }
      expect(allowed).toEqual(['self-healing-change-instance']);
    });

    test.each(['ec2:TerminateInstances', 'autoscaling:SetDesiredCapacity'])('%s, to all', async (action) => {
      const resource = action.startsWith('ec2') ? instance : webGroup;
      const context = { [`aws:ResourceTag/${OPT_IN_TAG}`]: 'self-healing' };
      for (const { role } of world.sandbox.deployed.functions.values()) {
        const statements = world.sandbox.deployed.statements.get(role) ?? [];
        expect(await evaluate(statements, { action, resource, context })).toBe('ImplicitlyDenied');
      }
    });
  });
});
