import { parseStat } from '../../../sandbox/instance/process-table.ts';

const FIELDS = '1 40 40 0 -1 4194560 100 0 0 0 7 5 30 20 20 0 3 0 9000 1000 200';

test('reads a process whose name holds spaces and parentheses', () => {
  expect(parseStat(42, `42 (evil ) R 9 (name) S ${FIELDS}`)).toEqual({
    pid: 42,
    parentPid: 1,
    session: 40,
    state: 'S',
    threads: 3,
    startTicks: 9000,
    userTicks: 37,
    systemTicks: 25,
  });
});

test('gives nothing for a text that is no stat line', () => {
  expect(parseStat(42, '42 (half a li')).toBeUndefined();
});
