import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';

/** The instance of each test, whose waits are hurried. */
export let namespace: Namespace;
export const parameters = { SampleSeconds: '1', TermWaitSeconds: '1', Expendable: 'command=batch-*' };
export const check = (more: Record<string, string> = {}) =>
  namespace.script('zombies', 'check', { ...parameters, ...more });
export const repair = async (more: Record<string, string> = {}): Promise<Result> =>
  readResult(await namespace.script('zombies', 'repair', { ...parameters, ...more }));
export const left = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
export const isAlive = async (pid: number) =>
  (await namespace.run(`grep -q '^State:[^Z]*$' /proc/${pid}/status`)).code === 0;
export const zombiesOf = async (pid: number) =>
  Number(await namespace.ask(`ps -o state= --ppid ${pid} | grep -c Z || true`));
/** Forks so many children that end at once. */
export const fork = (count: number) => `for _ in range(${count}):
    if os.fork() == 0: os._exit(0)
`;
export const READY = "open('/run/ready', 'w').close()\nwhile True: signal.pause()";

beforeEach(async () => {
  namespace = await startNamespace({ hurried: true });
});
afterEach(async () => namespace.close());
