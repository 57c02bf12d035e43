import { detectingSlice, ladderOf } from '../../../lambdas/core/ladder.ts';
import { slices } from '../../../remedies/index.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import type { Disruption, Slice } from '../../../remedies/slice.ts';

const rung = (id: string, disruption: Disruption): Slice => ({ ...diskFull, id, disruption });

test('a ladder goes from the least disruptive remedy to the most', () => {
  const shuffled = [rung('d', 'replace'), rung('b', 'process'), rung('c', 'reboot'), rung('a', 'none')];
  expect(ladderOf('disk-full', shuffled).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});

test('remedies that disturb alike keep the order of the registry', () => {
  const alike = [rung('first', 'process'), rung('second', 'process')];
  expect(ladderOf('disk-full', alike).map(({ id }) => id)).toEqual(['first', 'second']);
});

test('a ladder holds only what treats the symptom', () => {
  expect(ladderOf('cpu-saturated', slices).map(({ id }) => id)).toEqual(['cpu-saturated']);
  expect(ladderOf('clock-skewed', slices)).toEqual([]);
});

test('the slice that detects a symptom is the first that names it', () => {
  expect(detectingSlice('disk-full', slices)?.id).toBe('disk-full');
  expect(detectingSlice('clock-skewed', slices)).toBeUndefined();
});
