import { randomUUID } from 'node:crypto';

/** An event in EventBridge's envelope, as rules match it and functions get it. */
export interface EventBridgeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** `2025-12-01T13:42:04Z` */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Puts an event into the envelope, with an id of its own. */
export function eventBridgeEvent(event: Omit<EventBridgeEvent, 'version' | 'id'>): EventBridgeEvent {
  return { version: '0', id: randomUUID(), ...event };
}
