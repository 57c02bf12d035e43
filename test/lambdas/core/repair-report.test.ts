import fc from 'fast-check';
import type { CommandResult } from '../../../lambdas/core/check-reading.ts';
import { parseReport } from '../../../lambdas/core/repair-report.ts';

const whole = {
  result: 'changed',
  summary: 'freed 239 MiB, 15.0 % used',
  bytesFreed: 250_609_664,
  counts: { deleted: 12 },
  largest: [{ path: '/var/log/app.log.1', bytes: 104_857_600 }],
  changes: [{ what: 'deleted', category: 'rotated logs', count: 12 }],
  left: [{ why: 'too young', count: 3 }],
  evidence: { before: '96.0 % used', largest: ['/var/log'] },
  manifest: { place: '/run/self-healing/manifests/a-1.gz', sha256: 'abc', entries: 12 },
};
const printed = (stdout: string, changed: Partial<CommandResult> = {}): CommandResult => ({
  exitCode: 0,
  stdout,
  stderr: '',
  statusDetails: 'Success',
  ...changed,
});

test('a whole report is read as it is', () => {
  expect(parseReport(printed(`${JSON.stringify(whole)}\n`))).toEqual({ ok: true, report: whole });
});

test.each(['changed', 'nothing-to-do', 'already-healthy', 'unknown', 'busy', 'stale-fence', 'refused'])(
  'the result "%s" is known',
  (result) => {
    expect(parseReport(printed(JSON.stringify({ result, summary: 's' })))).toMatchObject({ ok: true });
  },
);

test('a manifest may be left out, if the report says why', () => {
  const report = { result: 'changed', summary: 's', manifest: { omitted: 'no file system has room' } };
  expect(parseReport(printed(JSON.stringify(report)))).toEqual({ ok: true, report });
});

describe('S29: what is no report is never taken for one', () => {
  test.each<[string, CommandResult, string]>([
    ['nothing', printed(''), "the script's output is not JSON (0 characters, cut or damaged)"],
    ['text', printed('done'), "the script's output is not JSON (4 characters, cut or damaged)"],
    [
      'cut as SSM cuts',
      printed(`${JSON.stringify(whole).slice(0, 100)}\n---Output truncated---`),
      "the script's output is not JSON (123 characters, cut or damaged)",
    ],
    ['null', printed('null'), 'the script\'s report is wrong at "": Invalid input'],
    [
      'a result nobody knows',
      printed('{"result":"fine","summary":"s"}'),
      'the script\'s report is wrong at "result": Invalid input',
    ],
    ['no summary', printed('{"result":"changed"}'), 'the script\'s report is wrong at "summary": Invalid input'],
    [
      'numbers that are words',
      printed('{"result":"changed","summary":"s","bytesFreed":"many"}'),
      'the script\'s report is wrong at "bytesFreed": Invalid input',
    ],
    [
      'a number that no table can hold',
      printed('{"result":"changed","summary":"s","counts":{"deleted":1e300}}'),
      'the script\'s report is wrong at "counts.deleted": Invalid input',
    ],
    [
      'a negative count',
      printed('{"result":"changed","summary":"s","left":[{"why":"young","count":-1}]}'),
      'the script\'s report is wrong at "left.0.count": Invalid input',
    ],
    [
      'evidence that is no text',
      printed('{"result":"changed","summary":"s","evidence":{"top":[{"pid":1}]}}'),
      'the script\'s report is wrong at "evidence.top": Invalid input',
    ],
    [
      'a whole report of a script that failed',
      printed(JSON.stringify(whole), { exitCode: 1, stderr: 'a\nrm: cannot\n', statusDetails: 'Failed' }),
      'the script ended Failed with exit code 1: rm: cannot',
    ],
    [
      'a whole report without an exit code',
      printed(JSON.stringify(whole), { exitCode: undefined, statusDetails: 'ExecutionTimedOut' }),
      'the script ended ExecutionTimedOut with exit code none',
    ],
  ])('%s', (_, result, problem) => {
    expect(parseReport(result)).toEqual({ ok: false, problem });
  });

  test('S29: a report that was cut anywhere is none', () => {
    const text = JSON.stringify(whole);
    fc.assert(fc.property(fc.nat({ max: text.length - 1 }), (at) => !parseReport(printed(text.slice(0, at))).ok));
  });
});
