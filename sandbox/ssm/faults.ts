/** What tests and the sandbox's tour may break in the delivery of commands. */
export class CommandFaults {
  /** Real milliseconds by which every delivery is late. */
  delayMillis = 0;
  /** Bytes of stdout that are kept, where fewer than AWS keeps. */
  truncateStdoutBytes: number | undefined;
  readonly #unreachable = new Set<string>();

  /** Commands for the instance are accepted and never arrive. */
  neverDeliver(instanceId: string): void {
    this.#unreachable.add(instanceId);
  }

  /** Takes `neverDeliver` back; what still waits arrives. */
  deliverAgain(instanceId: string): void {
    this.#unreachable.delete(instanceId);
  }

  /** Tells whether commands for the instance get lost. */
  loses(instanceId: string): boolean {
    return this.#unreachable.has(instanceId);
  }
}
