import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { ListDocumentsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUNDLES } from '../../lib/function-code.ts';
import { synthesize } from '../../sandbox/stack/template.ts';
import { auditTrail } from './support/audit-trail.ts';
import { fillDisk, openIncident } from './support/disk-incident.ts';
import { quickConfig } from './support/quick-config.ts';
import { until } from './until.ts';
import { World } from './world.ts';

const CONFIG = quickConfig(86_400);
/** Blocks of commands of docs/removal.md, by the heading that they stand under. */
const commands = (heading: string): string[] => {
  const doc = readFileSync(join(import.meta.dirname, '../../docs/removal.md'), 'utf8');
  const [, section = ''] = doc.split(`\n## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/```bash\n(.*?)```/gs)].map(([, block = '']) => block);
};

describe('a stack that is removed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-removal-'));
  let world: World;
  let ssm: SSMClient;
  let soaking: string;
  let firstTables: string[];

  beforeAll(async () => {
    world = await World.start({ config: CONFIG, speed: 5, alarms: false });
    const { endpoint } = world.sandbox;
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'x' };
    ssm = new SSMClient({ endpoint, region: 'us-east-1', credentials });
    await fillDisk(world, world.instance());
    soaking = await openIncident(world, world.instance());
    await world.record('verified', ({ subject }) => subject === soaking);
  });
  afterAll(async () => {
    ssm.destroy();
    await world.stop();
    rmSync(folder, { recursive: true });
  });

  /** Runs commands as a person would; fails where one does. */
  const run = async (blocks: readonly string[]): Promise<void> => {
    if (blocks.length === 0) throw new Error('there is nothing to run');
    const script = `set -o errexit -o nounset -o pipefail\n${blocks.join('\n')}`;
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      AWS_ENDPOINT_URL: world.sandbox.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'x',
    };
    await promisify(execFile)('bash', ['-c', script], { cwd: folder, env });
  };
  const tables = async (): Promise<string[]> =>
    (await world.aws.dynamo.send(new ListTablesCommand({}))).TableNames ?? [];
  /** What of a stack is in the account, as its own API tells. */
  const account = async () => {
    const Filters = [{ Key: 'Owner', Values: ['Self'] }];
    const { MetricAlarms, CompositeAlarms } = await world.aws.cloudWatch.send(new DescribeAlarmsCommand({}));
    return {
      tables: (await tables()).map((name) => name.replace(/[0-9A-F]{8}-[0-9A-F]{12}$/, '')).toSorted(),
      functions: world.sandbox.lambda.functions.list().map(({ name }) => name),
      documents: (await ssm.send(new ListDocumentsCommand({ Filters }))).DocumentIdentifiers ?? [],
      alarms: [...(MetricAlarms ?? []), ...(CompositeAlarms ?? [])].map(({ AlarmName }) => AlarmName),
      queues: (await world.aws.sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [],
      topics: (await world.aws.sns.send(new ListTopicsCommand({}))).Topics ?? [],
    };
  };
  const NOTHING = { functions: [], documents: [], alarms: [], queues: [], topics: [] };
  const KEPT = ['self-healing-AuditTable', 'self-healing-StateTable'];

  test('as docs/removal.md says: paused, and what runs is stopped; nothing is lost of what it had done', async () => {
    await run(commands('1. Before'));
    expect(await world.ask({ request: 'check-health' })).toMatchObject({
      acting: expect.stringMatching(/^no: paused by you at .* \(it is removed\); /),
    });
    expect(world.sandbox.lambda.executions().filter(({ status }) => status === 'RUNNING')).toEqual([]);
    expect((await auditTrail(world, soaking)).map(({ kind }) => kind)).toEqual([
      'opened',
      'decided',
      'acted',
      'verified',
    ]);
    expect((await world.state.incident(soaking)).state).toBe('open');
  });

  test('leaves its two tables, and nothing else', async () => {
    firstTables = await tables();
    const kept = await world.sandbox.stack.destroy();
    expect(await account()).toEqual({ tables: KEPT, ...NOTHING });
    expect([...new Set(kept.map(({ template }) => `${template.Type} ${template.DeletionPolicy}`))].toSorted()).toEqual([
      'AWS::DynamoDB::GlobalTable Retain',
      'AWS::Lambda::Version RetainExceptOnCreate',
    ]);
  });

  test('S5: is paused when it is deployed again, with tables of its own', async () => {
    await world.sandbox.stack.deploy(synthesize(CONFIG, BUNDLES, join(folder, 'again')));
    expect((await account()).tables).toEqual([...KEPT, ...KEPT].toSorted());
    const second = [...world.sandbox.deployed.tables.values()].map(({ name }) => name);
    for (const name of firstTables) expect(second).not.toContain(name);
    expect(await world.ask({ request: 'check-health' })).toMatchObject({
      acting: expect.stringMatching(/^no: this stack is new and paused; /),
    });
    expect((await world.state.incident(soaking)).state).toBe('open');
  });

  test('does not go while an execution waits: the removal fails after an hour, and works once that is stopped', async () => {
    await world.ask({ request: 'resume', requestedBy: 'test', reason: 'the second life' });
    await fillDisk(world, world.instance());
    const again = await openIncident(world, world.instance());
    await world.record('verified', ({ subject }) => subject === again);
    const failing = world.sandbox.stack.destroy().catch((error: unknown) => error);
    await until('the function is being deleted', () =>
      world.sandbox.lambda.functions.isDeleting('self-healing-remediate-incident'),
    );
    world.sandbox.clock.skip(3_600);
    expect(await failing).toMatchObject({
      message:
        'the function self-healing-remediate-incident still has running executions after 3600 s: stop them, and try again',
    });

    const waiting = world.sandbox.lambda.executions().filter(({ status }) => status === 'RUNNING');
    expect(waiting.map(({ functionName }) => functionName)).toEqual(['self-healing-remediate-incident']);
    await run(commands('1. Before').slice(1));
    await world.sandbox.stack.destroy();
    expect(await account()).toEqual({ tables: [...KEPT, ...KEPT].toSorted(), ...NOTHING });
  });

  test('leaves nothing once its tables and tags are taken away by hand', async () => {
    const instance = world.instance();
    expect(Object.keys(await world.sandbox.fleet.tagsOf(instance))).toEqual(['self-healing:stack']);
    await run(commands('2. The tables'));
    await run(commands('3. Opt-in tags'));
    expect(await account()).toEqual({ tables: [], ...NOTHING });
    expect(await world.sandbox.fleet.tagsOf(instance)).toEqual({});
  });
});
