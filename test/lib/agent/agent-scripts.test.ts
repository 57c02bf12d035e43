import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGENT_CONFIGURATION } from '../../../lib/agent/agent-document.ts';
import { AGENT, type AgentInstance, OURS, startAgentInstance } from './agent-instance.ts';

const SYSTEMCTL = readFileSync(join(import.meta.dirname, '../../../sandbox/instance/inside/bin/systemctl.sh'), 'utf8');
const GOES_ON = { code: 0, stdout: 'the package is to be installed\n', stderr: '' };
const CONFIGURED = { code: 0, stdout: 'configured: the agent runs by this configuration\n', stderr: '' };
const NOTHING_TO_DO = { code: 0, stdout: 'nothing to do: the agent runs by this configuration\n', stderr: '' };

describe('the scripts of the agent document, on an instance', () => {
  let instance: AgentInstance;
  beforeEach(async () => {
    instance = await startAgentInstance(SYSTEMCTL);
  });
  afterEach(() => instance.close());

  /** Whether the agent runs, and by what. */
  const running = () =>
    instance.ask(
      `pgrep -c -x amazon-cloudwat; cat ${AGENT}/etc/amazon-cloudwatch-agent.toml; ls -A ${AGENT}/etc/amazon-cloudwatch-agent.d`,
    );
  const byOurs = `1\n${AGENT_CONFIGURATION}file_self-healing.json\n`;

  test('without an agent, its package is asked for, and then it is made to run by our configuration', async () => {
    expect(await instance.step('look')).toEqual(GOES_ON);
    await instance.install();
    expect(await instance.step('configure', 'yes')).toEqual(CONFIGURED);
    expect(await running()).toBe(byOurs);
  });

  test('a second run asks for no package and changes nothing', async () => {
    await instance.install();
    await instance.step('configure');
    const before = await instance.everything();
    expect(await instance.step('look')).toEqual({
      code: 1,
      stdout: 'no package is installed: there is one already\n',
      stderr: '',
    });
    expect(await instance.step('configure', 'yes')).toEqual(NOTHING_TO_DO);
    expect(await instance.everything()).toBe(before);
  });

  test('an older configuration of ours is replaced, and the agent started anew', async () => {
    await instance.install();
    await instance.configureElsewhere('self-healing.json');
    const before = await instance.ask('pgrep -x amazon-cloudwat');
    expect(await instance.step('configure')).toEqual(CONFIGURED);
    expect(await running()).toBe(byOurs);
    expect(await instance.ask('pgrep -x amazon-cloudwat')).not.toBe(before);
  });

  test('an agent of ours that was stopped is started again', async () => {
    await instance.install();
    await instance.step('configure');
    await instance.ask('systemctl stop amazon-cloudwatch-agent');
    expect(await instance.step('configure')).toEqual(CONFIGURED);
    expect(await running()).toBe(byOurs);
  });

  describe('S23: an agent that is not ours is left as it is', () => {
    const foreign = async (what: RegExp) => {
      const before = await instance.everything().catch(() => 'no agent');
      const why = new RegExp(`^left alone: it has a CloudWatch agent that is not ours: ${what.source} \\n$`);
      expect(await instance.step('look')).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^no package is installed: it has/),
      });
      expect(await instance.step('configure')).toEqual({ code: 0, stdout: expect.stringMatching(why), stderr: '' });
      // the first instance is there to prove the roll-out
      expect(await instance.step('configure', 'yes')).toMatchObject({ code: 1, stdout: expect.stringMatching(why) });
      expect(await instance.everything().catch(() => 'no agent')).toBe(before);
    };

    test("a team's configuration", async () => {
      await instance.install();
      await instance.configureElsewhere('team.json');
      await foreign(/\S+\/amazon-cloudwatch-agent.d\/file_team.json \S+\.toml a\\ process\\ amazon-cloudwatch-agent/);
    });

    test("a team's configuration that was added to ours", async () => {
      await instance.install();
      await instance.step('configure');
      await instance.configureElsewhere('team.json', 'append-config');
      await foreign(/\S+\/file_team.json/);
    });

    test('a configuration that is not applied yet, and has a hostile name', async () => {
      await instance.install();
      await instance.ask(`touch ${AGENT}/etc/amazon-cloudwatch-agent.d/$'.a\\n$(reboot)'`);
      await foreign(/\$'\/opt\/aws\/amazon-cloudwatch-agent\/etc\/amazon-cloudwatch-agent.d\/.a\\n\$\(reboot\)'/);
    });

    test('one configuration file, as older agents have it', async () => {
      await instance.install();
      await instance.ask(`printf '{}' >${AGENT}/etc/amazon-cloudwatch-agent.json`);
      await foreign(/\S+\/amazon-cloudwatch-agent.json/);
    });

    test('a translated configuration without what it was made of', async () => {
      await instance.install();
      await instance.ask(`printf '[agent]' >${AGENT}/etc/amazon-cloudwatch-agent.toml`);
      await foreign(/\S+\/amazon-cloudwatch-agent.toml/);
    });

    test('an agent that runs from elsewhere, as out of a container', async () => {
      await instance.ask(
        'cp /usr/bin/sleep /run/amazon-cloudwatch-agent; setsid /run/amazon-cloudwatch-agent infinity </dev/null >/dev/null 2>&1 & until pgrep -x amazon-cloudwat >/dev/null; do :; done',
      );
      await foreign(/a\\ process\\ amazon-cloudwatch-agent/);
    });
  });

  describe('S26: an instance whose tags do not allow it is left as it is', () => {
    test.each([
      [
        { 'self-healing:stack': 'fleet', 'self-healing:opt-out': '' },
        'it is opted out by its tag self-healing:opt-out',
      ],
      [{ 'self-healing:stack': 'other' }, 'its tag self-healing:stack does not name fleet'],
      [{ Name: 'fleet' }, 'its tag self-healing:stack does not name fleet'],
      [
        undefined,
        'its tags cannot be read in its metadata: aws ec2 modify-instance-metadata-options --instance-metadata-tags enabled --instance-id ',
      ],
    ])('%j', async (tags, why) => {
      await instance.install();
      const before = await instance.ask(`find ${AGENT} -printf '%p %i %T@\\n'`);
      instance.tags = tags;
      expect(await instance.step('look')).toEqual({ code: 1, stdout: `no package is installed: ${why}\n`, stderr: '' });
      expect(await instance.step('configure')).toEqual({ code: 0, stdout: `left alone: ${why}\n`, stderr: '' });
      expect(await instance.step('configure', 'yes')).toMatchObject({ code: 1, stdout: `left alone: ${why}\n` });
      expect(await instance.ask(`find ${AGENT} -printf '%p %i %T@\\n'`)).toBe(before);
    });

    test('one whose metadata service cannot be reached', async () => {
      const nowhere = { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1' };
      expect(await instance.step('configure', 'no', nowhere)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^left alone: its tags cannot be read in its metadata: /),
      });
    });
  });

  describe('killed in the middle, and run again', () => {
    test.each([
      ['before the agent is told', '/run/self-healing/self-healing.json.part'],
      ['after the copy', 'amazon-cloudwatch-agent.toml.part'],
      ['after the translation', 'file_self-healing.json.tmp'],
    ])('%s', async (_, place) => {
      await instance.install();
      await instance.ask(`printf %s '${place}' >/run/hang`);
      const killed = instance.step('configure');
      await instance.ask('until [[ -e /run/hangs ]]; do sleep 0.05; done; rm /run/hang');
      await instance.killAll();
      expect(await killed).toMatchObject({ code: -1 });
      expect(await instance.ask('pgrep -c -x amazon-cloudwat || :')).toBe('0\n');

      expect(await instance.step('configure', 'yes')).toEqual(CONFIGURED);
      expect(await running()).toBe(byOurs);
    });
  });

  describe('on a full disk', () => {
    const fill = () =>
      instance.ask(
        'dd if=/dev/zero of=/var/lib/big bs=64K 2>/dev/null; dd if=/dev/zero of=/var/lib/big2 bs=1 2>/dev/null; df --output=avail / | tail -n 1',
      );

    test('nothing half is left, and it works once there is room', async () => {
      await instance.install();
      expect((await fill()).trim()).toBe('0');
      const full = await instance.step('configure');
      expect(full).toMatchObject({ code: 1, stdout: '' });
      expect(full.stderr).toMatch(
        /^the agent did not take the configuration: cp: error writing .* No space left on device\n$/,
      );
      expect(await instance.ask(`find ${AGENT}/etc -type f -name '*self*'; ls ${AGENT}/etc/*.toml`)).toBe(
        `${AGENT}/etc/common-config.toml\n`,
      );

      await instance.ask('rm /var/lib/big /var/lib/big2');
      expect(await instance.step('configure')).toEqual(CONFIGURED);
    });

    test('an agent that runs by an older configuration of ours goes on by it', async () => {
      await instance.install();
      await instance.configureElsewhere('self-healing.json');
      const before = await instance.everything();
      await fill();
      expect(await instance.step('configure')).toMatchObject({ code: 1 });
      expect(await instance.everything()).toBe(before);
      expect(await instance.ask(`cat ${OURS}`)).toBe('{"metrics": {}}');
    });
  });

  test('without the package it fails, and says that the step before knows why', async () => {
    expect(await instance.step('configure')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'the agent is not installed: the step before says why\n',
    });
  });

  test('an agent that ends at once is a failure that says where to look', async () => {
    await instance.install();
    await instance.ask(`cp /usr/bin/true ${AGENT}/bin/amazon-cloudwatch-agent`);
    expect(await instance.step('configure')).toEqual({
      code: 1,
      stdout: '',
      stderr: `the agent does not run by the configuration that it was given, see ${AGENT}/logs\n`,
    });
  });

  test('two runs at once configure it once', async () => {
    await instance.install();
    const both = await Promise.all([instance.step('configure'), instance.step('configure')]);
    expect(both.map(({ stdout }) => stdout).toSorted()).toEqual([CONFIGURED.stdout, NOTHING_TO_DO.stdout]);
  });

  test('S14: an SSM agent that hands no parameters over as environment is refused', async () => {
    for (const name of ['look', 'configure'] as const) {
      expect(await instance.step(name, 'no', { SSM_MustConfigure: '' })).toEqual({
        code: 65,
        stdout: '',
        stderr: 'agent too old: parameters did not arrive as environment (SSM Agent 3.3.2746.0 or later is needed)\n',
      });
    }
  });
});
