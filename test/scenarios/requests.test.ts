import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { OPT_OUT_TAG } from '../../lambdas/core/names.ts';
import { actSlices, slices } from '../../remedies/index.ts';
import { detecting } from '../../remedies/slice.ts';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { about } from './about.ts';
import { until } from './until.ts';
import { World } from './world.ts';

/** What has an alarm, in the order in which the functions know it. */
const detected = detecting([...actSlices, ...slices]);
/** Which service is down only an alarm or a person can say. */
const healed = detected.filter(({ detection }) => detection.groupBy[1] !== 'service');

const EXAMPLE = '{"request": "heal", "instanceId": "i-0123456789abcdef0", "requestedBy": "who", "reason": "why"}';
const RESUME = '{"request": "resume", "requestedBy": "who", "reason": "why"}';
const BY_ADA = { requestedBy: 'ada', reason: 'trying it out' };

describe('what people ask, from a new stack on', () => {
  let world: World;
  let [healthy, old, protectedOne]: string[] = [];
  beforeAll(async () => {
    const remedies = {
      ...SANDBOX_CONFIG.remedies,
      'disk-full': { settings: { AgeBy: 'modification' }, soakSeconds: 30, cooldownSeconds: 0 },
    };
    world = await World.start({ instances: 3, speed: 40, resumed: false, config: { ...SANDBOX_CONFIG, remedies } });
    [healthy, old, protectedOne] = [world.instance(0), world.instance(1), world.instance(2)];
  });
  afterAll(() => world.stop());

  const ask = async (request: unknown): Promise<Record<string, unknown>> =>
    JSON.parse(JSON.stringify(await world.ask(request)));
  /** What the self-tests find, by their ids. */
  const selfTests = async (): Promise<Record<string, string>> => {
    const { selfTests: found }: { selfTests: { id: string; result: string }[] } = JSON.parse(
      JSON.stringify(await world.ask({ request: 'check-health' })),
    );
    return Object.fromEntries(found.map(({ id, result }) => [id, result]));
  };
  const instances = async (request: object = {}) => (await ask({ request: 'check-health', ...request }))['instances'];

  test('check-health says that a new stack is paused, how to switch it on, and what each instance lacks', async () => {
    world.member(String(old)).agentVersion = '3.3.100.0';
    await world.aws.ec2.send(
      new CreateTagsCommand({ Resources: [String(protectedOne)], Tags: [{ Key: OPT_OUT_TAG, Value: '' }] }),
    );
    await until(
      'metrics of all instances arrive',
      async () => !JSON.stringify(await instances()).includes('no metric'),
    );

    const { instances: listed, selfTests: _, ...answer } = await ask({ request: 'check-health' });
    expect(answer).toEqual({
      request: 'check-health',
      stack: 'self-healing',
      acting: `no: this stack is new and paused; switch it on with ${RESUME}`,
      modes: Object.fromEntries([...actSlices, ...slices].map(({ id }) => [id, 'act'])),
      incidents: [],
      maintenance: ['clean-caches', 'clean-temporary-files'].map((chore) => ({
        chore,
        mode: 'act',
        lastRun: 'none yet',
        nextDueAt: expect.any(String),
      })),
      policyDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(listed).toHaveLength(3);
    expect(listed).toEqual(
      expect.arrayContaining([
        { instanceId: healthy, ready: true },
        {
          instanceId: old,
          ready: false,
          missing: [
            {
              what: 'its SSM agent is 3.3.100.0, older than 3.3.2746.0, which passes parameters safely',
              mend: `aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids ${old}`,
            },
          ],
        },
        {
          instanceId: protectedOne,
          ready: false,
          missing: [
            {
              what: `it is opted out by ${protectedOne}`,
              mend: `aws ec2 delete-tags --resources ${protectedOne} --tags Key=self-healing:opt-out`,
            },
          ],
        },
      ]),
    );
    expect(world.changes()).toEqual([]);
  });

  test('its self-tests find nothing wrong with a new stack; what could not show itself yet is unknown', async () => {
    const { 'sweep-runs': sweepRuns, ...found } = await selfTests();
    expect(sweepRuns).toMatch(/^(passed|unknown)$/); // whether one was due yet is the clock's
    expect(found).toEqual({
      'functions-live': 'passed',
      'tables-kept': 'passed',
      'metrics-arrive': 'unknown', // no service of the configuration is installed yet
      'alarms-wired': 'passed',
      'executions-end': 'unknown',
      'documents-active': 'passed',
      'parameters-arrive': 'unknown',
      'people-subscribed': 'passed',
      'self-alarms-quiet': 'passed',
      'nothing-left-over': 'passed',
    });
  });

  test('check-health of one instance, which nobody opted in and whose agent is not online', async () => {
    const [stranger = ''] = await world.sandbox.fleet.launch(1, { Name: 'stranger' });
    world.member(stranger).online = false;
    await until(
      'its metrics arrive',
      async () => !JSON.stringify(await instances({ instanceId: stranger })).includes('no metric'),
    );
    expect(await instances({ instanceId: stranger })).toEqual([
      {
        instanceId: stranger,
        ready: false,
        missing: [
          {
            what: 'SSM says ConnectionLost',
            mend: `on the instance: systemctl restart amazon-ssm-agent; then: aws ssm describe-instance-information --filters Key=InstanceIds,Values=${stranger}`,
          },
          {
            what: 'it is not opted in to self-healing',
            mend: `aws ec2 create-tags --resources ${stranger} --tags Key=self-healing:stack,Value=self-healing`,
          },
        ],
      },
    ]);
  });

  test('S5: heal on a paused stack opens the incidents, and its preview says that nothing is done', async () => {
    const preview = {
      kind: 'hold',
      reason: 'paused',
      detail: 'this stack was never switched on: send the request "resume"',
    };
    expect(await ask({ request: 'heal', instanceId: healthy, ...BY_ADA })).toEqual({
      request: 'heal',
      incidents: healed.map(({ symptom, detection }) => ({
        incidentId: expect.stringMatching(/^[0-9a-f]{16}-[0-9a-f]{8}$/),
        about: `${symptom} on ${healthy}${detection.groupBy[1] === 'path' ? ' /' : ''}`,
        became: 'opened',
        preview,
      })),
      note: 'the preview assumes that the symptom is there; the execution checks and decides',
    });
    // S19: its checks find nothing wrong
    for (const { symptom } of healed) {
      const closed = await world.record('closed', about(String(healthy), symptom));
      expect(closed.because).toBe('already-healthy');
    }
    expect(world.records('opened').map(({ openedBy }) => openedBy)).toEqual(healed.map(() => 'heal by ada'));
    expect(world.changes()).toEqual([]);
  });

  test('resume switches it on, and is recorded and told with who and why', async () => {
    expect(await ask({ request: 'resume', ...BY_ADA })).toEqual({
      request: 'resume',
      stack: 'self-healing',
      killSwitch: 'released',
      says: 'remedies in mode "act" may act',
    });
    expect(await world.record('requested', ({ request }) => request === 'resume')).toMatchObject({
      requestedBy: 'ada',
      because: 'trying it out',
      answer: 'kill switch released: remedies in mode "act" may act',
    });
    const message = await world.sandbox.subscriber.waitFor(({ subject }) => subject.includes('request resume'), 60);
    expect(message).toMatchObject({
      subject: '[self-healing] request resume by ada',
      text: expect.stringContaining('because   trying it out'),
    });
    const { acting } = await ask({ request: 'check-health' });
    expect(acting).toMatch(/^yes: resumed by ada at \d{4}-\d\d-\d\dT[\d:.]+Z \(trying it out\)$/);
  });

  test('heal with a symptom heals it', async () => {
    await world.break('disk-full', String(healthy));
    const answer = await ask({ request: 'heal', instanceId: healthy, symptom: 'disk-full', part: '/', ...BY_ADA });
    expect(answer['incidents']).toMatchObject([
      {
        about: `disk-full on ${healthy} /`,
        preview: { kind: 'remediate', remedyId: 'disk-full', reason: 'least-disruptive-untried' },
      },
    ]);
    const closed = await world.record('closed', ({ because }) => because === 'recovered');
    expect(answer['incidents']).toMatchObject([{ incidentId: closed.subject }]);
    expect(await world.record('requested', ({ request }) => request === 'heal')).toMatchObject({ requestedBy: 'ada' });
  });

  test('pause throws the kill switch, and is recorded and told with who and why', async () => {
    const pause = { request: 'pause', requestedBy: 'grace', reason: 'a migration runs' };
    expect(await ask(pause)).toEqual({
      request: 'pause',
      stack: 'self-healing',
      killSwitch: 'thrown',
      says: 'nothing is changed until the next "resume"',
    });
    expect(await world.record('requested', ({ request }) => request === 'pause')).toMatchObject({
      requestedBy: 'grace',
      because: 'a migration runs',
      answer: 'kill switch thrown: nothing is changed until the next "resume"',
    });
    const message = await world.sandbox.subscriber.waitFor(({ subject }) => subject.includes('request pause'), 60);
    expect(message?.subject).toBe('[self-healing] request pause by grace');
    const { acting } = await ask({ request: 'check-health' });
    expect(acting).toMatch(/^no: paused by grace at \S+Z \(a migration runs\); switch it on with /);
    expect(String(acting).endsWith(RESUME)).toBe(true);
  });

  test('heal without a symptom means what the alarms say of the instance now', async () => {
    await world.break('disk-full', String(healthy), { SSM_MountPath: '/data' });
    const opened = await world.record('opened', ({ fingerprint }) => fingerprint.part === '/data');
    // by the alarm's event, or a pass of the sweep just before it
    expect(opened.openedBy).toMatch(/^self-healing-disk-full( \(sweep\))?$/);
    const answer = await ask({ request: 'heal', instanceId: healthy, ...BY_ADA });
    expect(answer['incidents']).toMatchObject([
      {
        incidentId: opened.subject,
        about: `disk-full on ${healthy} /data`,
        became: 'joined',
        preview: {
          kind: 'hold',
          reason: 'paused',
          detail: expect.stringMatching(/^paused by grace: a migration runs/),
        },
      },
    ]);
    const { incidents } = await ask({ request: 'check-health', instanceId: healthy });
    await world.record('decided', ({ subject }) => subject === opened.subject);
    expect(incidents).toMatchObject([{ incidentId: opened.subject, about: `disk-full on ${healthy} /data` }]);
  });

  const heal = { request: 'heal', instanceId: 'i-0123456789abcdef0', ...BY_ADA };
  const TARGET = 'allowed is i- and 8 to 17 hexadecimal digits, never a wildcard or nothing';
  test.each([
    [null, `a request is a JSON object, got null; for example ${EXAMPLE}`],
    [['heal'], `a request is a JSON object, got ["heal"]; for example ${EXAMPLE}`],
    [{}, `"request" is null, allowed are heal, check-health, maintain, pause, resume; for example ${EXAMPLE}`],
    [
      { ...heal, request: 'reboot' },
      `"request" is "reboot", allowed are heal, check-health, maintain, pause, resume; for example ${EXAMPLE}`,
    ],
    [{ request: 'heal', ...BY_ADA }, `"instanceId" must name one instance, got null; ${TARGET}`],
    [{ ...heal, instanceId: '*' }, `"instanceId" must name one instance, got "*"; ${TARGET}`],
    [{ ...heal, instanceId: '' }, `"instanceId" must name one instance, got ""; ${TARGET}`],
    [
      { ...heal, instanceId: ['i-0123456789abcdef0'] },
      `"instanceId" must name one instance, got ["i-0123456789abcdef0"]; ${TARGET}`,
    ],
    [
      { ...heal, instanceIds: ['i-1'] },
      'unknown key "instanceIds"; allowed are request, instanceId, symptom, part, chore, preview, requestedBy, reason',
    ],
    [heal, '"instanceId" is "i-0123456789abcdef0", which EC2 does not know in this region and account'],
    [
      { request: 'heal', instanceId: heal.instanceId, reason: 'why' },
      `"heal" needs "requestedBy", got nothing; for example ${EXAMPLE}`,
    ],
    [{ request: 'pause', requestedBy: 'ada' }, `"pause" needs "reason", got nothing; for example ${EXAMPLE}`],
    [{ request: 'resume', ...BY_ADA, reason: '' }, '"reason" is "", allowed is a text of 1 to 500 characters'],
    [
      { request: 'pause', ...BY_ADA, instanceId: heal.instanceId },
      '"pause" takes no "instanceId", got "i-0123456789abcdef0"; allowed is none: it is for the whole stack',
    ],
  ])('S1: %j is answered with what is wrong and what is allowed, and does nothing', async (request, error) => {
    await world.caughtUp();
    const records = world.sandbox.records.length;
    expect(await ask(request)).toEqual({ error });
    await world.caughtUp();
    expect(world.sandbox.records).toHaveLength(records);
  });

  test.each([
    [
      'disk_full',
      undefined,
      `"symptom" is "disk_full", allowed are ${detected.map(({ symptom }) => symptom).join(', ')}`,
    ],
    ['cpu-saturated', '/', 'cpu-saturated has no parts, got "/"'],
    ['disk-full', '/data;reboot', 'part is "/data;reboot", allowed is ^/[A-Za-z0-9._/-]{0,200}$, for example /'],
    [undefined, '/data', '"part" is "/data" without a "symptom"; name both'],
  ])('S1: heal of symptom %p, part %p is answered likewise', async (symptom, part, error) => {
    expect(await ask({ ...heal, instanceId: healthy, symptom, part })).toEqual({ error });
  });

  test('then executions have ended, a check had its parameters, and a sweep ran', async () => {
    await world.sweep();
    expect(await selfTests()).toMatchObject({
      'executions-end': 'passed',
      'parameters-arrive': 'passed',
      'sweep-runs': 'passed',
    });
  });

  test('of all that, one act was done, and nothing became a dead letter', async () => {
    expect(world.changes()).toEqual([
      expect.stringMatching(/^ssm SendCommand self-healing-disk-full-repair-[0-9a-f]{12}$/),
    ]);
    expect(await world.deadLetters()).toBe(0);
  });
});
