import { installCommand } from '../agent/install-agent.ts';
import type { SandboxInstance } from '../instance/instance.ts';
import type { ScriptOutcome } from './run-shell-script.ts';

const INSTALLED = ['test', '-x', '/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl'];

/** Installs the CloudWatch agent's stand-in where it is not installed; `undefined` where the instance ended under it. */
export async function configurePackage(
  instance: SandboxInstance,
  abortSignal: AbortSignal,
): Promise<ScriptOutcome | undefined> {
  if (!instance.running) return undefined;
  const there = await instance.exec({ command: INSTALLED });
  const { exitCode, stderr } = there.exitCode === 0 ? there : await instance.exec({ ...installCommand(), abortSignal });
  if (abortSignal.aborted) return { responseCode: 137, stdout: '', stderr, status: 'Cancelled', details: 'Cancelled' };
  if (exitCode === null && !instance.running) return undefined;
  if (exitCode !== 0) {
    const said = `install errors: ${stderr}Failed to install package; install status Failed`;
    return { responseCode: 1, stdout: '', stderr: said, status: 'Failed', details: 'Failed' };
  }
  const stdout = `Initiating AmazonCloudWatchAgent latest install\nSuccessfully installed AmazonCloudWatchAgent latest\n`;
  return { responseCode: 0, stdout, stderr: '', status: 'Success', details: 'Success' };
}
