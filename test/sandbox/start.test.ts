import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Runs a script under a Node.js that takes itself to be another: JavaScript that runs before it. */
function underAnother(pretence: string, script: string, ...args: string[]) {
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(pretence)}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const onPlatform = (name: string) => `Object.defineProperty(process, 'platform', { value: '${name}' });`;
const NODE_22 = `Object.defineProperty(process.versions, 'node', { value: '22.4.0' });`;

test.each([
  ['darwin', 'for example with Lima: brew install lima && limactl start && lima'],
  ['win32', 'for example with WSL: wsl --install, and then all further in the Linux that it brings'],
])('npm start on %s is one sentence that says where it runs, whatever the version of Node.js', (platform, way) => {
  expect(underAnother(onPlatform(platform) + NODE_22, 'sandbox/start.mjs', '--once')).toEqual({
    status: 2,
    stdout: '',
    stderr: `the sandbox's instances are made of Linux namespaces, and this is ${platform}: use a Linux virtual machine, ${way}\n`,
  });
});

test.each(['sandbox/start.mjs', 'node_modules/jest/bin/jest.js'])(
  '%s under a Node.js that is too old is one sentence, not an error about .ts',
  (script) => {
    const { status, stdout, stderr } = underAnother(NODE_22, script, 'test/sandbox/options.test.ts');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^Node\.js 24 or newer is needed, and this is 22\.4\.0 on \w+ \w+: .* https:\/\/nodejs\.org\/ for example\n$/,
    );
  },
);

test('npm start runs the sandbox where nothing is missing', () => {
  const help = execFileSync(process.execPath, ['sandbox/start.mjs', '--help'], { cwd: ROOT, encoding: 'utf8' });
  expect(help).toMatch(/^npm start -- \[options\]/);
});
