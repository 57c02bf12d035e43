import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { Accounts, HEALED } from './support/account.ts';
import { auditTrail } from './support/audit-trail.ts';
import { type Boundary, Checkpoints } from './support/checkpoints.ts';
import { fillDisk, incidentKey, openIncident } from './support/disk-incident.ts';
import { inParts, overLanes, sideBySide } from './support/lanes.ts';
import { type Loss, LostAnswers } from './support/lost-answers.ts';
import { quickConfig } from './support/quick-config.ts';
import { until } from './until.ts';
import { World } from './world.ts';

/** From here on nobody can know whether the command was sent. */
const SAYS_THAT_IT_SENDS: Boundary = {
  when: 'after',
  who: 'run-command for attempt 1: repair',
  update: 'STEP START send',
};
/** Made in the step that sends, right before it: killed there, the step is not repeated, and nothing was sent. */
const NOTES_THE_ACT: Loss = { call: 'run-command: PutItem last-act', killed: true };

/** How often a script is asked about depends on the machine; the first two times stand for all. */
const varies = ({ who, update }: Boundary): boolean =>
  / \(([3-9]|\d\d)\)$/.test(update) || (who.endsWith('check') && / RETRY | \(2\)$/.test(update));

describe('functions that are killed', () => {
  let world: World;
  let accounts: Accounts;
  let checkpoints: Checkpoints;
  let answers: LostAnswers;
  let boundaries: Map<string, Boundary[]>;
  let calls: readonly string[];

  beforeAll(async () => {
    world = await World.start({ instances: 5, speed: 40, config: quickConfig(30), alarms: false });
    accounts = new Accounts(world);
    checkpoints = new Checkpoints(world.sandbox.lambda);
    answers = new LostAnswers(world.sandbox);
    // what a killed sender had taken comes again after a second, not after minutes
    for (const [arn, QueueUrl] of world.sandbox.deployed.queueUrls) {
      if (arn.includes('DeadLetters')) continue;
      await world.aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '1' } }));
    }
  });
  afterAll(async () => {
    answers.stop();
    await world.stop();
  });

  /** The message about an incident's end, once its sender has noted that it was sent. */
  const told = async (incidentId: string) => {
    const message = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(incidentId), 30);
    const order = (await auditTrail(world, incidentId)).at(-1)?.order;
    await until('the message is noted as sent', async () => {
      return (await world.state.get(`once#told#sns#${incidentId}#${order}`)) !== undefined;
    });
    return message;
  };

  /** One incident from its event to the message about its end, with these crashes on the way. */
  const heal = async (instanceId: string, kills: readonly Boundary[] = [], losses: readonly Loss[] = []) => {
    const key = incidentKey(instanceId);
    await fillDisk(world, instanceId);
    checkpoints.follow(key, kills);
    answers.follow(key, instanceId, losses);
    const incidentId = await openIncident(world, instanceId);
    const end = await world.ended(incidentId, 1);
    const message = await told(incidentId);
    const account = await accounts.of(incidentId, instanceId);
    return { end, subject: message?.subject, missed: [...checkpoints.missed(key), ...answers.missed(key)], ...account };
  };

  const healed = (instanceId: string) => ({
    end: 'closed',
    subject: `[self-healing] recovered: disk-full on ${instanceId} /`,
    missed: [],
    ...HEALED,
  });

  interface Crashes {
    readonly kills?: readonly Boundary[];
    readonly losses?: readonly Loss[];
  }

  /** Heals once with each of these sets of crashes, and expects what an undisturbed incident comes to. */
  const healWithEach = async (sets: readonly Crashes[]) => {
    const instances = [...world.sandbox.fleet.members.keys()];
    const results = await overLanes(instances, sets, async (instanceId, { kills = [], losses = [] }) => {
      const crashes = JSON.stringify([...kills, ...losses]);
      return {
        got: { crashes, ...(await heal(instanceId, kills, losses)) },
        expected: { crashes, ...healed(instanceId) },
      };
    });
    expect(results.map(({ got }) => got)).toEqual(results.map(({ expected }) => expected));
  };

  test('an incident that nobody disturbs acts once, and shows where the others are disturbed', async () => {
    const instance = world.instance();
    expect(await heal(instance)).toEqual(healed(instance));
    boundaries = checkpoints.boundaries(incidentKey(instance));
    calls = answers.calls(incidentKey(instance));

    expect([...boundaries.keys()]).toEqual([
      'remediate-incident',
      'run-command for look 1 check: check',
      'run-command for attempt 1: repair',
      'run-command for attempt 1 after 0 s check: check',
      'run-command for attempt 1 after 30 s check: check',
    ]);
    expect([...calls].sort()).toEqual([
      'notify: SendMessage',
      'open-incident: Invoke',
      'open-incident: PutItem incident',
      'open-incident: PutItem record opened',
      'remediate-incident: PutItem record acted',
      'remediate-incident: PutItem record closed',
      'remediate-incident: PutItem record decided',
      'remediate-incident: PutItem record verified',
      'remediate-incident: PutItem record verified (2)',
      'remediate-incident: UpdateItem incident SET',
      'remediate-incident: UpdateItem incident SET (2)',
      'remediate-incident: UpdateItem incident SET (3)',
      'remediate-incident: UpdateItem incident SET (4)',
      'run-command: PutItem last-act',
      'run-command: SendCommand check',
      'run-command: SendCommand check (2)',
      'run-command: SendCommand check (3)',
      'run-command: SendCommand repair',
      'run-command: UpdateItem claim REMOVE',
      'run-command: UpdateItem claim SET',
      'send-sns: Publish',
      'send-sns: PutItem once',
    ]);
    expect(world.sandbox.subscriber.messages.map(({ subject }) => subject)).toEqual([
      '[self-healing] request resume by test',
      `[self-healing] recovered: disk-full on ${instance} /`,
    ]);
  });

  test('S21, S22: killed before or after any of its checkpoints, a function goes on, and the incident acts once', async () => {
    const lists = [...boundaries.values()].map((list) =>
      list.filter((boundary) => !varies(boundary) && !isSame(boundary, SAYS_THAT_IT_SENDS)),
    );
    expect(lists.flat().length).toBeGreaterThan(65);
    // the executions of one incident die side by side, and the long ones several times, at places that are far apart
    const [remediation = [], ...commands] = lists;
    const sets = sideBySide([...inParts(remediation, 4), ...commands.flatMap((list) => inParts(list, 2))]);
    await healWithEach(sets.map((kills) => ({ kills })));
  }, 240_000);

  test.each<[string, Boundary[], Loss[]]>([
    ['where it says that it sends', [SAYS_THAT_IT_SENDS], []],
    ['in the call before the command', [], [NOTES_THE_ACT]],
  ])(
    'S21: killed %s, it looks for its command, finds none, and the next attempt acts',
    async (_place, kills, losses) => {
      const instance = world.instance();
      expect(await heal(instance, kills, losses)).toEqual({
        ...healed(instance),
        records: 'opened decided acted decided acted verified verified closed',
      });
    },
  );

  test.each([
    ['S21, S22: killed while the answer to any of its calls is on the way, a function does not act twice', true],
    ['S21, S22: cut off from the answer to any of its calls, a function does not act twice', false],
  ])(
    '%s',
    async (_title, killed) => {
      const byFunction = Map.groupBy(calls, (call) => call.slice(0, call.indexOf(':')));
      const losses = [...byFunction.values()].map((list) =>
        list.map((call) => ({ call, killed })).filter((loss) => !isSame(loss, NOTES_THE_ACT)),
      );
      await healWithEach(sideBySide(losses).map((set) => ({ losses: set })));
    },
    120_000,
  );

  test('S22: a claim whose holder never came back expires, and the next act takes it', async () => {
    const instance = world.instance();
    const pk = `claim#instance#${instance}`;
    const fence = Number((await world.state.get(pk))?.['fence']);
    const expiresAtEpochSeconds = Math.floor(world.sandbox.clock.nowMillis() / 1000) + 120;
    await world.state.put({ pk, fence, owner: 'an-attempt-that-died-for-good', expiresAtEpochSeconds });
    expect(await heal(instance)).toEqual({
      ...healed(instance),
      records: 'opened decided decided acted verified verified closed',
    });
    expect(await world.state.get(pk)).toEqual({ pk, fence: fence + 1 });
  });

  test('nothing of all this is given up', async () => {
    expect(await world.deadLetters()).toBe(0);
  });
});

function isSame(one: Boundary | Loss, other: Boundary | Loss): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
