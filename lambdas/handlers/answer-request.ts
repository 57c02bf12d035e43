import { loadPolicy } from '../aws/load-policy.ts';
import { log } from '../aws/log.ts';
import { RequestError } from '../core/errors.ts';
import { parseRequest } from '../core/request.ts';
import { answerRequest } from '../requests/answer.ts';

/** Answers people, by direct invocation only: check-health, heal, pause, resume. */
export async function handler(event: unknown): Promise<object> {
  try {
    return await answerRequest(parseRequest(event), loadPolicy(), Date.now());
  } catch (error) {
    // a person's mistake is an answer, not a failure of the function
    if (!(error instanceof RequestError)) throw error;
    log('WARN', 'request-refused', { problem: error.message });
    return { error: error.message };
  }
}
