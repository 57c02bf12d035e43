import fc from 'fast-check';
import { nextDueMillis } from '../../../../lambdas/core/maintenance/run.ts';
import { numberOf, wavesOf } from '../../../../lambdas/core/maintenance/waves.ts';

const fleet = (size: number) => Array.from({ length: size }, (_, place) => `i-${String(place).padStart(17, '0')}`);
const sizes = (size: number, maxConcurrency: string) =>
  wavesOf(fleet(size), 'run', maxConcurrency).map(({ length }) => length);

test('the first wave is one instance alone, the others as many as are allowed', () => {
  expect(sizes(30, '10%')).toEqual([1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2]);
  expect(sizes(6, '4')).toEqual([1, 4, 1]);
});

test('at least one, and never more than 20 at once', () => {
  expect(sizes(3, '10%')).toEqual([1, 1, 1]);
  expect(Math.max(...sizes(500, '100%'))).toBe(20);
});

test('S1: an empty fleet is nothing to do, not everything', () => {
  expect(wavesOf([], 'run', '100%')).toEqual([]);
});

test('every instance is visited once, in another order in each run and in the same when it is replayed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.constantFrom('1', '10%', '7', '100%'), (size, limit) => {
      const waves = wavesOf(fleet(size), 'run', limit);
      expect(waves.flat().toSorted()).toEqual(fleet(size));
      expect(wavesOf(fleet(size).toReversed(), 'run', limit)).toEqual(waves);
    }),
  );
  expect(wavesOf(fleet(50), 'one', '10%').flat()).not.toEqual(wavesOf(fleet(50), 'other', '10%').flat());
});

test.each([
  ['100%', 2636],
  ['5', 2071],
  ['1', 966],
])('an execution holds 3,000 operations: of 10,000 instances, %s at once, a run visits %i', (limit, most) => {
  const waves = wavesOf(fleet(10_000), 'run', limit);
  expect(waves.flat()).toHaveLength(most);
  expect(2 * waves.length + waves.flat().length + 2).toBeLessThan(3000);
});

test.each([
  ['1', 500, 1],
  ['0', 500, 0],
  ['10%', 55, 5],
  ['1%', 20, 0],
  ['100%', 7, 7],
])('%s of %i instances are %i', (limit, total, expected) => {
  expect(numberOf(limit, total)).toBe(expected);
});

test('what is due is counted from when it was due: a run that began late shifts none', () => {
  const due = Date.parse('2026-11-24T02:00:00Z');
  const next = (now: string) => new Date(nextDueMillis(due, 43_200, Date.parse(now))).toISOString();
  expect(next('2026-11-24T02:04:00Z')).toBe('2026-11-24T14:00:00.000Z');
  expect(next('2026-11-24T13:59:00Z')).toBe('2026-11-24T14:00:00.000Z');
  expect(next('2026-11-24T14:00:00Z')).toBe('2026-11-25T02:00:00.000Z');
  expect(next('2026-11-27T03:00:00Z')).toBe('2026-11-27T14:00:00.000Z');
});
