import type { InsideResult, SandboxInstance } from '../instance/instance.ts';
import type { StatusWithDetails } from './commands.ts';

/** One script as the agent on an instance runs it. */
export interface ShellScript {
  readonly instance: SandboxInstance;
  /** Folder inside the instance, where the script is kept as `_script.sh`. */
  readonly folder: string;
  readonly text: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Real seconds. */
  readonly timeoutSeconds: number;
  readonly abortSignal: AbortSignal;
}

/** What a script left, in the agent's words. */
export interface ScriptOutcome extends StatusWithDetails {
  readonly responseCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Exit code that the agent gives to what it stopped itself, and takes as a sign of that. */
const STOPPED_BY_AGENT = 137;
/** Room for 24,000 characters of up to four bytes, and some more to see that it was cut. */
const MAXIMUM_OUTPUT_BYTES = 128 * 1024;

const WRITE_SCRIPT = `umask 077
mkdir -p -- "$1" || exit 81
cat >"$1/_script.sh" && chmod 700 "$1/_script.sh" || exit 82`;

/** Puts the script into the instance and runs it; `undefined` where the instance ended under it. */
export async function runShellScript(script: ShellScript): Promise<ScriptOutcome | undefined> {
  const { instance } = script;
  if (!instance.running) return undefined;
  const path = `${script.folder}/_script.sh`;
  const written = await instance.exec({ command: ['sh', '-c', WRITE_SCRIPT, 'sh', script.folder], stdin: script.text });
  if (written.exitCode !== 0) {
    if (!(await answers(instance))) return undefined;
    if (written.exitCode === 81) return failure(1, '', `failed to create orchestrationDir directory, ${script.folder}`);
    const why = /[^:]+$/.exec(written.stderr.trim())?.[0].trim().toLowerCase() ?? 'no reason given';
    return failure(1, '', `failed to create script file. write ${path}: ${why}`);
  }
  // The agent says `sh -c <path>`: the script's own first line chooses what runs it.
  const command =
    script.workingDirectory === ''
      ? ['sh', '-c', path]
      : ['sh', '-c', 'cd -- "$1" && exec sh -c "$2"', 'sh', script.workingDirectory, path];
  const result = await instance.exec({
    command,
    environment: script.environment,
    timeoutSeconds: script.timeoutSeconds,
    maximumOutputBytes: MAXIMUM_OUTPUT_BYTES,
    abortSignal: script.abortSignal,
  });
  return outcomeOf(result, script);
}

async function outcomeOf(result: InsideResult, script: ShellScript): Promise<ScriptOutcome | undefined> {
  const { exitCode, stdout, stderr } = result;
  const stopped = { responseCode: STOPPED_BY_AGENT, stdout, stderr };
  if (script.abortSignal.aborted) return { ...stopped, status: 'Cancelled', details: 'Cancelled' };
  // The agent cannot tell a script's own exit code 137 from a script that it has stopped.
  if (result.timedOut || exitCode === STOPPED_BY_AGENT) {
    return { ...stopped, status: 'TimedOut', details: 'ExecutionTimedOut' };
  }
  if (exitCode === 0) return { responseCode: 0, stdout, stderr, status: 'Success', details: 'Success' };
  if (exitCode !== null) return failure(exitCode, stdout, `${stderr}failed to run commands: exit status ${exitCode}`);
  if (!(await answers(script.instance))) return undefined;
  return failure(-1, stdout, `${stderr}failed to run commands: signal: killed`);
}

function failure(responseCode: number, stdout: string, stderr: string): ScriptOutcome {
  return { responseCode, stdout, stderr, status: 'Failed', details: 'Failed' };
}

/** A command may see the instance's end a moment before the instance is known to have ended. */
async function answers(instance: SandboxInstance): Promise<boolean> {
  try {
    return (await instance.exec({ command: ['true'] })).exitCode === 0;
  } catch {
    return false;
  }
}
