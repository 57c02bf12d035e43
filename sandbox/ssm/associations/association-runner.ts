import { randomUUID } from 'node:crypto';
import type { ScaledClock } from '../../clock.ts';
import type { Command, Invocation } from '../commands.ts';
import { Delivery, type DeliveryContext, executionSeconds } from '../delivery.ts';
import { isReachable, type ManagedInstances } from '../managed-instance.ts';
import type { Association, AssociationExecution, ExecutionTarget, TargetStatus } from './association.ts';
import { concurrencyOf, stopsAt } from './rate-controls.ts';

/** An instance that is asked and does not answer holds up a run for so long. */
const DELIVERY_SECONDS = 3600;

type ChooseInstances = () => Promise<readonly string[]>;
/** Whether the rate controls hold a run back. */
type Rate = 'held-back' | 'all-at-once';

/** Runs associations on instances, as their rate controls allow. */
export class AssociationRunner {
  readonly #instances: ManagedInstances;
  readonly #clock: ScaledClock;
  readonly #delivery: Delivery;
  readonly #ends = new Map<Invocation, () => void>();
  readonly #runs = new Map<Association, Promise<void>>();
  #stopped = false;

  constructor(context: DeliveryContext) {
    this.#instances = context.instances;
    this.#clock = context.clock;
    this.#delivery = new Delivery(context, (_, invocation) => this.#ends.get(invocation)?.());
  }

  isBusy(association: Association): boolean {
    return this.#runs.has(association);
  }

  /** One run on the instances that are chosen then, once the association's run before it has ended. */
  async run(association: Association, choose: ChooseInstances, rate: Rate): Promise<void> {
    const before = this.#runs.get(association) ?? Promise.resolve();
    const run = before
      // What became of that was told to whoever started it.
      .catch(() => {})
      .then(() => this.#run(association, choose, rate))
      .finally(() => {
        if (this.#runs.get(association) === run) this.#runs.delete(association);
      });
    this.#runs.set(association, run);
    await run;
  }

  async #run(association: Association, choose: ChooseInstances, rate: Rate): Promise<void> {
    const instanceIds = await choose();
    if (instanceIds.length === 0) return;
    const targets = instanceIds.map(
      (instanceId): ExecutionTarget => ({
        instanceId,
        status: 'Pending',
        command: undefined,
        endedAtMillis: undefined,
      }),
    );
    const { version } = association;
    const execution = { id: randomUUID(), version, createdAtMillis: this.#clock.nowMillis(), targets };
    association.executions.push(execution);
    const { rateControls } = association.content;
    // One that is offline stays pending, and holds up none.
    const waiting = targets.filter(({ instanceId }) => isReachable(this.#instances.get(instanceId)));
    const lanes = rate === 'all-at-once' ? waiting.length : concurrencyOf(rateControls, targets.length);
    await Promise.all(Array.from({ length: lanes }, () => this.#work(association, execution, waiting)));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#delivery.stop();
    for (const end of this.#ends.values()) end();
    await Promise.allSettled(this.#runs.values());
  }

  async #work(association: Association, { version, targets }: AssociationExecution, waiting: ExecutionTarget[]) {
    for (let target = waiting.shift(); target !== undefined && !this.#stopped; target = waiting.shift()) {
      const failures = targets.filter(({ status }) => status === 'Failed' || status === 'TimedOut').length;
      const isStopped = stopsAt(association.content.rateControls, targets.length, failures);
      // One that was changed meanwhile is run again by whoever changed it.
      if (isStopped || association.version !== version) target.status = 'Skipped';
      else await this.#runOn(target, association);
    }
  }

  async #runOn(target: ExecutionTarget, association: Association): Promise<void> {
    const command = this.#commandFor(target.instanceId, association);
    const [invocation] = command.invocations;
    if (invocation === undefined) return;
    target.command = command;
    target.status = 'InProgress';
    const ended = new Promise<void>((resolve) => {
      this.#ends.set(invocation, resolve);
    });
    this.#delivery.accept(command, invocation);
    await ended;
    this.#ends.delete(invocation);
    target.status = statusOf(invocation);
    target.endedAtMillis = this.#clock.nowMillis();
  }

  #commandFor(instanceId: string, { content }: Association): Command {
    const { document, given, values } = content;
    const requestedAtMillis = this.#clock.nowMillis();
    const lifetimeSeconds = DELIVERY_SECONDS + executionSeconds({ document, values });
    return {
      id: randomUUID(),
      documentName: document.name,
      documentVersion: '$DEFAULT',
      document,
      comment: '',
      given,
      values,
      instanceIds: [instanceId],
      targets: [],
      timeoutSeconds: DELIVERY_SECONDS,
      requestedAtMillis,
      sentAtRealMillis: Date.now(),
      expiresAtMillis: requestedAtMillis + lifetimeSeconds * 1000,
      invocations: [
        { instanceId, cancel: new AbortController(), state: { status: 'Pending', details: 'Pending' }, steps: [] },
      ],
    };
  }
}

function statusOf({ state }: Invocation): TargetStatus {
  if (state.status === 'Success' || state.status === 'TimedOut') return state.status;
  return 'Failed';
}
