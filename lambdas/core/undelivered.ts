import type { CommandResult } from './check-reading.ts';

/**
 * What the SSM agent says itself where it could not run a script, in all cases before the script's first line.
 * Sources: agent/plugins/runscript/runscript.go, agent/framework/runpluginutil/runpluginutil.go and
 * agent/framework/processor/executer/outofproc/master.go of https://github.com/aws/amazon-ssm-agent; a full root disk is behind the third
 * in https://github.com/aws/amazon-ssm-agent/issues/90, the fourth in https://github.com/aws/amazon-ssm-agent/issues/262.
 */
const AGENT_SAYS = [
  /^failed to create orchestrationDir directory/,
  /^failed to create script file/,
  /^Plugin with name \S+ (is )?not found/,
  /^document process failed unexpectedly/,
];

/** Why a command for certain did not run on the instance; `undefined` where it ran, or may have. */
export function undeliveredBy({ exitCode, stdout, stderr, statusDetails }: CommandResult): string | undefined {
  if (statusDetails === 'DeliveryTimedOut' || statusDetails === 'Undeliverable') {
    return `SSM could not deliver the command (${statusDetails})`;
  }
  // what a script says stands before what the agent adds: where the agent speaks first, there was no script
  const [said = ''] = stderr.trimStart().split('\n', 1);
  if (exitCode === 0 || stdout.trim() !== '' || !AGENT_SAYS.some((words) => words.test(said))) return undefined;
  return `the SSM agent could not run the command: ${said.slice(0, 300)}`;
}
