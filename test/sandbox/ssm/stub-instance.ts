import type { InsideCommand, InsideResult, SandboxInstance } from '../../../sandbox/instance/instance.ts';

/** An instance without a machine: its commands end as `answer` says, or stay until they are aborted or released. */
export class StubInstance implements SandboxInstance {
  readonly instanceId: string;
  readonly scripts: InsideCommand[] = [];
  running = true;
  answer: Partial<InsideResult> | 'wait' = {};
  readonly #waiting = new Set<(result: Partial<InsideResult>) => void>();

  constructor(instanceId: string) {
    this.instanceId = instanceId;
  }

  async exec(command: InsideCommand): Promise<InsideResult> {
    const done: InsideResult = { exitCode: 0, stdout: '', stderr: '', timedOut: false };
    if (command.timeoutSeconds === undefined) return done;
    this.scripts.push(command);
    if (this.answer !== 'wait') return { ...done, ...this.answer };
    const late = await new Promise<Partial<InsideResult>>((resolve) => {
      this.#waiting.add(resolve);
      command.abortSignal?.addEventListener('abort', () => resolve({ exitCode: null }));
    });
    return { ...done, ...late };
  }

  /** Lets one waiting command end. */
  release(): void {
    const [first] = this.#waiting;
    if (first === undefined) throw new Error('no command waits');
    this.#waiting.delete(first);
    first({});
  }

  async metrics(): Promise<never> {
    throw new Error('a stub has no metrics');
  }

  readFile(): undefined {
    return undefined;
  }

  async listen(): Promise<never> {
    throw new Error('a stub has no loopback');
  }

  async stop(): Promise<void> {
    this.running = false;
  }
}
