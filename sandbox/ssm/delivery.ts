import type { ScaledClock } from '../clock.ts';
import type { SandboxInstance } from '../instance/instance.ts';
import { InstanceNotRunning } from '../instance/instance.ts';
import type { Command, Invocation, StatusWithDetails, StepResult } from './commands.ts';
import { isFinal } from './commands.ts';
import type { CommandFaults } from './faults.ts';
import { timeoutSecondsOf } from './interpolate.ts';
import type { ManagedInstances } from './managed-instance.ts';
import { isReachable } from './managed-instance.ts';
import { orchestrationFolder, runDocument, statusOfSteps } from './run-document.ts';

/** Commands that one instance's agent runs at a time. */
const CONCURRENT_COMMANDS = 5;
/** Commands whose scripts stay on an instance's disk. */
const KEPT_COMMANDS = 20;
/** How often waiting commands are tried again, in real milliseconds. */
const RETRY_MILLIS = 100;

interface Waiting {
  readonly command: Command;
  readonly invocation: Invocation;
  readonly notBeforeRealMillis: number;
  readonly cancelDeadline: () => void;
}

/** What commands are brought to, and how. */
export interface DeliveryContext {
  readonly instances: ManagedInstances;
  readonly clock: ScaledClock;
  readonly faults: CommandFaults;
  /** Where an instance's metadata is to be had. @default nowhere */
  readonly metadataEndpoint?: (instance: SandboxInstance) => Promise<string>;
}

/** Brings commands to instances, a few at a time, and keeps their invocations up to date. */
export class Delivery {
  readonly #instances: ManagedInstances;
  readonly #clock: ScaledClock;
  readonly #faults: CommandFaults;
  readonly #metadataEndpoint: DeliveryContext['metadataEndpoint'];
  readonly #onFinal: (command: Command, invocation: Invocation) => void;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<Invocation, Promise<void>>();
  readonly #delivered = new Map<string, string[]>();
  readonly #deadlines = new Set<() => void>();
  readonly #retry: NodeJS.Timeout;
  #stopped = false;

  constructor(context: DeliveryContext, onFinal: (command: Command, invocation: Invocation) => void) {
    this.#instances = context.instances;
    this.#clock = context.clock;
    this.#faults = context.faults;
    this.#metadataEndpoint = context.metadataEndpoint;
    this.#onFinal = onFinal;
    this.#retry = setInterval(() => this.#deliverWaiting(), RETRY_MILLIS);
    this.#retry.unref();
  }

  /** Takes one command for one instance; it arrives as soon as the instance has room, or times out. */
  accept(command: Command, invocation: Invocation): void {
    const { delayMillis } = this.#faults;
    const cancelDeadline = this.#deadline(command.timeoutSeconds, () => {
      this.#forget(invocation);
      this.#finish(command, invocation, { status: 'TimedOut', details: 'DeliveryTimedOut' });
    });
    this.#waiting.push({ command, invocation, notBeforeRealMillis: Date.now() + delayMillis, cancelDeadline });
    this.#deliverWaiting();
  }

  /** Asks for an end: at once while it waits, by killing its processes while it runs. */
  cancel(command: Command, invocation: Invocation): void {
    if (isFinal(invocation.state)) return;
    if (this.#forget(invocation)) {
      this.#finish(command, invocation, { status: 'Cancelled', details: 'Cancelled' });
      return;
    }
    invocation.state = { status: 'Cancelling', details: 'Cancelling' };
    invocation.cancel.abort();
  }

  /** Ends what runs, drops what waits, and waits for the former. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#retry);
    this.#waiting.length = 0;
    for (const cancel of this.#deadlines) cancel();
    for (const invocation of this.#running.keys()) invocation.cancel.abort();
    await Promise.all(this.#running.values());
  }

  #deliverWaiting(): void {
    // A copy: what is delivered leaves the list.
    const tried = [...this.#waiting];
    for (const waiting of tried) {
      if (this.#stopped || Date.now() < waiting.notBeforeRealMillis) continue;
      const { command, invocation } = waiting;
      const managed = this.#instances.get(invocation.instanceId);
      if (!isReachable(managed) || this.#faults.loses(invocation.instanceId) || this.#isBusy(invocation.instanceId))
        continue;
      this.#forget(invocation);
      const run = this.#run(command, invocation, managed.instance).finally(() => {
        this.#running.delete(invocation);
        this.#deliverWaiting();
      });
      this.#running.set(invocation, run);
    }
  }

  #isBusy(instanceId: string): boolean {
    const running = [...this.#running.keys()].filter((invocation) => invocation.instanceId === instanceId);
    return running.length >= CONCURRENT_COMMANDS;
  }

  async #run(command: Command, invocation: Invocation, instance: SandboxInstance): Promise<void> {
    invocation.state = { status: 'InProgress', details: 'InProgress' };
    try {
      await this.#dropOldScripts(command, instance);
      const steps = await runDocument(command, {
        instance,
        clock: this.#clock,
        abortSignal: invocation.cancel.signal,
        metadataEndpoint: await this.#metadataEndpoint?.(instance),
        onStep: (done) => {
          invocation.steps = done.map((step) => this.#maimed(step));
        },
      });
      if (steps === undefined) this.#loseInstance(command, invocation);
      else this.#finish(command, invocation, statusOfSteps(command, steps));
    } catch (error) {
      if (error instanceof InstanceNotRunning) this.#loseInstance(command, invocation);
      else this.#finish(command, invocation, { status: 'Failed', details: 'Undeliverable' });
    }
  }

  /** Nobody reports any more: the command looks as if it ran until its time is over. */
  #loseInstance(command: Command, invocation: Invocation): void {
    const seconds = executionSeconds(command);
    this.#deadline(seconds, () =>
      this.#finish(command, invocation, { status: 'TimedOut', details: 'ExecutionTimedOut' }),
    );
  }

  async #dropOldScripts(command: Command, instance: SandboxInstance): Promise<void> {
    const { instanceId } = instance;
    const delivered = this.#delivered.get(instanceId) ?? [];
    this.#delivered.set(instanceId, delivered);
    delivered.push(command.id);
    if (delivered.length <= KEPT_COMMANDS) return;
    const folders = delivered
      .splice(0, delivered.length - KEPT_COMMANDS)
      .map((id) => orchestrationFolder(instanceId, id));
    await instance.exec({ command: ['rm', '-rf', '--', ...folders] });
  }

  #maimed(step: StepResult): StepResult {
    const bytes = this.#faults.truncateStdoutBytes;
    return bytes === undefined ? step : { ...step, stdout: Buffer.from(step.stdout).subarray(0, bytes).toString() };
  }

  #finish(command: Command, invocation: Invocation, state: StatusWithDetails): void {
    if (isFinal(invocation.state)) return;
    invocation.state = state;
    if (!this.#stopped) this.#onFinal(command, invocation);
  }

  /** Takes an invocation off the waiting ones; tells whether it was among them. */
  #forget(invocation: Invocation): boolean {
    const index = this.#waiting.findIndex((waiting) => waiting.invocation === invocation);
    if (index < 0) return false;
    this.#waiting[index]?.cancelDeadline();
    this.#waiting.splice(index, 1);
    return true;
  }

  #deadline(seconds: number, call: () => void): () => void {
    const cancelTimer = this.#clock.after(seconds, () => {
      this.#deadlines.delete(cancel);
      call();
    });
    const cancel = () => {
      this.#deadlines.delete(cancel);
      cancelTimer();
    };
    this.#deadlines.add(cancel);
    return cancel;
  }
}

/** Seconds that all steps together may take. */
export function executionSeconds(command: Pick<Command, 'document' | 'values'>): number {
  const { content } = command.document;
  return content.steps.reduce((sum, step) => sum + timeoutSecondsOf(content, command.values, step), 0);
}
