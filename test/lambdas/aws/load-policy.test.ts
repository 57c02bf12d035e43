import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicy } from '../../../lambdas/aws/load-policy.ts';
import { policy } from '../core/samples.ts';

test('the policy is the file beside the bundle, and read once; without it the function fails by name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  try {
    process.env['LAMBDA_TASK_ROOT'] = folder;
    const path = join(folder, 'policy.json');
    expect(loadPolicy).toThrow(`the policy ${path} cannot be read: this function was not deployed by its stack`);
    writeFileSync(path, JSON.stringify(policy));
    expect(loadPolicy()).toEqual(policy);
    writeFileSync(path, JSON.stringify({ ...policy, stack: 'other' }));
    expect(loadPolicy()).toEqual(policy);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
