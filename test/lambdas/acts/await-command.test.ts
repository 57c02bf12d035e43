import { pollDelaysSeconds } from '../../../lambdas/acts/await-command.ts';

test('polls come soon at first', () => {
  expect(pollDelaysSeconds(480).slice(0, 6)).toEqual([2, 3, 5, 5, 10, 10]);
});

test.each([
  [150, 155],
  [480, 485],
  [3600, 3635],
  [86_400, 86_435],
])('the polls of a command of %i s take %i s in all', (seconds, waitedSeconds) => {
  expect(pollDelaysSeconds(seconds).reduce((sum, delay) => sum + delay, 0)).toBe(waitedSeconds);
});

test('a long command is polled at most 60 times', () => {
  expect(pollDelaysSeconds(172_800).length).toBeLessThanOrEqual(60);
});
