import { readCheck } from '../../../lambdas/core/check-reading.ts';
import { redact } from '../../../lambdas/core/redact.ts';
import { parseReport } from '../../../lambdas/core/repair-report.ts';

describe('S31: what looks like a secret leaves no function', () => {
  test.each([
    ['mysql --password=hunter2 -u root', 'mysql --password=[redacted] -u root'],
    ['Authorization: Bearer abc.def', 'Authorization=[redacted] abc.def'],
    ['https://ana:hunter2@example.com/', 'https://ana:[redacted]@example.com/'],
    ['AKIAIOSFODNN7EXAMPLE', 'AKIA[redacted]'],
    ['ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'ghp_[redacted]'],
    ['disk / 96.0 % used, 12 MiB free', 'disk / 96.0 % used, 12 MiB free'],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  test('what the instance redacted stays as it is', () => {
    for (const text of ['password=[redacted]', 'api_key=[redacted] x', 'AKIA[redacted]', 'x://a:[redacted]@b']) {
      expect(redact(text)).toBe(text);
    }
  });

  const ended = { stderr: '', statusDetails: 'Success' };

  test("whatever a script of somebody's own prints: a check's line, a report's every text, an error", () => {
    expect(readCheck({ ...ended, exitCode: 1, stdout: 'queue token=abc123\n' }).evidence).toBe(
      'queue token=[redacted]',
    );
    const report = {
      result: 'changed',
      summary: 'secret: s3cr3t',
      changes: [{ what: 'pwd=x1' }],
      left: [{ why: 'password x2', count: 1 }],
      evidence: { log: ['api-key=x3'] },
      largest: [{ path: '/tmp/token=x4', bytes: 1 }],
    };
    const parsed = parseReport({ ...ended, exitCode: 0, stdout: JSON.stringify(report) });
    expect(JSON.stringify(parsed)).not.toMatch(/s3cr3t|x[1-4]/);
    const failed = parseReport({
      statusDetails: 'Failed',
      exitCode: 1,
      stdout: '',
      stderr: 'cannot log in: password=x5',
    });
    expect(failed).toMatchObject({ ok: false, problem: expect.stringContaining('password=[redacted]') });
  });
});
