import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const EVENTS = join(import.meta.dirname, '../fixtures/events');

/** Names of all samples of events, as `readEvent` takes them. */
export const EVENT_NAMES: readonly string[] = readdirSync(EVENTS)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''));

/** A sample of `test/fixtures/events`. */
export function readEvent(name: string): unknown {
  return JSON.parse(readFileSync(join(EVENTS, `${name}.json`), 'utf8'));
}
