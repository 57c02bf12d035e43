import { randomUUID } from 'node:crypto';
import type { ScaledClock } from '../../clock.ts';
import type { Command } from '../commands.ts';
import type { DeliveryContext } from '../delivery.ts';
import type { Documents } from '../documents.ts';
import type { Input } from '../input.ts';
import { isReachable } from '../managed-instance.ts';
import { SsmError } from '../ssm-error.ts';
import { isTargeted } from '../targets.ts';
import { type Association, newestTargets, overviewOf } from './association.ts';
import { AssociationRunner } from './association-runner.ts';
import { readAssociation } from './read-association.ts';

/** How often instances are looked for that an association has not run on, in seconds of the sandbox's clock. */
const LOOK_SECONDS = 60;
/** How often whoever waits for an association looks at it, in real milliseconds. */
const POLL_MILLIS = 50;

export interface AssociationOptions extends DeliveryContext {
  readonly documents: Documents;
  readonly instanceTags: (instanceId: string) => Promise<Record<string, string>>;
  /** Told of a run that could not be made. */
  readonly onProblem: (problem: string) => void;
}

/**
 * State Manager: runs each association when it is made or changed, by its schedule, and on instances that are new to it.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-targets-and-rate-controls.html
 */
export class Associations {
  readonly #options: AssociationOptions;
  readonly #clock: ScaledClock;
  readonly #runner: AssociationRunner;
  readonly #all = new Map<string, Association>();
  readonly #schedules = new Map<string, () => void>();
  readonly #stopLooking: () => void;

  constructor(options: AssociationOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#runner = new AssociationRunner(options);
    this.#stopLooking = this.#clock.every(LOOK_SECONDS, () => {
      for (const association of this.#all.values()) this.#start(() => this.#runOnNew(association));
    });
  }

  get all(): readonly Association[] {
    return [...this.#all.values()];
  }

  /** Commands by which associations run; they are none of SendCommand's. */
  get commands(): readonly Command[] {
    return this.all.flatMap(({ executions }) =>
      executions.flatMap(({ targets }) => targets.flatMap(({ command }) => command ?? [])),
    );
  }

  /** The association of an id; fails with AssociationDoesNotExist. */
  get(id: string): Association {
    const association = this.#all.get(id);
    if (association === undefined) throw new SsmError('AssociationDoesNotExist', `no association ${id}`);
    return association;
  }

  /** Makes an association of what CreateAssociation says, and starts its first run. */
  create(input: Input): Association {
    const nowMillis = this.#clock.nowMillis();
    const content = readAssociation(input, this.#options.documents);
    const times = { createdAtMillis: nowMillis, updatedAtMillis: nowMillis };
    const association: Association = { id: randomUUID(), ...times, version: 1, content, executions: [] };
    this.#all.set(association.id, association);
    this.#begin(association);
    return association;
  }

  /** Makes an association's next version, and starts its run. */
  update(id: string, input: Input): Association {
    const association = this.get(id);
    association.content = readAssociation(input, this.#options.documents);
    association.version += 1;
    association.updatedAtMillis = this.#clock.nowMillis();
    this.#begin(association);
    return association;
  }

  /** Removes an association: what it has begun on instances ends by itself, and nothing more is begun. */
  delete(id: string): void {
    const association = this.get(id);
    association.version += 1;
    this.#schedules.get(id)?.();
    this.#schedules.delete(id);
    this.#all.delete(association.id);
  }

  /** Starts a run on all that an association means, as its schedule does. */
  runNow(id: string): void {
    const association = this.get(id);
    this.#start(() => this.#run(association));
  }

  /** How an association stands once it is no longer pending, or after seconds of the sandbox's clock. */
  async settled(id: string, withinSeconds: number): Promise<ReturnType<typeof overviewOf>> {
    const untilMillis = this.#clock.nowMillis() + withinSeconds * 1000;
    for (;;) {
      const overview = overviewOf(newestTargets(this.get(id)).values());
      if (overview !== 'Pending' || this.#clock.nowMillis() >= untilMillis) return overview;
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }

  async stop(): Promise<void> {
    this.#stopLooking();
    for (const cancel of this.#schedules.values()) cancel();
    await this.#runner.stop();
  }

  #begin(association: Association): void {
    this.#schedules.get(association.id)?.();
    const { everySeconds } = association.content;
    if (everySeconds !== undefined) {
      this.#schedules.set(
        association.id,
        this.#clock.every(everySeconds, () => this.runNow(association.id)),
      );
    }
    this.runNow(association.id);
  }

  /** Who asked does not wait for it: what becomes of a run stands in its targets. */
  #start(run: () => Promise<void>): void {
    run().catch((error: unknown) => this.#options.onProblem(`State Manager: ${String(error)}`));
  }

  async #run(association: Association): Promise<void> {
    await this.#runner.run(association, () => this.#targetsOf(association), 'held-back');
  }

  /** An instance that is new runs it at once, whatever the rate controls say. */
  async #runOnNew(association: Association): Promise<void> {
    if (this.#runner.isBusy(association)) return;
    const fresh = async () => {
      const known = newestTargets(association);
      const isNew = (id: string): boolean => (known.get(id)?.status ?? 'Pending') === 'Pending';
      const targets = await this.#targetsOf(association);
      return targets.filter((id) => isNew(id) && isReachable(this.#options.instances.get(id)));
    };
    await this.#runner.run(association, fresh, 'all-at-once');
  }

  async #targetsOf({ id: associationId, content: { target } }: Association): Promise<string[]> {
    const { instances, instanceTags } = this.#options;
    if (!this.#all.has(associationId)) return [];
    if (target.Key === 'InstanceIds') return target.Values.includes('*') ? [...instances.keys()] : [...target.Values];
    const ids: string[] = [];
    for (const id of instances.keys()) if (await isTargeted(id, [target], instanceTags)) ids.push(id);
    return ids;
  }
}
