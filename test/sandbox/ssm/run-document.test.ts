import { ScaledClock } from '../../../sandbox/clock.ts';
import type { CompletedInvocation, SsmRoute } from '../../../sandbox/ssm/create-ssm-route.ts';
import { createSsmRoute } from '../../../sandbox/ssm/create-ssm-route.ts';
import { bootTestInstance, describeWithInstances } from '../instance/test-instance.ts';
import { callSsm } from './call-ssm.ts';

const ID = 'i-0aaaaaaaaaaaaaaaa';

describeWithInstances('a document in an instance', () => {
  let made: Awaited<ReturnType<typeof bootTestInstance>>;
  let ssm: SsmRoute;
  beforeAll(async () => {
    made = await bootTestInstance();
    const instances = new Map([[ID, { instance: made.instance, online: true, agentVersion: '3.3.3000.0' }]]);
    ssm = createSsmRoute({ instances, clock: new ScaledClock(12), instanceTags: async () => ({}) });
  });
  afterAll(async () => {
    await ssm.stop();
    await made.remove();
  });

  async function invoke(input: Record<string, unknown>, PluginName?: string): Promise<Record<string, unknown>> {
    const ended = new Promise<CompletedInvocation>((resolve) => {
      const off = ssm.onCompleted((completed) => {
        off();
        resolve(completed);
      });
    });
    const command = { DocumentName: 'AWS-RunShellScript', InstanceIds: [ID] };
    await callSsm(ssm.route, 'SendCommand', { ...command, ...input });
    const { commandId } = await ended;
    await new Promise((resolve) => setTimeout(resolve, 60));
    return callSsm(ssm.route, 'GetCommandInvocation', { CommandId: commandId, InstanceId: ID, PluginName });
  }

  test('runs as a script whose first line chooses the shell, with what the agent sets', async () => {
    const commands = ['#!/usr/bin/env bash', 'echo "${BASH_VERSION:+bash} $AWS_SSM_INSTANCE_ID $PWD"', 'exit 3'];
    const found = await invoke({ Parameters: { commands, workingDirectory: ['/tmp'] } });
    expect(found).toMatchObject({
      Status: 'Failed',
      ResponseCode: 3,
      StandardOutputContent: `bash ${ID} /tmp\n`,
      StandardErrorContent: 'failed to run commands: exit status 3',
    });
    expect(await made.run(`stat -c '%a %U' /var/lib/amazon/ssm/${ID}/document/orchestration/*/*/_script.sh`)).toBe(
      '700 root',
    );
  });

  test('S14: a hostile value reaches the script as it is', async () => {
    ssm.createDocument('echo', {
      schemaVersion: '2.2',
      parameters: { Name: { type: 'String', interpolationType: 'ENV_VAR' } },
      mainSteps: [{ name: 'echo', action: 'aws:runShellScript', inputs: { runCommand: ['printf %s "$SSM_Name"'] } }],
    });
    const hostile = '-n $(touch /tmp/owned); `id`\n"\'x';
    const found = await invoke({ DocumentName: 'echo', Parameters: { Name: [hostile] } });
    expect(found['StandardOutputContent']).toBe(hostile);
    expect(await made.run('ls /tmp')).toBe('');
  });

  test('a step that takes too long is killed; the next one runs all the same', async () => {
    ssm.createDocument('slow', {
      schemaVersion: '2.2',
      mainSteps: [
        {
          name: 'slow',
          action: 'aws:runShellScript',
          inputs: { timeoutSeconds: '5', runCommand: ['echo begun; sleep 4326'] },
        },
        { name: 'next', action: 'aws:runShellScript', inputs: { runCommand: ['pgrep -c sleep'] } },
      ],
    });
    expect(await invoke({ DocumentName: 'slow' }, 'slow')).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'ExecutionTimedOut',
      ResponseCode: 137,
      StandardOutputContent: 'begun\n',
    });
    const { Commands } = await callSsm(ssm.route, 'ListCommands', { MaxResults: 1 });
    expect(Commands).toMatchObject([{ Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut', ErrorCount: 1 }]);
  });

  test('fails as the agent does where the root disk is full', async () => {
    await made.run('head -c 100M /dev/zero >/var/tmp/full 2>/dev/null');
    const found = await invoke({ Parameters: { commands: ['true'] } });
    expect(found).toMatchObject({ Status: 'Failed', ResponseCode: 1 });
    expect(found['StandardErrorContent']).toMatch(
      /^failed to create script file\. write .*_script\.sh: no space left on device$/,
    );
    await made.run('rm /var/tmp/full');
    expect(await invoke({ Parameters: { commands: ['true'] } })).toMatchObject({ Status: 'Success' });
  });
});
