import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Guard, type JestReport, missedBy, takenOut } from './guards/guard.ts';
import { GUARDS } from './guards/guards.ts';

/** Takes each guard out, one at a time, in a copy of the project, and sees that a test of its rule fails. */
const root = join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const guards = GUARDS.filter(({ rule }) => wanted.length === 0 || wanted.includes(rule));
if (guards.length === 0) {
  console.log(
    `no guard of ${wanted.join(', ')}; allowed are ${[...new Set(GUARDS.map(({ rule }) => rule))].join(', ')}`,
  );
  process.exit(2);
}
/** By test file, how its tests end while every guard is in its place. */
const reports = new Map<string, JestReport>();
const copy = mkdtempSync(join(tmpdir(), 'self-healing-guards-'));
try {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const unproved = guards.filter((guard) => !isProved(guard));
  console.log(
    `${guards.length - unproved.length} of ${guards.length} guards are missed by a test when they are taken out`,
  );
  process.exitCode = unproved.length === 0 ? 0 : 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function isProved(guard: Guard): boolean {
  const path = join(copy, guard.file);
  const source = readFileSync(path, 'utf8');
  const withGuard = reports.get(guard.test) ?? reportOf(guard.test);
  reports.set(guard.test, withGuard);
  writeFileSync(path, takenOut(source, guard));
  try {
    const [first, ...others] = missedBy(guard.rule, withGuard, reportOf(guard.test));
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    console.log(`${guard.rule} ${guard.guard}: ${first === undefined ? 'NO TEST FAILS' : `fails "${first}"${more}`}`);
    return first !== undefined;
  } finally {
    writeFileSync(path, source);
  }
}

function reportOf(test: string): JestReport {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const jest = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, test];
  spawnSync(process.execPath, jest, { cwd: copy, stdio: 'ignore' });
  return JSON.parse(readFileSync(report, 'utf8'));
}
