import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Adds the optional packages of foreign platforms that `npm install` leaves out of package-lock.json where a registry
 * does not carry them: without these entries `npm ci` refuses the lock file. Run it after each `npm install`.
 */
const LOCK = join(import.meta.dirname, '../package-lock.json');

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'netbsd', 'openbsd', 'openharmony', 'win32', 'aix', 'sunos', 'linux'];
const PROCESSORS: Readonly<Record<string, string>> = {
  arm64: 'arm64',
  aarch64: 'arm64',
  x64: 'x64',
  x86_64: 'x64',
  ia32: 'ia32',
  loong64: 'loong64',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  mips: 'mips64el',
  arm: 'arm',
  wasm32: 'wasm32',
};

/** Platform packages are named for their platform; from the name follows where npm skips them. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const aliases: Readonly<Record<string, string>> = { windows: 'win32', fsevents: 'darwin' };
  const alias = Object.entries(aliases).find(([word]) => name.includes(word))?.[1];
  const os = SYSTEMS.find((system) => name.includes(system)) ?? alias;
  const cpu = Object.entries(PROCESSORS).find(([word]) => name.includes(word))?.[1];
  const libc = name.includes('musl') ? 'musl' : name.includes('gnu') ? 'glibc' : undefined;
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(os === undefined ? {} : { os: [os] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
  };
}

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(LOCK, 'utf8'));
let added = 0;
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, wanted] of Object.entries(optionalDependencies)) {
    const hoisted = `node_modules/${name}`;
    if (lock.packages[hoisted] ?? lock.packages[`${path}/${hoisted}`]) continue;
    const version = wanted.replace(/^[\^~]/, '');
    lock.packages[hoisted] = { version, ...platformOf(name), ...(dev === true ? { dev } : {}), optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(LOCK, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${added} entries added`);
