import { median } from '../../../tools/bench/statistics.ts';

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 100], 3.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('one value that is far out moves it little', () => {
  expect(median([10, 11, 12, 13, 9_000])).toBe(12);
});

test('nothing has no median', () => {
  expect(() => median([])).toThrow(new RangeError('no values: there is no median'));
});
