const CUT = '--output truncated--';
const ERROR_TITLE = '\n----------ERROR-------\n';
const CUT_OUTPUT = '\n---Output truncated---';

const MAXIMUM_STDOUT_CHARACTERS = 24_000;
const MAXIMUM_STDERR_CHARACTERS = 8000;
const MAXIMUM_PLUGIN_CHARACTERS = 2500;

/** Standard output as GetCommandInvocation returns it. */
export function cutStdout(stdout: string): string {
  return cut(stdout, MAXIMUM_STDOUT_CHARACTERS, CUT);
}

/** Standard error as GetCommandInvocation returns it. */
export function cutStderr(stderr: string): string {
  return cut(stderr, MAXIMUM_STDERR_CHARACTERS, CUT);
}

/** Both as ListCommandInvocations returns them: one text. */
export function cutPluginOutput(stdout: string, stderr: string): string {
  return cut(stderr === '' ? stdout : `${stdout}${ERROR_TITLE}${stderr}`, MAXIMUM_PLUGIN_CHARACTERS, CUT_OUTPUT);
}

function cut(text: string, maximum: number, suffix: string): string {
  return text.length <= maximum ? text : text.slice(0, maximum - suffix.length) + suffix;
}
