import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import orders from '../../examples/orders/self-healing.config.ts';
import { inSandbox, SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { UsageError } from '../../sandbox/options.ts';
import { readConfig } from '../../sandbox/read-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of somebody's, with this text. */
function fileOf(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test("somebody's configuration is read from its file, relative to where one is", async () => {
  expect(await readConfig('examples/orders/self-healing.config.ts')).toEqual(inSandbox(orders));
});

test('in the sandbox every remedy acts, and the faults of the system find what they need; the rest is as it was', () => {
  const { ownRemedies, remedies, ...rest } = inSandbox(orders);
  expect(ownRemedies).toBe(orders.ownRemedies);
  expect(rest).toEqual({
    stackName: 'orders-healing',
    mode: 'act',
    protected: [{ user: 'orders' }],
    expendable: [{ command: 'batch-*' }],
    services: SANDBOX_CONFIG.services,
  });
  expect(remedies).toMatchObject({
    'disk-full': { settings: { AgeBy: 'modification' } },
    'cpu-saturated': { settings: { SampleSeconds: '1' } },
    'spool-stuck': { thresholdCount: 5 },
  });
  for (const remedy of Object.values(remedies ?? {})) expect(remedy).not.toHaveProperty('mode');
  const settings = { 'disk-full': { settings: { AgeBy: 'change', StopAtPercent: '70' } } };
  expect(inSandbox({ remedies: settings, expendable: [{ user: 'nightly' }] })).toMatchObject({
    remedies: { 'disk-full': { settings: { AgeBy: 'modification', StopAtPercent: '70' } } },
    expendable: [{ user: 'nightly' }, { command: 'batch-*' }],
  });
  expect(SANDBOX_CONFIG).toMatchObject({ stackName: 'self-healing', mode: 'act' });
});

describe('what is wrong with it is said in one sentence', () => {
  test('a file that is not there', async () => {
    await expect(readConfig('/nowhere/mine.ts')).rejects.toThrow(
      new UsageError('--config is "/nowhere/mine.ts": there is no /nowhere/mine.ts'),
    );
  });

  test('a file that gives none', async () => {
    const path = fileOf('none.ts', 'export const config = {};\n');
    await expect(readConfig(path)).rejects.toThrow(
      new UsageError(`--config: ${path} has no default export, as defineConfig({ … })`),
    );
  });

  test('a configuration that cannot be deployed', async () => {
    const path = fileOf('wrong.ts', 'export default { mode: "on" };\n');
    const refusal = readConfig(path);
    await expect(refusal).rejects.toBeInstanceOf(UsageError);
    await expect(refusal).rejects.toThrow(
      `--config: ${path}: self-healing.config.ts: mode is "on": invalid option: expected one of "observe"|"act"`,
    );
  });
});
