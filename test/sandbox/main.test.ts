import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../scenarios/until.ts';
import { describeWithInstances } from './instance/test-instance.ts';
import { type Ended, MainProcess, run } from './support/main-process.ts';

jest.setTimeout(180_000);

const UP = ['--no-tour', '--port', '0', '--instances', '1', '--speed', '30'];
const NAME = expect.stringMatching(/^[A-Za-z0-9_.-]+$/);

interface Outputs {
  readonly endpoint: string;
  readonly region: string;
  readonly instances: readonly string[];
  readonly functions: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
}

describe('how it is asked to run', () => {
  const ends = async (...options: string[]): Promise<Ended> => {
    const main = new MainProcess(...options);
    const ended = await main.ended();
    await main.remove();
    return ended;
  };

  test('--help names every option', async () => {
    const { exitCode, stdout, stderr } = await ends('--help');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const named = stdout.match(/^ {2}--\S+/gm)?.map((option) => option.trim());
    expect(named).toEqual(['--once', '--no-tour', '--instances', '--port', '--speed', '--config', '--help']);
  });

  test.each([
    [['--instances', '0'], /--instances .*"0".* 1 to 20/],
    [['--port', 'http'], /--port .*"http".* 0 to 65535/],
    [['--speed', '61'], /--speed .*"61".* 1 to 60/],
    [['--once', '--no-tour'], /--once .*--no-tour/],
    [['--config', 'nowhere.ts'], /^--config is "nowhere.ts": there is no .*\/nowhere.ts\n$/],
    [['--forever'], /--forever/],
    [['tour'], /tour/],
  ])('%j is refused with exit code 2 and what is wrong', async (options, problem) => {
    const { exitCode, stdout, stderr } = await ends(...options);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(problem);
    expect(stderr).not.toContain('    at ');
  });
});

describeWithInstances('a sandbox that is up', () => {
  let main: MainProcess;
  let outputs: Outputs;
  beforeAll(async () => {
    main = new MainProcess(...UP);
    await main.prints('Ctrl-C ends it.');
    outputs = JSON.parse(JSON.stringify(main.outputs()));
  });
  afterAll(() => main.remove());

  test('line one says how fast it runs', () => {
    expect(main.stdout.split('\n')[0]).toBe(
      'self-healing sandbox: 1 instances; alarm periods, waits and soaks run 30 times as fast as real time (--speed), scripts in real time',
    );
  });

  test('its outputs say where everything is', () => {
    expect(outputs).toEqual({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      region: 'us-east-1',
      instances: [expect.stringMatching(/^i-[0-9a-f]{17}$/)],
      functions: {
        openIncident: 'self-healing-open-incident',
        answerRequest: 'self-healing-answer-request',
        remediateIncident: 'self-healing-remediate-incident',
        runCommand: 'self-healing-run-command',
        changeInstance: 'self-healing-change-instance',
        maintainFleet: 'self-healing-maintain-fleet',
        notify: 'self-healing-notify',
        sendSns: 'self-healing-send-sns',
        sweepIncidents: 'self-healing-sweep-incidents',
      },
      tables: { state: NAME, audit: NAME },
      topics: {
        critical: expect.stringMatching(/^arn:aws:sns:us-east-1:123456789012:/),
        warning: expect.stringMatching(/^arn:aws:sns:us-east-1:123456789012:/),
      },
    });
  });

  describe('for the stock aws command line', () => {
    let cwd: string;
    beforeAll(() => {
      cwd = mkdtempSync(join(tmpdir(), 'aws-cli-'));
    });
    afterAll(() => rmSync(cwd, { recursive: true }));

    const environment = (): NodeJS.ProcessEnv => ({
      PATH: process.env['PATH'],
      HOME: cwd,
      AWS_ENDPOINT_URL: outputs.endpoint,
      AWS_ACCESS_KEY_ID: 'AKIACLI',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_DEFAULT_REGION: outputs.region,
      AWS_PAGER: '',
    });
    const aws = (...args: string[]) => run('aws', [...args, '--output', 'json'], { env: environment(), cwd });
    const answer = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await aws(...args);
      if (exitCode !== 0) throw new Error(`aws ${args.join(' ')} ended ${exitCode}: ${stderr}`);
      return stdout === '' ? undefined : JSON.parse(stdout);
    };
    const invoke = async (functionName: string | undefined, payload: object) => {
      const input = ['--payload', `fileb://${writtenTo(cwd, payload)}`];
      const name = `${functionName}:live`;
      expect(await answer('lambda', 'invoke', '--function-name', name, ...input, 'answer.json')).toMatchObject({
        StatusCode: 200,
      });
      return JSON.parse(readFileSync(join(cwd, 'answer.json'), 'utf8'));
    };

    test('it describes the instances', async () => {
      const { Reservations } = await answer('ec2', 'describe-instances');
      expect(Reservations).toMatchObject([
        {
          Instances: [
            {
              InstanceId: outputs.instances[0],
              State: { Name: 'running' },
              Tags: [{ Key: 'self-healing:stack', Value: 'self-healing' }],
            },
          ],
        },
      ]);
    });

    test('it runs a shell script on an instance, and reads the true output and exit code', async () => {
      const instanceId = outputs.instances[0] ?? '';
      const commands = ['cat /etc/hostname', 'echo to stderr >&2', 'exit 7'];
      const { Command } = await answer(
        'ssm',
        'send-command',
        '--document-name',
        'AWS-RunShellScript',
        '--instance-ids',
        instanceId,
        '--parameters',
        JSON.stringify({ commands }),
      );
      const where = ['--command-id', Command.CommandId, '--instance-id', instanceId];
      let invocation: Record<string, unknown> = {};
      await until('the command ends', async () => {
        invocation = await answer('ssm', 'get-command-invocation', ...where);
        return !['Pending', 'InProgress'].includes(String(invocation['Status']));
      });
      expect(invocation).toMatchObject({
        Status: 'Failed',
        ResponseCode: 7,
        StandardOutputContent: 'web-1\n',
        StandardErrorContent: expect.stringContaining('to stderr'),
      });
    });

    test('a document that does not exist is an InvalidDocument', async () => {
      const { exitCode, stderr } = await aws(
        'ssm',
        'send-command',
        '--document-name',
        'No-SuchDocument',
        '--instance-ids',
        outputs.instances[0] ?? '',
      );
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain('(InvalidDocument)');
    });

    test('metric data that it puts changes the alarm', async () => {
      const state = async () =>
        (await answer('cloudwatch', 'describe-alarms', '--alarm-names', 'self-healing-disk-full')).MetricAlarms[0];
      expect((await state()).StateValue).not.toBe('ALARM');
      const dimensions = `InstanceId=${outputs.instances[0]},path=/data,fstype=tmpfs`;
      const put = ['--namespace', 'SelfHealing', '--metric-name', 'disk_used_percent', '--dimensions', dimensions];
      await until('the alarm changes', async () => {
        await answer('cloudwatch', 'put-metric-data', ...put, '--value', '97');
        return (await state()).StateValue === 'ALARM';
      });
    });

    test('it asks for the health of the stack', async () => {
      expect(await invoke(outputs.functions['answerRequest'], { request: 'check-health' })).toMatchObject({
        acting: expect.stringMatching(/^yes: resumed by tour at .* \(first start of the sandbox\)$/),
        instances: [{ instanceId: outputs.instances[0], ready: true }],
      });
    });

    test('what it sends to open-incident is taken as an event', async () => {
      const warning = expect.stringMatching(/^got an event with source none and detail-type none/);
      expect(await invoke(outputs.functions['openIncident'], {})).toEqual({ incidents: [], warnings: [warning] });
    });

    test('it reads the audit table', async () => {
      const scan = async (): Promise<string[]> => {
        const { Items } = await answer('dynamodb', 'scan', '--table-name', outputs.tables['audit'] ?? '');
        return Items.map(({ kind }: { kind: { S: string } }) => kind.S);
      };
      await until('the incident of the alarm is closed', async () => (await scan()).includes('closed'));
      expect(await scan()).toEqual(expect.arrayContaining(['requested', 'opened', 'decided', 'closed']));
    });

    test('every command that it prints for the next try works as it stands', async () => {
      const lines = main.stdout.split('\n');
      const commands = lines.slice(lines.findIndex((line) => line.startsWith('Try next')) + 1, -3);
      const [exports, ...tries] = commands.map((line) => line.trim()).filter(Boolean);
      expect(exports).toMatch(/^export AWS_ENDPOINT_URL=/);
      expect(tries.length).toBeGreaterThanOrEqual(4);
      for (const command of tries) {
        const env = { PATH: process.env['PATH'], HOME: cwd };
        const { exitCode, stderr } = await run('bash', ['-c', `${exports}\n${command}`], { env, cwd });
        expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: '' });
      }
    });
  });

  test('Ctrl-C ends it, and leaves nothing behind', async () => {
    const processes = main.processes();
    expect(processes.length).toBeGreaterThan(5);
    const { exitCode, stderr } = await main.end('SIGINT');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(await main.leavesBehind(processes)).toEqual({ mounts: [], files: [] });
  });
});

describeWithInstances('however else it ends', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('%s leaves no process and no mount', async (signal) => {
    const main = new MainProcess(...UP);
    await main.prints('Ctrl-C ends it.');
    const processes = main.processes();
    await main.end(signal);
    expect(await main.leavesBehind(processes)).toMatchObject({ mounts: [] });
    await main.remove();
  });

  test('Ctrl-C in the middle of the tour, while an incident is being worked on, leaves nothing behind', async () => {
    const main = new MainProcess('--port', '0', '--instances', '1', '--speed', '30');
    await main.prints(' s  decision ');
    const processes = main.processes();
    const { exitCode, stderr } = await main.end('SIGINT');
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' });
    expect(await main.leavesBehind(processes)).toEqual({ mounts: [], files: [] });
    await main.remove();
  });

  test('SIGTERM while it starts leaves nothing behind', async () => {
    const main = new MainProcess(...UP);
    await main.prints('self-healing sandbox');
    const seen = new Set<string>();
    await until('its first instance boots', () => {
      for (const process of main.processes()) seen.add(process);
      return seen.size > 5;
    });
    await main.end('SIGTERM');
    expect(await main.leavesBehind([...seen])).toEqual({ mounts: [], files: [] });
    await main.remove();
  });
});

function writtenTo(folder: string, payload: object): string {
  const path = join(folder, 'payload.json');
  writeFileSync(path, JSON.stringify(payload));
  return path;
}
