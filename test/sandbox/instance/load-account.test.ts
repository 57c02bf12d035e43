import { LoadAccount } from '../../../sandbox/instance/load-account.ts';

test('the load approaches the number of running processes, in a minute by two thirds', () => {
  const load = new LoadAccount();
  const averages = load.advance(60, 3).map((average) => Number(average.toFixed(2)));
  expect(averages).toEqual([1.9, 0.54, 0.19]);
});
