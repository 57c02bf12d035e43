import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { SymptomReading } from '../core/facts.ts';

/** EC2 renews its status checks each minute. */
const POLL_SECONDS = 15;

/** Waits until the check says healthy, for a time at most: status checks take minutes. Answers with the last reading. */
export async function settle(
  ctx: DurableContext,
  read: () => Promise<SymptomReading>,
  seconds: number,
): Promise<SymptomReading> {
  const initialState: SymptomReading = { verdict: 'unknown', evidence: 'not read yet' };
  return ctx.waitForCondition<SymptomReading>('settle', read, {
    initialState,
    waitStrategy: ({ verdict }, polls) =>
      verdict === 'healthy' || polls * POLL_SECONDS >= seconds
        ? { shouldContinue: false }
        : { shouldContinue: true, delay: { seconds: POLL_SECONDS } },
  });
}
