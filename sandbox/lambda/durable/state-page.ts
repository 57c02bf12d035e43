import type { Operation } from './operation.ts';
import { toWire } from './operation.ts';

const PAGE_OPERATIONS = 500;
const PAGE_BYTES = 1024 * 1024;

/** A part of an execution's state; `NextMarker` where more follows. */
export interface StatePage {
  readonly Operations: readonly Record<string, unknown>[];
  readonly NextMarker?: string;
}

/** Operations from `start` on, as many as one answer holds. */
export function statePage(
  operations: readonly Operation[],
  start: number,
  time: (millis: number) => string | number,
  mostOperations = PAGE_OPERATIONS,
): StatePage {
  const page: Record<string, unknown>[] = [];
  let bytes = 0;
  for (const operation of operations.slice(start, start + mostOperations)) {
    const wire = toWire(operation, time);
    bytes += Buffer.byteLength(JSON.stringify(wire));
    if (page.length > 0 && bytes > PAGE_BYTES) break;
    page.push(wire);
  }
  const next = start + page.length;
  return next < operations.length ? { Operations: page, NextMarker: String(next) } : { Operations: page };
}
