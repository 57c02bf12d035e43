import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePython } from '../../../sandbox/gateway/make-python.ts';
import { findPython } from '../../../sandbox/gateway/python.ts';
import { until } from '../../scenarios/until.ts';

let folder: string;
let ownFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-python-'));
  ownFolder = join(folder, 'project', '.sandbox-python');
  mkdirSync(join(folder, 'project'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An environment whose `python3` is a shell script with this text; its `real` is the machine's. */
function withPython(script: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  writeFileSync(join(bin, 'python3'), `#!/bin/bash\nreal=${real}\n${script}\n`, { mode: 0o755 });
  return { PATH: `${bin}:/usr/bin:/bin`, HOME: folder };
}
const WITHOUT_MOTO = 'case "$*" in *moto*) exit 1 ;; esac; ';

test('an environment is made with what pip finds, and is what is found from then on', async () => {
  execFileSync('python3', [join(import.meta.dirname, 'stand-in-wheel.py'), folder]);
  const wheels = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder };
  const places = { environment: { ...withPython(`${WITHOUT_MOTO}exec "$real" "$@"`), ...wheels }, ownFolder };
  expect(await findPython(places)).toBeUndefined();
  expect(await makePython(places)).toBeUndefined();
  expect(await findPython(places)).toBe(join(realpathSync(folder), 'project/.sandbox-python/bin/python3'));
  expect(readdirSync(join(folder, 'project'))).toEqual(['.sandbox-python']);
});

test.each([
  ['exit 127', /^python3: apt-get install python3 python3-venv /],
  ['case "$*" in *version_info*) exit 1 ;; esac', /^Python 3\.10 or newer under the name python3$/],
  [
    'case "$*" in *ensurepip*) exit 1 ;; esac',
    /^python3's modules venv and ensurepip: apt-get install python3-venv; or /,
  ],
])('with a python3 that answers %s, what to install is said', async (script, said) => {
  expect(await makePython({ environment: withPython(script), ownFolder })).toMatch(said);
  expect(existsSync(ownFolder)).toBe(false);
});

/** A `python3 -m venv` that makes a folder whose pip does this. */
const withPip = (pip: string) => `case "$*" in
  "-m venv"*) mkdir -p "$4/bin" && printf '#!/bin/bash\\n${pip}\\n' >"$4/bin/python3" && chmod +x "$4/bin/python3" ;;
  *moto*) exit 1 ;;
esac`;

test('where pip can reach no index, its reason is told and what it can be given; nothing counts as made', async () => {
  const pip = 'echo "ERROR: No matching distribution found" >&2; echo bye; exit 1';
  const said = await makePython({ environment: withPython(withPip(pip)), ownFolder });
  expect(said).toContain(
    `could not install moto[server]==5.2.1 into ${ownFolder} (ERROR: No matching distribution found)`,
  );
  expect(said).toMatch(/PIP_INDEX_URL .* PIP_FIND_LINKS .* python3 -m pip install 'moto\[server\]==5\.2\.1'$/);
  expect(existsSync(ownFolder)).toBe(false);
});

test('killed in the middle it ends with all that it started, and what it left is not taken for an environment', async () => {
  const marker = `${folder}/pip-was-here`;
  const environment = withPython(withPip(`echo $$ >${marker}; exec sleep 4326`));
  const program = `
    import { makePython } from ${JSON.stringify(join(import.meta.dirname, '../../../sandbox/gateway/make-python.ts'))};
    await makePython(${JSON.stringify({ environment, ownFolder })});`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  await until('pip runs', () => existsSync(marker));
  const pip = execFileSync('cat', [marker], { encoding: 'utf8' }).trim();
  await until('pip sleeps', () => existsSync(`/proc/${pip}`));
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await until('pip is gone', () => !existsSync(`/proc/${pip}`), 5);
  expect(existsSync(ownFolder)).toBe(false);
  expect(await findPython({ environment, ownFolder })).toBeUndefined();

  const again = withPython(withPip('true'));
  expect(await makePython({ environment: again, ownFolder })).toBeUndefined();
  expect(readdirSync(join(folder, 'project'))).toEqual(['.sandbox-python']);
});
