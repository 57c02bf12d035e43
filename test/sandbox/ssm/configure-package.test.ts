import { ScaledClock } from '../../../sandbox/clock.ts';
import { createSsmRoute, type SsmRoute } from '../../../sandbox/ssm/create-ssm-route.ts';
import { bootTestInstance, describeWithInstances } from '../instance/test-instance.ts';

const ID = 'i-0aaaaaaaaaaaaaaaa';
const CTL = '/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl';
const INSTALL = { name: 'AmazonCloudWatchAgent', action: 'Install', onFailure: 'exit' };
const shell = (name: string, runCommand: string, inputs: object = {}) => ({
  action: 'aws:runShellScript',
  name,
  inputs: { runCommand: [runCommand], ...inputs },
});

describeWithInstances('a document that installs a package', () => {
  let made: Awaited<ReturnType<typeof bootTestInstance>>;
  let ssm: SsmRoute;
  beforeEach(async () => {
    made = await bootTestInstance({ rootDiskMebibytes: 16 });
    const instances = new Map([[ID, { instance: made.instance, online: true, agentVersion: '3.3.3000.0' }]]);
    ssm = createSsmRoute({ instances, clock: new ScaledClock(12), instanceTags: async () => ({}) });
  });
  afterEach(async () => {
    await ssm.stop();
    await made.remove();
  });

  /** What each step came to: its name, its exit code, what it said. */
  async function run(
    ...mainSteps: object[]
  ): Promise<{ readonly overview: string; readonly steps: readonly string[] }> {
    const Name = `install-${ssm.associations.all.length}`;
    ssm.createDocument(Name, { schemaVersion: '2.2', mainSteps });
    const targets = { Targets: [{ Key: 'InstanceIds', Values: [ID] }] };
    const { id } = ssm.associations.create({ Name, ...targets });
    const overview = await ssm.associations.settled(id, 3600);
    const steps = ssm.associations.commands.at(-1)?.invocations[0]?.steps ?? [];
    return {
      overview,
      steps: steps.map(({ name, responseCode, stdout, stderr }) => `${name} ${responseCode} ${stdout}${stderr}`.trim()),
    };
  }
  const look = (exitCode: number) => shell('look', `exit ${exitCode}`, { onFailure: 'successAndExit' });
  const install = { action: 'aws:configurePackage', name: 'install', inputs: INSTALL };
  const last = shell('last', `test -x ${CTL} && echo there || echo none`, { finallyStep: true });

  test('installs it, and again without a change', async () => {
    const said = 'Initiating AmazonCloudWatchAgent latest install\nSuccessfully installed AmazonCloudWatchAgent latest';
    expect(await run(look(0), install, last)).toEqual({
      overview: 'Success',
      steps: ['look 0', `install 0 ${said}`, 'last 0 there'],
    });
    const before = await made.run(`stat -c '%i %Y' ${CTL}`);
    expect(await run(install)).toEqual({ overview: 'Success', steps: [`install 0 ${said}`] });
    expect(await made.run(`stat -c '%i %Y' ${CTL}`)).toBe(before);
  });

  test('skips it where a step before fails and forgives that, and runs its last step all the same', async () => {
    expect(await run(look(1), install, last)).toEqual({
      overview: 'Success',
      steps: ['look 1 failed to run commands: exit status 1', 'last 0 none'],
    });
  });

  test('fails where it cannot be put, and runs its last step all the same', async () => {
    await made.run('touch /opt/aws');
    const { overview, steps } = await run(look(0), install, last);
    expect(overview).toBe('Failed');
    expect(steps[1]).toMatch(/^install 1 install errors: mkdir: .*Failed to install package; install status Failed$/s);
    expect(steps[2]).toBe('last 0 none');
  });

  test('fails, its last step too, where the disk has no room for a script', async () => {
    await made.run('cat /dev/zero >/var/lib/big');
    const { overview, steps } = await run(look(0), install, last);
    expect(overview).toBe('Failed');
    expect(steps.at(-1)).toContain('failed to create');
  });

  test.each([
    ['another package', { ...INSTALL, name: 'AWSCodeDeployAgent' }],
    ['a removal', { ...INSTALL, action: 'Uninstall' }],
  ])('is refused where it is about %s', (_, inputs) => {
    const content = { schemaVersion: '2.2', mainSteps: [{ ...install, inputs }] };
    expect(() => ssm.createDocument('other', content)).toThrow(
      'not "Install" with "AmazonCloudWatchAgent", all that runs here',
    );
  });
});
