import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { update } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import type { Hold } from '../core/decision.ts';
import type { Incident } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';

/** Leaves the incident to the sweep, whose next run is one of the newest deployment. */
export async function leaveToSweep(ctx: DurableContext, incident: Incident, turn: number): Promise<void> {
  await ctx.step(`leave ${turn}: state`, () => update(incident, { working: false, dueAt: iso(Date.now()) }));
}

/** How soon the sweep looks again at what waits for a person. */
const LOOK_AGAIN_SECONDS = 300;

/** Waits out a hold that passes by itself; answers `false` where the sweep shall look again instead. */
export async function holdOn(
  ctx: DurableContext,
  incident: Incident,
  hold: Hold,
  turn: number,
  policy: Policy,
): Promise<boolean> {
  const { reason, lookAgainAfterSeconds } = hold;
  const waits = lookAgainAfterSeconds !== undefined && lookAgainAfterSeconds <= policy.holdDeadlineSeconds;
  const dueInSeconds = (lookAgainAfterSeconds ?? 0) + LOOK_AGAIN_SECONDS;
  await ctx.step(`hold ${turn}: state`, () =>
    update(incident, { working: false, lastReason: reason, dueAt: iso(Date.now() + dueInSeconds * 1000) }),
  );
  if (!waits) return false;
  await ctx.wait(`hold ${turn}: ${reason}`, { seconds: Math.max(1, lookAgainAfterSeconds) });
  return true;
}
