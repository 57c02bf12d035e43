import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesized } from './synthesized.ts';

const resources = Object.values(synthesized({}).Resources);
const doc = readFileSync(join(import.meta.dirname, '../../docs/removal.md'), 'utf8');
/** Cells of the first table: resources, how many, policy. */
const rows = (doc.split('\n\n').find((block) => block.startsWith('| resources |')) ?? '')
  .split('\n')
  .slice(2)
  .map((row) =>
    row
      .split('|')
      .slice(1, 4)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );

test('docs/removal.md tells of every resource what its deletion policy makes of it', () => {
  const kept = resources.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');
  const byKind = Map.groupBy(kept, ({ Type, DeletionPolicy }) => `${Type} ${DeletionPolicy}`);
  expect(rows).toEqual([
    ...[...byKind].map(([kind, { length }]) => [kind.split(' ')[0], String(length), kind.split(' ')[1]]),
    ['all others', '', 'Delete'],
  ]);
});

test('what stays has no name of its own, so that deploying again does not find it taken', () => {
  const retained = resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
  expect(retained.map(({ Type }) => Type)).toEqual(['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::GlobalTable']);
  for (const { Properties } of retained) expect(Properties).not.toHaveProperty('TableName');
});
