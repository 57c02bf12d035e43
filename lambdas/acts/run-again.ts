import { DescribeInstancesCommand, StartInstancesCommand } from '@aws-sdk/client-ec2';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { ec2 } from '../aws/clients.ts';

/** How long an instance may go on running after a stop was called before the call counts as lost. */
const STOPS_WITHIN_SECONDS = 30;
const LONGEST_DELAY_SECONDS = 40;

/** How far the way back has come. */
export interface WayBack {
  /** EC2's state, as it was read last; `unknown` where it could not be. */
  readonly state: string;
  /** Whether it was ever seen not to run. */
  readonly wentDown: boolean;
  readonly starts: number;
  /** Why the last start failed. */
  readonly problem?: string;
  readonly end?: 'runs' | 'never-stopped' | 'gone' | 'late';
}

const BEGIN: WayBack = { state: 'unknown', wentDown: false, starts: 0 };

/**
 * Sees an instance whose stop was called, or perhaps was, through being stopped to running again. Each poll asks EC2 and rests on
 * nothing else, so that whoever takes over from a function that was killed goes on where the instance is. Starts are tried again
 * with growing, uneven delays (S9).
 */
export async function runAgain(ctx: DurableContext, instanceId: string, beganAtMillis: number, seconds: number) {
  return ctx.waitForCondition<WayBack>(
    'run again',
    (before) => lookAfterStop(instanceId, before, beganAtMillis, seconds),
    {
      initialState: BEGIN,
      waitStrategy: ({ end, starts }) =>
        end === undefined
          ? { shouldContinue: true, delay: { seconds: delaySeconds(starts) } }
          : { shouldContinue: false },
    },
  );
}

/** One poll: where the instance is, and a start where it is stopped. */
export async function lookAfterStop(
  id: string,
  before: WayBack,
  beganAtMillis: number,
  seconds: number,
): Promise<WayBack> {
  const state = await stateOf(id);
  const wentDown = before.wentDown || ['stopping', 'stopped', 'pending'].includes(state);
  const now: WayBack = { ...before, state, wentDown };
  const goneSeconds = (Date.now() - beganAtMillis) / 1000;
  if (state === 'running' && wentDown) return { ...now, end: 'runs' };
  if (state === 'terminated' || state === 'shutting-down') return { ...now, end: 'gone' };
  if (state === 'running' && goneSeconds > STOPS_WITHIN_SECONDS) return { ...now, end: 'never-stopped' };
  if (goneSeconds > seconds) return { ...now, end: 'late' };
  return state === 'stopped' ? start(id, now) : now;
}

/** Starting what starts already changes nothing, so that this may be repeated. */
async function start(id: string, now: WayBack): Promise<WayBack> {
  const starts = now.starts + 1;
  try {
    await ec2().send(new StartInstancesCommand({ InstanceIds: [id] }));
    return { ...now, starts };
  } catch (error) {
    return { ...now, starts, problem: String(error).slice(0, 160) };
  }
}

async function stateOf(id: string): Promise<string> {
  try {
    const { Reservations } = await ec2().send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Seconds until the next poll, after so many starts. */
export function delaySeconds(starts: number): number {
  const least = Math.min(5 * 2 ** Math.max(0, starts - 1), LONGEST_DELAY_SECONDS);
  return Math.round(least * (0.75 + Math.random() / 2));
}
