import { startHolder } from './holders.ts';
import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';

/** The instance of each test, of 100 MiB. */
export let namespace: Namespace;
export const parameters = { TermWaitSeconds: '1', Expendable: 'command=batch-*' };
export const check = (more: Record<string, string> = {}) =>
  namespace.script('memory-pressure', 'check', { ...parameters, ...more });
export const repair = async (more: Record<string, string> = {}): Promise<Result> =>
  readResult(await namespace.script('memory-pressure', 'repair', { ...parameters, ...more }));
export const left = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
export const hold = (name: string, mebibytes: number, more: Parameters<typeof startHolder>[3] = {}) =>
  startHolder(namespace, name, mebibytes, more);
export const isAlive = async (pid: number) =>
  (await namespace.run(`grep -q '^State:[^Z]*$' /proc/${pid}/status`)).code === 0;
/** Waits until /proc/meminfo says that at least so many MiB are not available. */
export const used = (mebibytes: number) =>
  namespace.ask(`until awk '$1 == "MemTotal:" { total = $2 } $1 == "MemAvailable:" { exit total - $2 < ${mebibytes} * 1024 }' \\
    /proc/meminfo; do sleep 0.05; done`);
/** A command that stands before the system's own. */
export const standIn = (name: string, script: string) =>
  namespace.ask(`mkdir -p /given/bin; cat >/given/bin/${name} <<'END'
#!/bin/bash
${script}
END
    chmod +x /given/bin/${name}`);

beforeEach(async () => {
  namespace = await startNamespace({ memoryMiB: 100 });
});
afterEach(async () => namespace.close());
