import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InsideCommand, InsideResult, SandboxInstance } from '../instance/instance.ts';

const file = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

/** The command that puts the stand-in of the package AmazonCloudWatchAgent into an instance; it is not configured then. */
export function installCommand(): InsideCommand {
  const environment = { CTL: file('amazon-cloudwatch-agent-ctl.sh') };
  return { command: ['bash', '-s'], stdin: file('install.sh'), environment };
}

const CONFIGURE = `mkdir -p /run/team && printf '%s\\n' "$CONFIGURATION" >"/run/team/$NAME" &&
exec /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -c "file:/run/team/$NAME" -s`;

/** Installs the stand-in and has it run by a configuration of that file name, as whoever built the instance would. */
export async function configureAgent(instance: SandboxInstance, name: string, configuration: string): Promise<void> {
  const environment = { NAME: name, CONFIGURATION: configuration.trimEnd() };
  for (const command of [installCommand(), { command: ['bash', '-c', CONFIGURE], environment }]) {
    const { exitCode, stderr }: InsideResult = await instance.exec(command);
    if (exitCode !== 0) throw new Error(`the agent of ${instance.instanceId} was not configured: ${stderr}`);
  }
}
