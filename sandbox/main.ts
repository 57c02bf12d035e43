import { join } from 'node:path';
import type { Config } from '../lib/config/config.ts';
import { SANDBOX_CONFIG } from './default-config.ts';
import { limitedInstances } from './instance/prerequisites.ts';
import { HELP, parseOptions, type RunOptions, UsageError } from './options.ts';
import { PrerequisiteError, requireEmptied, requireMachine, requirePort, requirePython } from './prerequisites.ts';

/** Emptied at each start, so only where it lies may be chosen, by `SANDBOX_IN`, and never what it is called. */
const FOLDER = join(process.env['SANDBOX_IN'] ?? join(import.meta.dirname, '..'), '.sandbox');

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    print(HELP);
    return 0;
  }
  const config = await configOf(options);
  requireMachine();
  await requirePort(options.port);
  requireEmptied(FOLDER);
  print(
    `self-healing sandbox: ${options.instances} instances; alarm periods, waits and soaks run ${options.speed} times as fast as real time (--speed), scripts in real time`,
  );
  const limits = limitedInstances();
  if (limits !== undefined) print(`note: ${limits}`);
  await requirePython(print);
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('interrupted'));
  });
  // loaded only now: a word on what is wrong or allowed comes at once
  const [{ startSandbox }, { tour }, { whereToLook }] = await Promise.all([
    import('./sandbox.ts'),
    import('./tour/tour.ts'),
    import('./tour/where-to-look.ts'),
  ]);
  const sandbox = await startSandbox({
    folder: FOLDER,
    instances: options.instances,
    port: options.port,
    speed: options.speed,
    config,
  });
  try {
    const instances = [...sandbox.fleet.members.keys()];
    print(
      `AWS endpoint ${sandbox.endpoint}; stack ${sandbox.stackName} from its template; instances ${instances.join(', ')}`,
    );
    const resume = { request: 'resume', requestedBy: 'tour', reason: 'first start of the sandbox' };
    print(`a new stack is paused; a person asks: ${JSON.stringify(resume)}`);
    print(`answer: ${JSON.stringify(await sandbox.invoke('answerRequest', resume))}`);
    const touring = options.tour ? tour(sandbox, print) : Promise.resolve(true);
    const outcome = await Promise.race([touring, interrupted]);
    if (outcome === 'interrupted') return 130;
    print(whereToLook(sandbox, !options.once));
    if (options.once) {
      print(outcome ? 'all recovered, every decoy spared' : 'NOT all recovered, or a decoy was lost: see above');
      return outcome ? 0 : 1;
    }
    await interrupted;
    return 0;
  } finally {
    await sandbox.stop();
  }
}

/** Somebody's configuration brings the CDK along, and so is loaded only where it is asked for. */
async function configOf({ config }: RunOptions): Promise<Config> {
  if (config === undefined) return SANDBOX_CONFIG;
  const { readConfig } = await import('./read-config.ts');
  return readConfig(config);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const expected = error instanceof UsageError || error instanceof PrerequisiteError;
    process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(expected ? 2 : 1);
  },
);
