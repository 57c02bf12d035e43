import { configureAgent } from '../../../sandbox/agent/install-agent.ts';
import { runningConfiguration } from '../../../sandbox/agent/running-agent.ts';
import { InstanceMetadata } from '../../../sandbox/instance-metadata.ts';
import { agentScript } from '../../../lib/agent/agent-document.ts';
import { bootTestInstance, describeWithInstances } from '../instance/test-instance.ts';

const CTL = '/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl';
const STATUS = (status: string) => `{\n  "status": "${status}",\n  "configstatus": "configured"\n}`;

describeWithInstances("an instance's CloudWatch agent", () => {
  let made: Awaited<ReturnType<typeof bootTestInstance>>;
  beforeAll(async () => {
    made = await bootTestInstance();
  });
  afterAll(() => made.remove());

  test('runs by what it was given, until it is stopped or ends', async () => {
    const { instance, run } = made;
    expect(runningConfiguration(instance)).toBeUndefined();
    await configureAgent(instance, 'team.json', '{"one": 1}\n');
    expect(runningConfiguration(instance)).toBe('{"one": 1}\n');
    expect(await run(`${CTL} -a status`)).toBe(STATUS('running'));
    await run(`${CTL} -a stop`);
    expect(runningConfiguration(instance)).toBeUndefined();
    expect(await run(`${CTL} -a status`)).toBe(STATUS('stopped'));
    await run(`${CTL} -a start`);
    expect(runningConfiguration(instance)).toBe('{"one": 1}\n');
    await run('pkill -KILL -x amazon-cloudwat; while pgrep -x amazon-cloudwat; do :; done');
    expect(runningConfiguration(instance)).toBeUndefined();
  });

  test('is the last that was fetched: a configuration that is no JSON object changes nothing', async () => {
    const { instance, run } = made;
    await configureAgent(instance, 'team.json', '{"two": 2}');
    expect(
      await run(`echo oops >/run/bad.json; ${CTL} -a fetch-config -m ec2 -c file:/run/bad.json -s 2>&1; echo $?`),
    ).toBe('Configuration validation failed\n1');
    expect(runningConfiguration(instance)).toBe('{"two": 2}\n');
  });

  test('is judged by the tags that the instance itself is shown', async () => {
    const metadata = new InstanceMetadata(async () => ({ 'self-healing:stack': 'other' }));
    const endpoint = await metadata.endpointOf(made.instance);
    expect(await metadata.endpointOf(made.instance)).toBe(endpoint);
    const { stdout } = await made.instance.exec({
      command: ['bash', '-s'],
      stdin: agentScript('configure', 'fleet'),
      environment: { SSM_MustConfigure: 'no', AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint },
    });
    expect(stdout).toBe('left alone: its tag self-healing:stack does not name fleet\n');
    metadata.stop();
  });
});
