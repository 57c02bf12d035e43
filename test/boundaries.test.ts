import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Files of a folder and all below, as paths from the root. */
function filesIn(folder: string, ...endings: string[]): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** What a file imports: a path from the root, or a package's name. */
function importsOf(path: string): string[] {
  const source = readFileSync(join(ROOT, path), 'utf8');
  const found = source.matchAll(/^(?:import|export)\b[^'";]*\bfrom ['"](.+?)['"]|\bimport[ (]['"](.+?)['"]/gm);
  return [...found].map((match) => {
    const name = match[1] ?? match[2] ?? '';
    return name.startsWith('.') ? join(dirname(path), name) : name;
  });
}

/** Imports of a folder's files that no pattern allows, as `file -> import`. */
function strangersIn(folder: string, allowed: readonly RegExp[]): string[] {
  return filesIn(folder, '.ts').flatMap((path) =>
    importsOf(path)
      .filter((name) => !allowed.some((pattern) => pattern.test(name)))
      .map((name) => `${path} -> ${name}`),
  );
}

const CDK = /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/;
const SDK = /^@(aws-sdk|aws|smithy)\//;

/** Imports of a folder's files that a pattern forbids. */
function forbiddenIn(folder: string, forbidden: readonly RegExp[]): string[] {
  return filesIn(folder, '.ts').flatMap((path) =>
    importsOf(path)
      .filter((name) => forbidden.some((pattern) => pattern.test(name)))
      .map((name) => `${path} -> ${name}`),
  );
}

describe('imports', () => {
  test('are found, whatever their form', () => {
    expect(importsOf('lambdas/handlers/open-incident.ts')).toEqual([
      'lambdas/aws/load-policy.ts',
      'lambdas/core/alarm-event.ts',
      'lambdas/intake/open-from-alarm.ts',
    ]);
    expect(importsOf('lambdas/acts/run-command.ts')).toContain('lambdas/core/check-reading.ts');
    expect(importsOf('lambdas/aws/state/incidents.ts')).toContain('lambdas/core/incident.ts');
  });

  test('core is pure: it imports core and remedies, and neither CDK nor SDK', () => {
    expect(strangersIn('lambdas/core', [/^lambdas\/core\//, /^remedies\//, /^zod\/mini$/, /^node:crypto$/])).toEqual(
      [],
    );
  });

  test('core reads no clock, environment or network by itself', () => {
    const impure = /\b(Date\.now|new Date\(\)|process\.|fetch\(|Math\.random|setTimeout)/;
    const guilty = filesIn('lambdas/core', '.ts').filter((path) => impure.test(readFileSync(join(ROOT, path), 'utf8')));
    expect(guilty).toEqual([]);
  });

  test('slices are plain data: they import nothing but each other', () => {
    expect(strangersIn('remedies', [/^remedies\//])).toEqual([]);
  });

  test('synth time shares only plain data with run time', () => {
    expect(forbiddenIn('lib', [/^lambdas\/(?!core\/)/, /^sandbox\//, /^test\//, SDK])).toEqual([]);
  });

  test('run time imports nothing of synth time or the sandbox', () => {
    expect(forbiddenIn('lambdas', [/^(lib|sandbox|test|bin|tools)\//, CDK, /^zod$/])).toEqual([]);
  });

  test('only handlers stand above the flow: nothing below imports one', () => {
    const below = ['core', 'aws', 'acts', 'intake', 'requests', 'telling', 'workflow'];
    expect(below.flatMap((folder) => forbiddenIn(`lambdas/${folder}`, [/^lambdas\/handlers\//]))).toEqual([]);
  });

  test('clients of AWS know nothing of the flow', () => {
    expect(strangersIn('lambdas/aws', [/^lambdas\/(aws|core)\//, /^remedies\//, SDK, /^zod\/mini$/, /^node:/])).toEqual(
      [],
    );
  });
});

describe('the size of files', () => {
  const lengths = ['bin', 'examples', 'lib', 'lambdas', 'remedies', 'sandbox', 'tools']
    .flatMap((folder) => filesIn(folder, '.ts', '.sh'))
    .map((path) => [path, readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1] as const);

  test('no file has more than 400 lines', () => {
    expect(lengths.filter(([, lines]) => lines > 400)).toEqual([]);
  });

  test('half of the files have fewer than 80 lines', () => {
    const sorted = lengths.map(([, lines]) => lines).toSorted((a, b) => a - b);
    expect(sorted.length).toBeGreaterThan(150);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(80);
  });

  test('handlers are thin', () => {
    const thick = lengths.filter(([path, lines]) => path.startsWith('lambdas/handlers/') && lines > 60);
    expect(thick).toEqual([]);
  });
});
