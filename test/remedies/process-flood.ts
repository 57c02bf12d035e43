import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';

/** The instance of each test. */
export let namespace: Namespace;
export const parameters = {
  ThresholdCount: '60',
  SampleSeconds: '1',
  TermWaitSeconds: '2',
  Expendable: 'command=batch-*',
};
export const script = (name: 'check' | 'repair' | 'undo', more: Record<string, string> = {}) =>
  namespace.script('process-flood', name, { ...parameters, ...more });
export const check = (more: Record<string, string> = {}) => script('check', more);
export const repair = async (more: Record<string, string> = {}): Promise<Result> =>
  readResult(await script('repair', more));
export const left = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
/** State of a process, `gone` where it has ended. */
export const stateOf = async (pid: number) =>
  (await namespace.ask(`ps -o stat= -p ${pid} | grep -v Z || echo gone`)).trim().slice(0, 4);
export const isAlive = async (pid: number) => (await stateOf(pid)) !== 'gone';
export const countOf = async (name: string) =>
  Number(await namespace.ask(`ps -eo stat=,comm= | grep -v ^Z | grep -c " $NAME$" || true`, { NAME: name }));
/** A copy of `sleep` of this name is started so many times by one parent, which ends; their pids. */
export const startMany = async (name: string, count: number): Promise<number[]> => {
  const pids = await namespace.ask(
    `mkdir -p /run/programs; cp /usr/bin/sleep "/run/programs/$NAME"
    setsid bash -c 'for ((n = 0; n < $2; n++)); do "/run/programs/$1" 1000 </dev/null >/dev/null 2>&1 & echo $!; done' bash "$NAME" ${count}`,
    { NAME: name },
  );
  return pids.trim().split('\n').map(Number);
};
/** Python that becomes so many processes, which wait. */
export const spread = (count: number) => `import os, signal, sys, time
for _ in range(${count - 1}):
    if os.fork() == 0:
        while True: signal.pause()
`;
/** Python that notes that it went on, and so that it had been held. */
export const NOTE_HELD = "import signal\nsignal.signal(signal.SIGCONT, lambda *_: open('/run/went-on', 'w').close())\n";
export const WAIT = 'while True: signal.pause()';
export const READY = "open('/run/ready', 'w').close()";

beforeEach(async () => {
  namespace = await startNamespace({});
});
afterEach(async () => namespace.close());

/** How many of the decoys are the processes that they were, and how many there are. */
export const spared = async () =>
  (
    await namespace.ask(`while read -r pid start name; do
      stat=(); read -r -a stat </proc/$pid/stat; echo "$name $((\${stat[21]:-0} - start)) \${stat[2]/[RS]/alive}"
    done </run/sandbox-decoys-process-flood | sort | uniq -c`)
  ).trim();
export const ALL = ['2 batch-report 0 alive', '5 ledger-server 0 alive'];
