import { type DurableContext, StepSemantics } from '@aws/durable-execution-sdk-js';
import type { ChangeInstanceAnswer } from '../core/contract.ts';

/** What became of a call that changes an instance. */
export type Called =
  | Extract<ChangeInstanceAnswer, { kind: 'refused' | 'not-started' }>
  | { readonly kind: 'called' }
  /** AWS may have got it. */
  | { readonly kind: 'interrupted'; readonly detail: string };

/** A step that acts, never repeated: interrupted, it is not known here whether AWS got the call. */
export async function callOnce(ctx: DurableContext, name: string, call: () => Promise<Called>): Promise<Called> {
  try {
    return await ctx.step(name, call, {
      semantics: StepSemantics.AtMostOncePerRetry,
      retryStrategy: () => ({ shouldRetry: false }),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return { kind: 'interrupted', detail: `${name} was interrupted (${why})`.slice(0, 200) };
  }
}
