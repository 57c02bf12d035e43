import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPT_IN_TAG, OPT_OUT_TAG } from '../../lambdas/core/names.ts';
import type { AgentConfig } from '../../lib/config/agent-config.ts';
import { BUNDLES } from '../../lib/function-code.ts';
import type { LaunchOptions } from '../../sandbox/fleet.ts';
import { synthesize } from '../../sandbox/stack/template.ts';
import { quickConfig } from './support/quick-config.ts';
import { TEAM_AGENT } from './support/team-agent.ts';
import { until } from './until.ts';
import { World } from './world.ts';

const AGENT = '/opt/aws/amazon-cloudwatch-agent';

describe('the CloudWatch agent is installed where none is configured', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-agent-'));
  let world: World;
  let first: string;
  let second: string;
  let third: string;
  let foreign: string;
  let foreignBefore: string;

  const launch = async (options: LaunchOptions = {}, tags: Record<string, string> = {}): Promise<string> => {
    const optedIn = { [OPT_IN_TAG]: world.sandbox.stackName, ...tags };
    const [id = ''] = await world.sandbox.fleet.launch(1, optedIn, { cloudWatchAgent: 'none', ...options });
    return id;
  };
  const deploy = (agent: AgentConfig) =>
    world.sandbox.stack.deploy(
      synthesize({ ...quickConfig(30), agent }, BUNDLES, mkdtempSync(join(folder, 'deployment-'))),
    );
  const associations = () => world.sandbox.ssm.associations.all;
  const fleet = () => {
    const found = associations().find(({ content }) => content.associationName === 'self-healing-agent-fleet');
    if (found === undefined) throw new Error('the fleet has no association');
    return found;
  };
  /** What the newest run over the fleet came to, by instance. */
  const rollOut = async (run = fleet().executions.length): Promise<Record<string, string>> => {
    await until('the run has ended', () => {
      const targets = fleet().executions[run - 1]?.targets ?? [];
      return targets.length > 0 && targets.every(({ status }) => status !== 'Pending' && status !== 'InProgress');
    });
    const targets = fleet().executions[run - 1]?.targets ?? [];
    return Object.fromEntries(targets.map(({ instanceId, status }) => [instanceId, status]));
  };
  /** What the document's last step said on an instance, the last time. */
  const said = (instanceId: string): string => {
    const commands = world.sandbox.ssm.associations.commands.filter(({ instanceIds }) =>
      instanceIds.includes(instanceId),
    );
    return commands.at(-1)?.invocations[0]?.steps.find(({ name }) => name === 'configure')?.stdout ?? 'nothing';
  };
  const agentFiles = (instanceId: string) =>
    world.look(instanceId, `find / -xdev -path '*cloudwatch*' -type f -printf '%p %i %T@ ' -exec sha256sum {} \\;`);
  const health = (instanceId: string) => world.ask({ request: 'check-health', instanceId });
  const isReady = async (instanceId: string) => JSON.stringify(await health(instanceId)).includes('"ready":true');

  beforeAll(async () => {
    world = await World.start({ instances: 0, config: quickConfig(30) });
    first = await launch();
    second = await launch();
    third = await launch();
    foreign = await launch({ cloudWatchAgent: TEAM_AGENT });
    foreignBefore = await agentFiles(foreign);
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true });
  });

  test('a first deployment changes nothing: check-health says which lack an agent, and the line that installs it', async () => {
    const silence = 'in the last 10 minutes no metric of it arrived in SelfHealing';
    for (const id of [first, foreign]) {
      expect(await health(id)).toMatchObject({
        instances: [
          {
            instanceId: id,
            ready: false,
            missing: [
              {
                what: `no CloudWatch agent reports from it: ${silence}`,
                mend: `in self-healing.config.ts: agent: { mode: 'install', first: '${id}' }, and deploy; by hand: docs/configuration.md, "The CloudWatch agent"`,
              },
            ],
          },
        ],
      });
    }
    expect(associations()).toEqual([]);
    expect(await world.look(first, 'ls /opt')).toBe('sandbox');
  });

  test('S10: a first instance that has an agent of its own proves nothing: the deployment is rolled back', async () => {
    await expect(deploy({ mode: 'install', first: foreign })).rejects.toThrow(
      /'AWS::SSM::Association' with identifier '[0-9a-f-]+' did not stabilize/,
    );
    expect(associations()).toEqual([]);
    for (const id of [first, second, third]) expect(await world.look(id, 'ls /opt')).toBe('sandbox');
    expect(await agentFiles(foreign)).toBe(foreignBefore);
  });

  test('S10: then one gets it, and the roll-out over the others stops where more fail than may', async () => {
    // the package cannot be put there
    await world.look(second, 'touch /opt/aws');
    await deploy({ mode: 'install', first, maxConcurrency: '1', maxErrors: '0' });
    expect(said(first)).toMatch(/^(configured|nothing to do): the agent runs by this configuration\n$/);
    expect(await rollOut(1)).toEqual({
      [first]: 'Success',
      [second]: 'Failed',
      [third]: 'Skipped',
      [foreign]: 'Skipped',
    });
    expect(await world.look(third, 'ls /opt')).toBe('sandbox');
  });

  test('once what failed is mended, the next run brings it to all that have none', async () => {
    await world.look(second, 'rm /opt/aws');
    world.sandbox.ssm.associations.runNow(fleet().id);
    expect(await rollOut(2)).toEqual({
      [first]: 'Success',
      [second]: 'Success',
      [third]: 'Success',
      [foreign]: 'Success',
    });
    expect(said(first)).toBe('nothing to do: the agent runs by this configuration\n');
    expect(said(second)).toBe('configured: the agent runs by this configuration\n');
    expect(said(foreign)).toMatch(/^left alone: it has a CloudWatch agent that is not ours: \S+\/file_team.json /);
  });

  test('their metrics arrive, and they are ready', async () => {
    for (const id of [first, second, third]) await until(`${id} is ready`, () => isReady(id));
  });

  test('S23: the agent that was there is as it was, and check-health says that it is not ours', async () => {
    expect(await agentFiles(foreign)).toBe(foreignBefore);
    expect(JSON.stringify(await health(foreign))).toContain('no CloudWatch agent of this stack reports from it');
  });

  test('a new instance gets it by itself; S26: one that is opted out or hides its tags does not', async () => {
    const optedOut = await launch({}, { [OPT_OUT_TAG]: '' });
    const hidden = await launch({ showsTags: false });
    const late = await launch();
    await until('the new instance is ready', () => isReady(late));
    await until('the others were asked', () => said(optedOut) !== 'nothing' && said(hidden) !== 'nothing');
    expect(said(optedOut)).toBe('left alone: it is opted out by its tag self-healing:opt-out\n');
    expect(said(hidden)).toBe(
      `left alone: its tags cannot be read in its metadata: aws ec2 modify-instance-metadata-options --instance-metadata-tags enabled --instance-id ${hidden}\n`,
    );
    for (const id of [optedOut, hidden])
      expect(await world.look(id, `ls -d ${AGENT} 2>&1 || :`)).toContain('No such file');
  });

  test('back to reports, nothing is associated any more, and the agents stay', async () => {
    const before = await agentFiles(first);
    await deploy({ mode: 'report' });
    expect(associations()).toEqual([]);
    expect(await agentFiles(first)).toBe(before);
    expect(await isReady(first)).toBe(true);
  });
});
