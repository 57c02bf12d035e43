import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MOST_REPEATS, nestedRepeats } from '../../lib/config/nested-repeats.ts';
import { chores } from '../../remedies/chores.ts';
import { actSlices, slices } from '../../remedies/index.ts';
import { ACTS, detecting, type Remedy, type Slice } from '../../remedies/slice.ts';
import { scheduledRunId, visitId } from '../../lambdas/core/maintenance/run.ts';
import { choreParameters } from '../../lib/config/maintenance-policy.ts';

const REMEDIES = join(import.meta.dirname, '../../remedies');
const read = (slice: Pick<Slice, 'id'>, name: string) => readFileSync(join(REMEDIES, slice.id, name), 'utf8');
const scriptsOf = (slice: Slice) => [
  'break.sh',
  'check.sh',
  'repair.sh',
  ...('script' in slice.undo ? [slice.undo.script] : []),
];

test('the registries and the folders are the same', () => {
  const folders = readdirSync(REMEDIES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const all = [...slices, ...actSlices, ...chores];
  expect(all.map(({ id }) => id).toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
});

test('ids are kebab-case, and no two slices or chores share one', () => {
  for (const { id, symptom } of [...slices, ...actSlices])
    for (const word of [id, symptom]) expect(word).toMatch(/^[a-z]+(-[a-z]+)*$/);
  const ids = [...slices, ...actSlices, ...chores].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

const headingsOf = (slice: Remedy) => [...read(slice, 'README.md').matchAll(/^#{1,2} .*$/gm)].map(([line]) => line);
const runbookOf = ({ id }: Remedy) => [
  `# ${id}`,
  '## What it does',
  '## When it must not',
  '## How to investigate',
  '## How to resolve by hand',
];

describe.each(actSlices.map((slice) => [slice.id, slice] as const))('the act slice %s', (_, slice) => {
  test('is exactly its data and its runbook, with these headings', () => {
    expect(readdirSync(join(REMEDIES, slice.id)).toSorted()).toEqual(['README.md', 'remedy.ts']);
    expect(headingsOf(slice)).toEqual(runbookOf(slice));
  });

  test('names an act, times that the flow can keep, and why nothing can be put back', () => {
    expect(ACTS).toContain(slice.act);
    expect(slice.settleSeconds).toBeGreaterThanOrEqual(300);
    expect(slice.soakSeconds).toBeGreaterThanOrEqual(30);
    expect(slice.maximumAttempts).toBeGreaterThanOrEqual(1);
    expect(slice.undo.impossible).toMatch(/\S/);
  });
});

test('each symptom that acts treat is detected by exactly one of them', () => {
  for (const { symptom } of actSlices) {
    expect(detecting(actSlices).filter((one) => one.symptom === symptom)).toHaveLength(1);
  }
});

describe.each(slices.map((slice) => [slice.id, slice] as const))('the slice %s', (_, slice) => {
  test('is exactly its data, its scripts and its runbook', () => {
    const optional = ['library.sh', 'measure.sh'];
    const files = readdirSync(join(REMEDIES, slice.id)).filter((name) => !optional.includes(name));
    expect(files.toSorted()).toEqual(['README.md', 'remedy.ts', ...scriptsOf(slice)].toSorted());
  });

  test('has scripts for bash', () => {
    for (const name of scriptsOf(slice)) {
      expect(read(slice, name).split('\n', 1)).toEqual(['#!/usr/bin/env bash']);
    }
  });

  test('says why nothing can be put back, where it has no undo', () => {
    const { undo } = slice;
    expect(existsSync(join(REMEDIES, slice.id, 'undo.sh'))).toBe('script' in undo);
    expect('script' in undo ? 'undo.sh' : undo.impossible).toMatch(/\S/);
  });

  test('has a runbook with these headings', () => expect(headingsOf(slice)).toEqual(runbookOf(slice)));

  test('names its own settings in its runbook', () => {
    const ownNames = Object.entries(slice.parameters).filter(([, { source }]) => source.from === 'setting');
    for (const [name] of ownNames) expect(read(slice, 'README.md')).toContain(`\`${name}\``);
  });

  test('detects by an alarm that can fire', () => {
    const { detection } = slice;
    expect(detection.dimensions).toEqual(expect.arrayContaining([...detection.groupBy]));
    expect(detection.datapointsToAlarm).toBeLessThanOrEqual(detection.evaluationPeriods);
    expect(detection.threshold).toBeGreaterThan(0);
    if (detection.unit === 'Percent') expect(detection.threshold).toBeLessThan(100);
    expect(detection.periodSeconds % 60).toBe(0);
  });

  test('detects what it measures itself with what the agent adds to it', () => {
    const { dimensions, groupBy } = slice.detection;
    const measured = existsSync(join(REMEDIES, slice.id, 'measure.sh'));
    expect(dimensions.includes('metric_type')).toBe(measured);
    if (measured) expect(dimensions.toSorted()).toEqual([...groupBy, 'metric_type'].toSorted());
  });

  test('has times that the agent and the flow can keep', () => {
    for (const seconds of [slice.checkTimeoutSeconds, slice.repairTimeoutSeconds]) {
      expect(seconds).toBeGreaterThanOrEqual(5);
      expect(seconds).toBeLessThanOrEqual(3600);
    }
    expect(slice.soakSeconds).toBeGreaterThanOrEqual(30);
    expect(slice.maximumAttempts).toBeGreaterThanOrEqual(1);
  });

  test('the threshold of its check is the one of its alarm', () => {
    expect(slice.parameters[`Threshold${slice.detection.unit}`]?.source).toMatchObject({
      from: 'setting',
      default: String(slice.detection.threshold),
    });
  });
});

describe.each(chores.map((chore) => [chore.id, chore] as const))('the chore %s', (_, chore) => {
  test('is exactly its data, its script and its runbook', () => {
    expect(readdirSync(join(REMEDIES, chore.id)).toSorted()).toEqual(['README.md', 'chore.ts', 'clean.sh']);
    expect(read(chore, 'clean.sh').split('\n', 1)).toEqual(['#!/usr/bin/env bash']);
    const headings = [...read(chore, 'README.md').matchAll(/^#{1,2} .*$/gm)].map(([line]) => line);
    expect(headings).toEqual([
      `# ${chore.id}`,
      '## What it does',
      '## When it must not',
      '## How to investigate',
      '## How to resolve by hand',
    ]);
  });

  test('names its settings and its interval in its runbook', () => {
    for (const name of [...Object.keys(choreParameters(chore)), chore.intervalKey]) {
      expect(read(chore, 'README.md')).toContain(`\`${name}\``);
    }
  });

  test('has an id that fits into the id of a command, which holds 64 characters', () => {
    const runId = scheduledRunId('a'.repeat(40), chore.id, '2026-11-24T14:00:00.000Z');
    expect(visitId(runId, 'i-0123456789abcdef0')).toMatch(/^[A-Za-z0-9-]{1,64}$/);
    expect(runId).toMatch(/^[a-z0-9A-Z-]{1,46}$/);
  });

  test('a script whose parameters are missing goes by the defaults of its data', () => {
    for (const [name, { source }] of Object.entries(chore.parameters)) {
      if (source.from === 'setting') expect(read(chore, 'clean.sh')).toContain(`\${SSM_${name}-${source.default}}`);
    }
  });
});

const parameters = [
  ...slices,
  ...chores.map((chore) => ({ id: chore.id, parameters: choreParameters(chore) })),
].flatMap(({ id, parameters: own }) => Object.entries(own).map(([name, parameter]) => [id, name, parameter] as const));

describe.each(parameters)('S14: the parameter of %s %s', (_, name, { pattern, accepts, rejects, source }) => {
  const matches = (value: string) => new RegExp(pattern).test(value);

  test('has a name that can be a variable, and a pattern for the whole value', () => {
    expect(name).toMatch(/^[A-Z][A-Za-z0-9]*$/);
    expect(pattern).toMatch(/^\^.*\$$/);
  });

  test('has a pattern that agents, which are written in Go, compile', () => {
    expect(nestedRepeats(pattern)).toBeLessThanOrEqual(MOST_REPEATS);
  });

  test('accepts what it says, and its default', () => {
    expect(accepts.length).toBeGreaterThan(0);
    for (const value of accepts) expect([value, matches(value)]).toEqual([value, true]);
    if (source.from === 'setting') expect(matches(source.default)).toBe(true);
  });

  test('rejects what it says', () => {
    expect(rejects.length).toBeGreaterThan(0);
    for (const value of rejects) expect([value, matches(value)]).toEqual([value, false]);
  });

  test.each(['a;b', 'a b', '$(id)', '`id`', 'a\nb', "a'b", 'a"b', 'a|b', 'a&b', 'a>b', 'a\\b', '{{ x }}', '-rf'])(
    'rejects %j, alone and behind what it accepts',
    (hostile) => {
      expect(matches(hostile)).toBe(false);
      for (const value of accepts.filter((one) => one !== '')) {
        expect(matches(`${value};${hostile}`)).toBe(false);
      }
      expect(matches(`${accepts.at(-1)}\n`)).toBe(false);
    },
  );
});
