import { judge, judgeFirst } from '../../../tools/bench/memory/judge.ts';
import { type Holder, SCENARIOS } from '../../../tools/bench/memory/scenarios.ts';

const holders: readonly Holder[] = [
  { name: 'ledger-store', mebibytes: 60 },
  { name: 'batch-import', mebibytes: 30, isHog: true },
];
const strangersAlone = holders.slice(0, 1);

test('who stops the hog is right, and tells what is used then', () => {
  expect(judge(holders, { stopped: [1], gone: [1], usedPercent: 69.6 })).toEqual({
    isRight: true,
    collateral: 0,
    line: 'right: batch-import; then 70 % used',
  });
});

test.each<[string, readonly Holder[], Parameters<typeof judge>[1], number]>([
  ['stops another first', holders, { stopped: [0, 1], gone: [0, 1], usedPercent: 10 }, 1],
  ['leaves memory short', holders, { stopped: [1], gone: [1], usedPercent: 96 }, 0],
  ['stops nobody where there is a hog', holders, { stopped: [], gone: [], usedPercent: 97 }, 0],
  ['stops somebody where there is none', strangersAlone, { stopped: [0], gone: [0], usedPercent: 3 }, 1],
  ['stops what is none of them', holders, { stopped: [-1], gone: [], usedPercent: 97 }, 0],
])('who %s is wrong', (_what, some, what, collateral) => {
  expect(judge(some, what)).toMatchObject({ isRight: false, collateral });
});

test('who stops nobody is right where there is no hog', () => {
  expect(judge(strangersAlone, { stopped: [], gone: [], usedPercent: 97 })).toEqual({
    isRight: true,
    collateral: 0,
    line: 'right: nobody; then 97 % used',
  });
});

test('a process that ended without being reported counts as stopped', () => {
  expect(judge(holders, { stopped: [1], gone: [1, 0], usedPercent: 5 })).toMatchObject({ collateral: 1 });
});

test('of earlyoom the first counts, a process that is none of them too', () => {
  expect(judgeFirst(holders, 1)).toEqual({ isRight: true, collateral: 0, line: 'right: batch-import' });
  expect(judgeFirst(holders, 0)).toEqual({ isRight: false, collateral: 1, line: 'WRONG: ledger-store' });
  expect(judgeFirst(holders, -1)).toEqual({ isRight: false, collateral: 1, line: 'WRONG: a stranger' });
});

test('who has a name that others have is told with user and unit', () => {
  const some: Holder[] = [{ name: 'indexer', user: 'nightly', group: '/system.slice/payroll.service' }];
  expect(judgeFirst(some, 0).line).toBe('WRONG: indexer of nightly in payroll.service');
});

test('in all scenarios but one somebody is to be stopped', () => {
  const without = SCENARIOS.filter((scenario) => !scenario.holders.some(({ isHog }) => isHog));
  expect(without.map(({ name }) => name)).toEqual([
    'a stranger holds nearly all, and what is expendable gives nothing back: nobody',
  ]);
});
