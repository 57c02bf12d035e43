import type { Change } from '../alarm-state.ts';

/** The actions that a mute rule held back, until the alarm is no longer muted or has changed its state again. */
export class MutedActions {
  /** By alarm, then by contributor; the alarm itself has the empty id. */
  readonly #changes = new Map<string, Map<string, Change>>();

  /** A change of an alarm or contributor, and whether its actions were muted; only the latest one is kept. */
  note(alarmName: string, change: Change, muted: boolean): void {
    const ofAlarm = this.#changes.get(alarmName) ?? new Map<string, Change>();
    ofAlarm.delete(change.contributor?.id ?? '');
    if (muted) ofAlarm.set(change.contributor?.id ?? '', change);
    this.#changes.set(alarmName, ofAlarm);
  }

  /** Takes out what was held back of an alarm, in the order in which it happened. */
  take(alarmName: string): Change[] {
    const changes = [...(this.#changes.get(alarmName)?.values() ?? [])];
    this.#changes.delete(alarmName);
    return changes;
  }
}
