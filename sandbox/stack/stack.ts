import { type Deployed, deployedOf } from './deployed.ts';
import { dependencyOrder } from './dependencies.ts';
import { recordOf } from './properties.ts';
import { Resolver } from './resolver.ts';
import type { Services } from './resources/resource-type.ts';
import { type ChangeKind, changeTo, create, remove, type StackResource, update } from './stack-resource.ts';
import type { DeletionPolicy, Synthesized } from './template.ts';

/** One change of one resource, about to be made. */
export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  readonly action: Exclude<ChangeKind, 'nothing'> | 'remove';
}

export interface OperationOptions {
  /** Told before each change, in their order; a change for which it throws has failed. */
  readonly before?: (change: ResourceChange) => void | Promise<void>;
}

/** A deployment that failed; the stack is as it was before. */
export class DeploymentFailed extends Error {}

/** One thing that a deployment did, for its end and for the way back. */
type Step =
  | { readonly action: 'create'; readonly made: StackResource }
  | { readonly action: 'update' | 'replace'; readonly made: StackResource; readonly was: StackResource };

/** A resource on its way out of the stack. */
interface Leaving {
  readonly resource: StackResource;
  readonly policy: DeletionPolicy | undefined;
}

/**
 * A stack in the emulated account, as CloudFormation keeps it: an operation makes and changes resources in the order of their
 * dependencies and, in a clean-up at its end, removes what is gone or replaced. One that fails is rolled back.
 */
export class SandboxStack {
  readonly #services: Services;
  #resources = new Map<string, StackResource>();

  constructor(services: Services) {
    this.#services = services;
  }

  /** What the stack is made of now, also in the middle of a deployment. */
  get deployed(): Deployed {
    return deployedOf(this.#resources.values());
  }

  /** Creates or updates the stack. Answers with what left it and was kept. @throws DeploymentFailed */
  async deploy(synthesized: Synthesized, options: OperationOptions = {}): Promise<StackResource[]> {
    const { Resources } = synthesized.template;
    const before = new Map(this.#resources);
    const steps: Step[] = [];
    try {
      await this.#bring(synthesized, steps, options);
    } catch (error) {
      await this.#rollBack(before, steps, options);
      const why = error instanceof Error ? error.message : String(error);
      throw new DeploymentFailed(`${synthesized.stackName} is as it was, its deployment failed: ${why}`, {
        cause: error,
      });
    }
    const replaced = new Map(steps.flatMap((step) => (step.action === 'replace' ? [[step.was, step.made]] : [])));
    const leaving = inOrderOfRemoval(before.values()).flatMap((resource): Leaving[] => {
      const successor = replaced.get(resource);
      if (successor !== undefined) return [{ resource, policy: successor.template.UpdateReplacePolicy }];
      return resource.logicalId in Resources ? [] : [{ resource, policy: resource.template.DeletionPolicy }];
    });
    return this.#removeAll(leaving, options);
  }

  /** Deletes the stack. Answers with what is kept. @throws Error for a resource that cannot be deleted: try again then */
  async destroy(options: OperationOptions = {}): Promise<StackResource[]> {
    const kept: StackResource[] = [];
    for (const resource of inOrderOfRemoval(this.#resources.values())) {
      if (isDeleted(resource.template.DeletionPolicy)) await this.#remove(resource, options);
      else kept.push(resource);
      this.#resources.delete(resource.logicalId);
    }
    return kept;
  }

  async #bring(synthesized: Synthesized, steps: Step[], { before }: OperationOptions): Promise<void> {
    const { stackName, template, assetFolder } = synthesized;
    const resolver = new Resolver((logicalId) =>
      logicalId in template.Resources ? this.#resources.get(logicalId)?.physical : undefined,
    );
    for (const logicalId of dependencyOrder(template)) {
      const resource = template.Resources[logicalId];
      if (resource === undefined) continue;
      const properties = recordOf(resolver.resolve(resource.Properties ?? {}));
      const wanted = { logicalId, stackName, template: resource, properties, assetFolder };
      const was = this.#resources.get(logicalId);
      const action = changeTo(wanted, was);
      if (action !== 'nothing') await before?.({ logicalId, type: resource.Type, action });
      if (was === undefined) {
        const made = await create(wanted, this.#services);
        steps.push({ action: 'create', made });
        this.#resources.set(logicalId, made);
      } else if (action === 'nothing') {
        // its policies are those of the newest template all the same
        this.#resources.set(logicalId, { ...was, template: resource });
      } else {
        const changed =
          action === 'update' ? update(wanted, was.physical, this.#services) : create(wanted, this.#services);
        const made = await changed;
        steps.push({ action: action === 'update' ? 'update' : 'replace', made, was });
        this.#resources.set(logicalId, made);
      }
    }
  }

  /** Puts back what was changed, then removes what was made: `RetainExceptOnCreate` keeps nothing here, `Retain` does. */
  async #rollBack(
    before: ReadonlyMap<string, StackResource>,
    steps: readonly Step[],
    options: OperationOptions,
  ): Promise<void> {
    const backwards = steps.toReversed();
    for (const step of backwards) {
      if (step.action === 'update') await update(step.was, step.made.physical, this.#services);
    }
    this.#resources = new Map(before);
    const made = backwards.filter(({ action }) => action !== 'update');
    await this.#removeAll(
      made.map(({ made: resource }) => {
        const policy = resource.template.DeletionPolicy;
        return { resource, policy: policy === 'RetainExceptOnCreate' ? 'Delete' : policy };
      }),
      options,
    );
  }

  /** The clean-up: what cannot be removed then is left behind, and the operation has succeeded all the same. */
  async #removeAll(leaving: readonly Leaving[], options: OperationOptions): Promise<StackResource[]> {
    const kept: StackResource[] = [];
    for (const { resource, policy } of leaving) {
      const removed = isDeleted(policy) && (await this.#isRemoved(resource, options));
      if (!removed) kept.push(resource);
      if (this.#resources.get(resource.logicalId) === resource) this.#resources.delete(resource.logicalId);
    }
    return kept;
  }

  async #isRemoved(resource: StackResource, options: OperationOptions): Promise<boolean> {
    try {
      await this.#remove(resource, options);
      return true;
    } catch {
      return false;
    }
  }

  async #remove(resource: StackResource, { before }: OperationOptions): Promise<void> {
    await before?.({ logicalId: resource.logicalId, type: resource.template.Type, action: 'remove' });
    await remove(resource, this.#services);
  }
}

const isDeleted = (policy: DeletionPolicy | undefined): boolean => policy === undefined || policy === 'Delete';

/** Each resource before those that it depends on. */
function inOrderOfRemoval(resources: Iterable<StackResource>): StackResource[] {
  const byId = new Map([...resources].map((resource) => [resource.logicalId, resource]));
  const Resources = Object.fromEntries([...byId].map(([logicalId, { template }]) => [logicalId, template]));
  return dependencyOrder({ Resources })
    .toReversed()
    .flatMap((logicalId) => byId.get(logicalId) ?? []);
}
