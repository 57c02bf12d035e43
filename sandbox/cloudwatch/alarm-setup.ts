import type { WarmUp } from './warm-up.ts';

/** What an alarm's configuration means over time, which the emulator does not keep. */
export interface AlarmSetup {
  readonly createdAtMillis: number;
  readonly configuredAtMillis: number;
  readonly warmUp: WarmUp | undefined;
  readonly warming: boolean;
}

/**
 * The setup after a PutMetricAlarm. "Warm-up applies only once at alarm creation and does not restart": an update may
 * change or end the one that goes on.
 */
export function configured(before: AlarmSetup | undefined, warmUp: WarmUp | undefined, nowMillis: number): AlarmSetup {
  return {
    createdAtMillis: before?.createdAtMillis ?? nowMillis,
    configuredAtMillis: nowMillis,
    warmUp,
    warming: warmUp !== undefined && (before?.warming ?? true),
  };
}
