import { parseArgs } from 'node:util';

/** How the sandbox was asked to run. */
export interface RunOptions {
  readonly once: boolean;
  readonly tour: boolean;
  readonly instances: number;
  readonly port: number;
  readonly speed: number;
  /** Path of a configuration. @default the sandbox's own */
  readonly config?: string;
}

/** The command line cannot be understood; the message says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `npm start -- [options]

The whole system on this machine: emulated AWS on one loopback endpoint, the stack's
resources from its template, instances as Linux namespaces, real faults, real scripts.

  --once          leave after the tour; exit 0 only if everything recovered and every decoy was spared
  --no-tour       bring it up and break nothing
  --instances N   1 to 20 (default 3)
  --port N        AWS endpoint, 0 to 65535, 0 takes any free one (default 4566)
  --speed N       1 to 60: alarm periods, waits and soaks run N times as fast (default 12); scripts run in real time
  --config FILE   deploys that configuration, its own remedies included; every remedy acts
  --help          this text

Everything it writes is in .sandbox/ of the project; of the folder that the environment variable
SANDBOX_IN names, where a second sandbox shall run beside the first (then also with --port 0).
`;

/** Reads the command line; throws a UsageError that says what was wrong, what was got and what is allowed. */
export function parseOptions(args: readonly string[]): RunOptions | 'help' {
  const values = readValues(args);
  if (values.help === true) return 'help';
  const options = {
    once: values.once === true,
    tour: values['no-tour'] !== true,
    instances: wholeNumber('--instances', values.instances ?? '3', 1, 20),
    port: wholeNumber('--port', values.port ?? '4566', 0, 65_535),
    speed: wholeNumber('--speed', values.speed ?? '12', 1, 60),
    ...(values.config === undefined ? {} : { config: values.config }),
  };
  if (options.once && !options.tour)
    throw new UsageError('--once leaves after the tour: it does not go with --no-tour');
  return options;
}

function readValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        'no-tour': { type: 'boolean' },
        instances: { type: 'string' },
        port: { type: 'string' },
        speed: { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${name} is ${JSON.stringify(text)}, allowed is a whole number from ${least} to ${most}`);
}
