import type { DurableExecutions } from './durable/durable-executions.ts';
import type { FunctionRegistry } from './function-registry.ts';

/** Deletes functions and versions: as in AWS, a durable one goes only when its last running execution has closed. */
export class Removals {
  readonly #registry: FunctionRegistry;
  readonly #executions: DurableExecutions;
  readonly #functions = new Map<string, Promise<void>>();

  constructor(registry: FunctionRegistry, executions: DurableExecutions) {
    this.#registry = registry;
    this.#executions = executions;
  }

  /** Resolves when it is gone. @throws LambdaError at once for what AWS would refuse */
  remove(functionName: string, version?: string): Promise<void> {
    const { definition, qualifier } = this.#registry.resolve(functionName, version);
    const { name } = definition;
    return qualifier === undefined ? this.#removeFunction(name) : this.#removeVersion(name, qualifier);
  }

  #removeFunction(name: string): Promise<void> {
    const begun = this.#functions.get(name);
    if (begun !== undefined) return begun;
    this.#registry.beginRemoval(name);
    const removal = this.#drained(name).then(() => {
      this.#registry.remove(name);
      this.#functions.delete(name);
    });
    this.#functions.set(name, removal);
    return removal;
  }

  #removeVersion(name: string, version: string): Promise<void> {
    this.#registry.checkUnaliased(name, version);
    return this.#drained(name, version).then(() => this.#registry.removeVersion(name, version));
  }

  async #drained(name: string, version?: string): Promise<void> {
    const running = this.#executions.of(name, version).filter(({ status }) => status === 'RUNNING');
    await Promise.all(running.map(({ closed }) => closed));
  }
}
