import { createHash } from 'node:crypto';
import type { AlarmStateValue } from './evaluate.ts';
import type { Dimensions } from './store.ts';

/** A state with why and since when. */
export interface StateRecord {
  readonly value: AlarmStateValue;
  readonly reason: string;
  /** JSON text with the datapoints that decided, where there are any. */
  readonly reasonData?: string;
  /** When it was entered, epoch milliseconds of the sandbox's clock. */
  readonly sinceMillis: number;
}

/** One time series of an alarm, with a state of its own: only OK or ALARM. */
export interface ContributorState {
  readonly id: string;
  readonly attributes: Dimensions;
  readonly state: StateRecord;
}

/** What is remembered of one alarm between evaluations. */
export interface AlarmState {
  readonly state: StateRecord;
  /** By id; empty for an alarm that is one time series. */
  readonly contributors: ReadonlyMap<string, ContributorState>;
}

/** One change of state, of an alarm or of one of its contributors. */
export interface Change {
  readonly before: StateRecord;
  readonly after: StateRecord;
  readonly contributor?: Pick<ContributorState, 'id' | 'attributes'>;
}

/** The next state of an alarm and the changes that lead there, contributors first. */
export interface Evaluation {
  readonly next: AlarmState;
  readonly changes: readonly Change[];
}

/** State of an alarm that was never evaluated. */
export function initialState(nowMillis: number): AlarmState {
  const reason = 'Unchecked: Initial alarm creation';
  return { state: { value: 'INSUFFICIENT_DATA', reason, sinceMillis: nowMillis }, contributors: new Map() };
}

/** 16 hex digits that stay the same for the same alarm and series. */
export function contributorId(alarmArn: string, attributes: Dimensions): string {
  const sorted = Object.entries(attributes).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([alarmArn, sorted]))
    .digest('hex')
    .slice(0, 16);
}

/** The later record only where the value differs: a state keeps its time and reason while it lasts. */
export function entered(before: StateRecord, after: StateRecord): StateRecord {
  return before.value === after.value ? before : after;
}

/** The change from one record to another, where the value differs. */
export function changesBetween(before: StateRecord, after: StateRecord, contributor?: Change['contributor']): Change[] {
  if (before.value === after.value) return [];
  return [{ before, after, ...(contributor === undefined ? {} : { contributor }) }];
}
