import type { FunctionDefinition } from './function-definition.ts';
import { LambdaError, notFound } from './lambda-error.ts';
import { functionArn, parseFunctionReference } from './names.ts';

export const LATEST = '$LATEST';

/** A function together with how the caller named it. */
export interface ResolvedFunction {
  readonly definition: FunctionDefinition;
  readonly qualifier?: string;
  /** `$LATEST`, or the number of the version that the qualifier is or points to. */
  readonly version: string;
  /** ARN with the caller's qualifier, as the handler's context shows it. */
  readonly invokedArn: string;
}

/** One function: what it is now, the versions that were published of it, and where its aliases point. */
interface Registered {
  latest: FunctionDefinition;
  readonly versions: Map<string, FunctionDefinition>;
  readonly aliases: Map<string, string>;
  newest: number;
  deleting: boolean;
}

/** The functions that exist, with their versions and aliases. */
export class FunctionRegistry {
  readonly #functions = new Map<string, Registered>();
  readonly #onGone: (definition: FunctionDefinition) => void;

  /** `onGone` is told of every definition that no new invocation will run. */
  constructor(onGone: (definition: FunctionDefinition) => void) {
    this.#onGone = onGone;
  }

  /** @throws ResourceConflictException for a name that is taken */
  create(definition: FunctionDefinition): void {
    const { name } = definition;
    if (this.#functions.has(name)) throw conflict(`Function already exist: ${name}`);
    const nothing = { versions: new Map<string, FunctionDefinition>(), aliases: new Map<string, string>() };
    this.#functions.set(name, { latest: definition, ...nothing, newest: 0, deleting: false });
  }

  /** Changes `$LATEST`; versions stay what they are. */
  update(definition: FunctionDefinition): void {
    const registered = this.#find(definition.name);
    this.#onGone(registered.latest);
    registered.latest = definition;
  }

  /** Makes a version of `$LATEST`; the newest version itself, not `fresh`, where nothing changed since that. */
  publish(name: string): { readonly version: string; readonly fresh: boolean } {
    const registered = this.#find(name);
    const newest = [...registered.versions].at(-1);
    if (newest !== undefined && isSame(newest[1], registered.latest)) return { version: newest[0], fresh: false };
    registered.newest += 1;
    const version = String(registered.newest);
    // an object of its own: environments belong to one version
    registered.versions.set(version, { ...registered.latest });
    return { version, fresh: true };
  }

  /** Points an alias, new or not, to a version. */
  pointAlias(name: string, alias: string, version: string): void {
    const { versions, aliases } = this.#find(name);
    if (!versions.has(version)) throw notFound(`Function not found: ${functionArn(name, version)}`);
    aliases.set(alias, version);
  }

  removeAlias(name: string, alias: string): void {
    this.#find(name).aliases.delete(alias);
  }

  /** @throws ResourceConflictException while an alias points to this version */
  checkUnaliased(name: string, version: string): void {
    const pointing = [...this.aliasesOf(name)].filter(([, to]) => to === version).map(([alias]) => alias);
    if (pointing.length > 0) throw conflict(`version ${version} of ${name} is what ${pointing.join(', ')} points to`);
  }

  /** @throws ResourceConflictException while an alias points to it */
  removeVersion(name: string, version: string): void {
    this.checkUnaliased(name, version);
    const { versions } = this.#find(name);
    const definition = versions.get(version);
    if (definition === undefined) throw notFound(`Function not found: ${functionArn(name, version)}`);
    versions.delete(version);
    this.#onGone(definition);
  }

  /** From here on nothing invokes the function; it is still there to be read. */
  beginRemoval(name: string): void {
    this.#find(name).deleting = true;
  }

  /** Removes the function with all its versions and aliases. */
  remove(name: string): void {
    const { latest, versions } = this.#find(name);
    this.#functions.delete(name);
    for (const definition of [latest, ...versions.values()]) this.#onGone(definition);
  }

  list(): FunctionDefinition[] {
    return [...this.#functions.values()].map(({ latest }) => latest);
  }

  /** `$LATEST` and the published versions, the oldest first. */
  versionsOf(name: string): [version: string, definition: FunctionDefinition][] {
    const { latest, versions } = this.#find(name);
    return [[LATEST, latest], ...versions];
  }

  /** Aliases and the versions that they point to. */
  aliasesOf(name: string): ReadonlyMap<string, string> {
    return this.#find(name).aliases;
  }

  isDeleting(name: string): boolean {
    return this.#find(name).deleting;
  }

  /** @throws ResourceNotFoundException for a function or qualifier that does not exist */
  resolve(functionName: string, qualifierBeside?: string): ResolvedFunction {
    const { name, qualifier } = parseFunctionReference(functionName, qualifierBeside);
    const invokedArn = functionArn(name, qualifier);
    const registered = this.#functions.get(name);
    if (registered === undefined) throw notFound(`Function not found: ${invokedArn}`);
    const version = registered.aliases.get(qualifier ?? '') ?? qualifier ?? LATEST;
    const definition = version === LATEST ? registered.latest : registered.versions.get(version);
    if (definition === undefined) throw notFound(`Function not found: ${invokedArn}`);
    return { definition, version, invokedArn, ...(qualifier === undefined ? {} : { qualifier }) };
  }

  /** As `resolve`. @throws ResourceConflictException while the function is being deleted */
  invocable(functionName: string, qualifierBeside?: string): ResolvedFunction {
    const target = this.resolve(functionName, qualifierBeside);
    if (!this.isDeleting(target.definition.name)) return target;
    throw conflict(
      'The operation cannot be performed at this time. The function is currently in the following state: Deleting',
    );
  }

  #find(functionName: string): Registered {
    const { name } = parseFunctionReference(functionName);
    const registered = this.#functions.get(name);
    if (registered === undefined) throw notFound(`Function not found: ${functionArn(name)}`);
    return registered;
  }
}

/** Whether two definitions run the same: where the code lies and who takes dead letters is no part of that. */
function isSame(one: FunctionDefinition, other: FunctionDefinition): boolean {
  const text = (definition: FunctionDefinition) => JSON.stringify({ ...definition, bundleFolder: '' });
  return text(one) === text(other);
}

function conflict(message: string): LambdaError {
  return new LambdaError('ResourceConflictException', message, 409);
}
