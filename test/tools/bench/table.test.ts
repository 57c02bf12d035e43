import { isOver, ratioOf, renderTable, type Row } from '../../../tools/bench/table.ts';

const within: Row = { name: 'notify', ours: 36, bare: 30, limit: 1.2 };
const over: Row = { name: 'open-incident', ours: 130, bare: 100, limit: 1.2 };

test('a ratio is ours over the bare one', () => {
  expect(ratioOf(over)).toBe(1.3);
  expect(ratioOf({ name: 'calls', ours: 9 })).toBeUndefined();
});

test.each<[string, Row, boolean]>([
  ['at its limit is within it', within, false],
  ['above its limit is over it', over, true],
  ['that is shown as its limit is within it', { ...over, ours: 120.4 }, false],
  ['that is shown as more is over it', { ...over, ours: 120.6 }, true],
  ['without a limit is never over it', { name: 'size', ours: 900, bare: 100 }, false],
  ['without anything to compare with is never over it', { name: 'calls', ours: 900, limit: 1.2 }, false],
])('a row %s', (_what, row, expected) => {
  expect(isOver(row)).toBe(expected);
});

test('the table shows the limit beside each ratio, which are over, and what a section tells', () => {
  const sections = [
    { title: 'Cold start', unit: 'ms', rows: [within, over] },
    { title: 'Calls', unit: '', rows: [{ name: 'dynamodb PutItem', ours: 9 }], lines: ['one for each step'] },
  ] as const;
  expect(renderTable(sections).split('\n')).toEqual([
    '                        ours      bare  ratio  at most',
    '',
    'Cold start',
    '  notify             36.0 ms   30.0 ms   1.20     1.20',
    '  open-incident     130.0 ms  100.0 ms   1.30     1.20  OVER',
    '',
    'Calls',
    '  dynamodb PutItem       9.0',
    '    one for each step',
  ]);
});
