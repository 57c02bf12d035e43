import type { FunctionDefinition } from './function-definition.ts';
import { notFound } from './lambda-error.ts';
import { functionArn, parseFunctionReference } from './names.ts';

const PUBLISHED_VERSION = '1';

/** A function together with how the caller named it. */
export interface ResolvedFunction {
  readonly definition: FunctionDefinition;
  readonly qualifier?: string;
  /** `$LATEST`, or `1`: what every alias points to. */
  readonly version: string;
  /** ARN with the caller's qualifier, as the handler's context shows it. */
  readonly invokedArn: string;
}

/** The functions that exist. */
export class FunctionRegistry {
  readonly #definitions = new Map<string, FunctionDefinition>();

  /** @throws Error for a name that is taken */
  register(definition: FunctionDefinition): void {
    if (this.#definitions.has(definition.name)) {
      throw new Error(`function '${definition.name}' is already registered, names must differ`);
    }
    this.#definitions.set(definition.name, definition);
  }

  list(): FunctionDefinition[] {
    return [...this.#definitions.values()];
  }

  /** @throws ResourceNotFoundException for a function or qualifier that does not exist */
  resolve(functionName: string, qualifierBeside?: string): ResolvedFunction {
    const { name, qualifier } = parseFunctionReference(functionName, qualifierBeside);
    const invokedArn = functionArn(name, qualifier);
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw notFound(`Function not found: ${invokedArn}`);
    if (qualifier === undefined || qualifier === '$LATEST') {
      return { definition, version: '$LATEST', invokedArn, ...(qualifier === undefined ? {} : { qualifier }) };
    }
    if (qualifier !== PUBLISHED_VERSION && !definition.aliases.includes(qualifier)) {
      throw notFound(`Function not found: ${invokedArn}`);
    }
    return { definition, qualifier, version: PUBLISHED_VERSION, invokedArn };
  }
}
