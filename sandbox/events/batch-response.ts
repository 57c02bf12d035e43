import type { InvokeResult } from '../lambda/function-definition.ts';
import { listOf, recordOf } from '../stack/properties.ts';

/** Which records of a batch a function reports as failed: all of them where it failed itself. */
export function failedIdentifiers({ functionError, payload }: InvokeResult): 'all' | ReadonlySet<string> {
  if (functionError !== undefined) return 'all';
  const answer = recordOf(payload === '' ? {} : JSON.parse(payload));
  const failures = listOf(answer['batchItemFailures']);
  return new Set(failures.map((failure) => String(recordOf(failure)['itemIdentifier'])));
}
