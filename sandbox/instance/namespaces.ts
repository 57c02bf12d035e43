import { spawnSync } from 'node:child_process';

/** How this process makes and enters the namespaces of instances. */
export interface Namespaces {
  /** Who exists inside: all users; or, in the user namespace of one who owns no further ids, root alone. */
  readonly users: 'all' | 'root-only';
  /** Options of `unshare`. */
  readonly make: readonly string[];
  /** Options of `nsenter`. */
  readonly enter: readonly string[];
}

/** No way works here; `why` is what the last way said. */
export interface NoNamespaces {
  readonly users: 'none';
  readonly why: string;
}

const MAKE = '--pid --fork --kill-child --mount --uts --ipc --net --propagation private'.split(' ');
const ENTER = '--mount --uts --ipc --net --pid --root --wd'.split(' ');

const AS_ROOT: Namespaces = { users: 'all', make: MAKE, enter: ENTER };
const AS_USER: Namespaces = {
  users: 'root-only',
  make: ['--user', '--map-root-user', ...MAKE],
  enter: ['--user', '--preserve-credentials', ...ENTER],
};
/** With the ids that /etc/subuid and /etc/subgid give to the user; it needs newuidmap, and unshare of util-linux 2.38. */
const AS_USER_WITH_IDS: Namespaces = { users: 'all', make: ['--map-auto', ...AS_USER.make], enter: AS_USER.enter };

/** What only a machine that forbids it refuses: containers hide parts of /proc, AppArmor denies mounts. */
const TRIAL = 'mount -n -t proc proc /proc && mount -n -t tmpfs tmpfs /proc';
const TRIAL_AS_ANOTHER = `setpriv --reuid 65534 --regid 65534 --clear-groups true && ${TRIAL}`;

let found: Namespaces | NoNamespaces | undefined;

/** The first way that works here, tried once for the life of this process: as root, as a user with ids, as a user. */
export function namespaces(): Namespaces | NoNamespaces {
  found ??= tryNamespaces(process.getuid?.() === 0);
  return found;
}

function tryNamespaces(asRoot: boolean): Namespaces | NoNamespaces {
  let why = '';
  for (const way of [...(asRoot ? [AS_ROOT] : []), AS_USER_WITH_IDS, AS_USER]) {
    const trial = way.users === 'all' ? TRIAL_AS_ANOTHER : TRIAL;
    const { status, stderr, error } = spawnSync('unshare', [...way.make, '--', 'sh', '-c', trial], {
      cwd: '/',
      encoding: 'utf8',
      timeout: 10_000,
      killSignal: 'SIGKILL',
    });
    if (status === 0) return way;
    why = error?.message ?? stderr.trim();
  }
  return { users: 'none', why };
}
