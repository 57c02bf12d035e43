import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** One check of `npm run check`: what it is called, and the command that makes it. */
interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const root = join(import.meta.dirname, '..');
const scripts = execFileSync('git', ['ls-files', '-z', '*.sh', '.ci/run'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '');

/** Somebody else's app, which uses the constructs by the package's name. */
const EXAMPLE = 'examples/orders';

const CHECKS: readonly Check[] = [
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['biome', 'format', '.'] },
  { name: 'types', command: ['tsc'] },
  { name: 'shellcheck', command: ['shellcheck', '--severity=style', ...scripts] },
  { name: 'synth, with cdk-nag', command: ['cdk', 'synth', '--quiet'] },
  {
    name: 'synth of the example',
    command: ['cdk', 'synth', '--quiet', '--app', `node ${EXAMPLE}/app.ts`, '--output', `${EXAMPLE}/cdk.out`],
  },
  {
    name: 'cfn-lint',
    command: ['cfn-lint', 'cdk.out/SelfHealing.template.json', `${EXAMPLE}/cdk.out/Orders.template.json`],
  },
];

/** Where a tool comes from that npm does not bring. */
const ORIGIN: Readonly<Record<string, string>> = {
  shellcheck: 'apt-get install shellcheck',
  'cfn-lint': "python3 -m pip install 'cfn-lint==1.51.0'",
};

const failed = CHECKS.filter(({ name, command: [program = '', ...args] }) => {
  console.log(`== ${name}`);
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  // a tool that is missing is a check that failed, never one that is skipped
  if (error !== undefined) console.log(`${program} is missing: ${ORIGIN[program] ?? 'npm ci'}`);
  return status !== 0;
});
console.log(`${CHECKS.length - failed.length} passed, ${failed.length} failed`);
for (const { name } of failed) console.log(`failed: ${name}`);
process.exitCode = failed.length === 0 ? 0 : 1;
