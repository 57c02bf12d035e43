import type { Input } from './input.ts';
import { integerField, stringField } from './input.ts';
import { SsmError } from './ssm-error.ts';

const MAXIMUM_RESULTS = 50;

/** One page of a list by the call's MaxResults and NextToken, and the token of the next page where there is one. */
export function paginate<T>(input: Input, all: readonly T[]): { page: T[]; nextToken?: string } {
  const size = integerField(input, 'MaxResults', 1, MAXIMUM_RESULTS) ?? MAXIMUM_RESULTS;
  const token = stringField(input, 'NextToken');
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0 || start > all.length) {
    throw new SsmError('InvalidNextToken', `the token ${token} is not valid`);
  }
  const end = start + size;
  return { page: all.slice(start, end), ...(end < all.length ? { nextToken: String(end) } : {}) };
}
