import { invalidParameter } from './lambda-error.ts';

const ARN_PREFIX = 'arn:aws:lambda:us-east-1:123456789012:function:';
const REFERENCE =
  /^(?:arn:aws:lambda:us-east-1:123456789012:function:|123456789012:function:)?([A-Za-z0-9-_]{1,64})(?::(\$LATEST|[A-Za-z0-9-_]{1,128}))?$/;

/** A function as a caller named it. */
export interface FunctionReference {
  readonly name: string;
  /** Alias, version number or `$LATEST`; absent where the caller gave none. */
  readonly qualifier?: string;
}

/** ARN of a function, or of one of its aliases or versions. */
export function functionArn(name: string, qualifier?: string): string {
  return `${ARN_PREFIX}${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
}

/**
 * Reads `name`, `name:alias`, a partial or a full ARN, each with the qualifier beside it or not.
 * @throws InvalidParameterValueException for other forms and for two qualifiers that differ
 */
export function parseFunctionReference(text: string, qualifier?: string): FunctionReference {
  const match = REFERENCE.exec(text);
  const name = match?.[1];
  if (name === undefined) {
    throw invalidParameter(`function name '${text}' is neither a name, name:qualifier nor an ARN of this account`);
  }
  const derived = match?.[2];
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  const chosen = derived ?? qualifier;
  return chosen === undefined ? { name } : { name, qualifier: chosen };
}

/** ARN of one durable execution; carries the version that it is pinned to, never an alias. */
export function executionArn(functionName: string, version: string, executionName: string, id: string): string {
  return `${functionArn(functionName, version)}/durable-execution/${executionName}/${id}`;
}
