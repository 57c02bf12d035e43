import { runningExecutions } from '../aws/executions-reader.ts';
import { functionName } from '../core/names.ts';
import type { Policy } from '../core/policy.ts';
import { longestExecutionSeconds } from '../core/time-budget.ts';

/** Durable executions that have not ended though they are older than any may become, as `<function>: <name>`. */
export async function overdueExecutions(policy: Policy, nowMillis: number): Promise<string[]> {
  const overdue = await Promise.all(
    longestExecutionSeconds(policy).map(async ([key, seconds]) => {
      const name = functionName(policy.stack, key);
      const running = await runningExecutions(name);
      return running
        .filter(({ startedAtMillis }) => nowMillis - startedAtMillis > seconds * 1000)
        .map((execution) => `${name}: ${execution.name}`);
    }),
  );
  return overdue.flat();
}
