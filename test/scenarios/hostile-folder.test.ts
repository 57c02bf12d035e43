import { GetCommandInvocationCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { growHostileTree, listTree } from './tree.ts';
import { World } from './world.ts';

const AGE_BY_TOUCH = SANDBOX_CONFIG.remedies?.['disk-full']?.settings ?? {};

describe('a nearly full disk that holds a hostile folder, from alarm to closed incident', () => {
  let world: World;
  let instance: string;
  let before: string[];
  let after: string[];
  beforeAll(async () => {
    const remedies = { 'disk-full': { settings: AGE_BY_TOUCH, soakSeconds: 30 } };
    // slower than other scenarios: the scripts run in real time, and ten thousand files take theirs
    world = await World.start({ speed: 30, config: { ...SANDBOX_CONFIG, remedies } });
    instance = world.instance();
  });
  afterAll(() => world.stop());

  test('it is detected, cleaned, verified and closed', async () => {
    await growHostileTree(world, instance);
    before = await listTree(world, instance);

    const decided = await world.record('decided');
    expect(decided.facts.symptom).toMatchObject({
      verdict: 'unhealthy',
      evidence: expect.stringMatching(/^\/ 9[56]\./),
    });
    expect(await world.record('closed')).toMatchObject({ because: 'recovered' });
    after = await listTree(world, instance);
    expect(world.commands('-repair-')).toHaveLength(1);
  });

  test('S11, S12, S14: exactly what allow-list and age permit is gone, and nothing else is changed', () => {
    const goes = before.filter((line) => line.includes('goes') && !isFolder(line));
    // each file has a line of its own and, if it is a regular one, a line of its content's digest
    expect(goes).toHaveLength(2 * (GOES_OF_TEN_THOUSAND + GOES_BESIDE));
    expect(after).toEqual(before.filter((line) => !goes.includes(line)));
  });

  test('S14: no name was run as a command', async () => {
    expect(after.filter((line) => line.endsWith('pwned'))).toEqual([]);
    expect(await world.look(instance, 'find / -xdev -name pwned; find /run -name pwned')).toBe('');
  });

  test('the report says what went and what was left, in one JSON object of at most 16 KB', async () => {
    const [acted] = world.records('acted');
    if (acted?.answer.kind !== 'reported') throw new Error('the repair gave no report');
    expect(acted.answer.report).toMatchObject({
      result: 'changed',
      counts: { packageCaches: 1, rotatedLogs: 2, temporaryFiles: GOES_OF_TEN_THOUSAND + 2 },
      manifest: { entries: GOES_OF_TEN_THOUSAND + GOES_BESIDE },
    });
    const left = Object.fromEntries((acted.answer.report.left ?? []).map(({ why, count }) => [why, count]));
    expect(left).toEqual({
      'younger than the limit': YOUNG + 2,
      'held open by a process': HELD,
      'has another name elsewhere': LINKED,
      'mounted inside a folder': 1,
    });
    expect(acted.answer.report.largest).toHaveLength(20);

    const ssm = new SSMClient({ endpoint: world.sandbox.endpoint, region: 'us-east-1', credentials: KEY });
    const answer = await ssm.send(
      new GetCommandInvocationCommand({ CommandId: acted.answer.commandId, InstanceId: instance }),
    );
    ssm.destroy();
    const stdout = answer.StandardOutputContent ?? '';
    expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(16 * 1024);
    const [kept] = world.records('evidence');
    expect(JSON.parse(stdout)).toEqual({ ...acted.answer.report, evidence: kept?.evidence });
  });
});

const KEY = { accessKeyId: 'AKIATEST', secretAccessKey: 'x' };

/** Of the ten thousand: every 50th is young, of the rest every 333rd is held open, of the rest every 777th has another name. */
const YOUNG = 200;
const HELD = 31;
const LINKED = 12;
const GOES_OF_TEN_THOUSAND = 10_000 - YOUNG - HELD - LINKED;
/** Beside them: the neighbour of the mount, a table in /var/tmp, a package, two rotated logs. */
const GOES_BESIDE = 5;

const isFolder = (line: string): boolean => line.startsWith('d ');
