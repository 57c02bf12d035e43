import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { readSymptom } from '../aws/status-reader.ts';
import type { ChangeInstanceAnswer } from '../core/contract.ts';
import { RUNS_AGAIN_SECONDS } from '../core/time-budget.ts';
import { type Called, callOnce } from './call-once.ts';
import { runAgain } from './run-again.ts';
import { settle } from './settle.ts';

/**
 * Stops an instance and has it run again: once the stop was called it is finished, as a script is, whatever the kill switch says
 * meanwhile. Where it does not run again in time, the answer says so at once (S18).
 */
export async function stopStart(
  ctx: DurableContext,
  instanceId: string,
  stop: () => Promise<Called>,
  settleSeconds: number,
): Promise<ChangeInstanceAnswer> {
  const beganAtMillis = await ctx.step('note when it begins', async () => Date.now());
  const called = await callOnce(ctx, 'stop', stop);
  if (called.kind === 'refused' || called.kind === 'not-started') return called;
  const { end, state, problem } = await runAgain(ctx, instanceId, beganAtMillis, RUNS_AGAIN_SECONDS);
  switch (end) {
    case 'runs': {
      const { evidence } = await settle(ctx, () => readSymptom(instanceId), settleSeconds);
      return { kind: 'changed', summary: `stopped and started again; ${evidence}` };
    }
    case 'never-stopped':
      return { kind: 'not-started', detail: called.kind === 'interrupted' ? called.detail : 'EC2 did not stop it' };
    default: {
      const why = problem === undefined ? '' : `, it could not be started: ${problem}`;
      return { kind: 'unknown', detail: `${RUNS_AGAIN_SECONDS} s after the stop it is ${state}${why}` };
    }
  }
}
