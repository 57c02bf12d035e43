import { arn } from '../../account.ts';
import { offsetTime } from '../aws-time.ts';
import type { Mute } from '../events.ts';
import type { MuteSchedule } from './mute-schedule.ts';

/** When a mute rule mutes which alarms. */
export interface MuteRule {
  readonly name: string;
  readonly description: string | undefined;
  /** As they were put: expression, duration, time zone. */
  readonly told: { readonly Expression: string; readonly Duration: string; readonly Timezone?: string | undefined };
  readonly schedule: MuteSchedule;
  readonly alarmNames: readonly string[];
  /** No window that starts before this mutes. */
  readonly startMillis: number | undefined;
  /** Nothing is muted from here on. */
  readonly expireMillis: number | undefined;
  readonly updatedMillis: number;
}

export type MuteStatus = 'SCHEDULED' | 'ACTIVE' | 'EXPIRED';

interface MuteWindow {
  readonly startMillis: number;
  readonly endMillis: number;
}

/** The account's mute rules. */
export class MuteRules {
  /** In the order in which they were made. */
  readonly #rules = new Map<string, MuteRule>();

  /** Makes a rule, or changes the one of this name. */
  put(rule: MuteRule): void {
    this.#rules.set(rule.name, rule);
  }

  delete(name: string): void {
    this.#rules.delete(name);
  }

  find(name: string): MuteRule | undefined {
    return this.#rules.get(name);
  }

  all(): MuteRule[] {
    return [...this.#rules.values()];
  }

  /** What mutes an alarm at a moment; of several rules the one that was made last, as in the alarm's history. */
  muteOf(alarmName: string, nowMillis: number): Mute | undefined {
    for (const rule of this.all().reverse()) {
      const window = rule.alarmNames.includes(alarmName) ? windowAt(rule, nowMillis) : undefined;
      if (window !== undefined) {
        const { startMillis, endMillis } = window;
        const mutedByArn = arnOf(rule.name);
        return { mutedByArn, muteWindowStart: offsetTime(startMillis), muteWindowEnd: offsetTime(endMillis) };
      }
    }
    return undefined;
  }
}

/** ARN of the rule of this name. */
export function arnOf(ruleName: string): string {
  return arn('cloudwatch', `alarm-mute-rule:${ruleName}`);
}

export function statusOf(rule: MuteRule, nowMillis: number): MuteStatus {
  if (windowAt(rule, nowMillis) !== undefined) return 'ACTIVE';
  const next = rule.schedule.nextStart(Math.max(nowMillis, (rule.startMillis ?? 0) - 1));
  return next === undefined || next >= (rule.expireMillis ?? Infinity) ? 'EXPIRED' : 'SCHEDULED';
}

function windowAt(rule: MuteRule, nowMillis: number): MuteWindow | undefined {
  const { schedule, startMillis: earliest = 0, expireMillis = Infinity } = rule;
  const startMillis = schedule.latestStart(nowMillis);
  if (startMillis === undefined || startMillis < earliest) return undefined;
  const endMillis = Math.min(startMillis + schedule.durationMillis, expireMillis);
  return nowMillis < endMillis ? { startMillis, endMillis } : undefined;
}
