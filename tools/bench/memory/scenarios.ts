/** Users of the instance, with their numbers. */
export const USERS = { nightly: 61_001, orders: 61_002 } as const;

/** One program that holds memory; what a field does says `holder.py`, and `rig.py` for the last three. */
export interface Holder {
  readonly name: string;
  readonly mebibytes?: number;
  readonly shared?: number;
  readonly forks?: number;
  readonly workers?: number;
  readonly mebibytesEach?: number;
  readonly user?: keyof typeof USERS;
  readonly calls?: string;
  readonly idle?: true;
  readonly group?: string;
  readonly oomScoreAdjust?: number;
  /** It, and any of its forks, is who should be stopped. */
  readonly isHog?: true;
}

interface Scenario {
  readonly name: string;
  readonly holders: readonly Holder[];
}

/** What the configuration says in all scenarios; and what of that an operator can tell earlyoom, which knows processes by name alone. */
export const POLICY = {
  expendable: 'command=batch-*;user=nightly;unit=report@*.service',
  protected: 'command=ledger-*;unit=payroll.service',
  prefer: '^batch-',
  // with what we never touch, whatever is configured; a name has 15 bytes
  avoid:
    '^(ledger-.*|sshd|amazon-ssm-agen|ssm-.*|amazon-cloudwat|containerd.*|dockerd|crio|conmon|podman|kubelet|runc|systemd.*|dbus-.*|agetty)$',
} as const;

const LEAK: Holder = { name: 'batch-import', mebibytes: 30, isHog: true };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'an expendable job leaks and holds most',
    holders: [
      { name: 'ledger-store', mebibytes: 20 },
      { name: 'gateway', mebibytes: 20 },
      { ...LEAK, mebibytes: 60 },
    ],
  },
  {
    name: 'an expendable job leaks beside a protected database that holds more',
    holders: [{ name: 'ledger-store', mebibytes: 60 }, { name: 'gateway', mebibytes: 20 }, LEAK],
  },
  {
    name: 'the leak is in the many small workers of an expendable pool',
    holders: [
      { name: 'ledger-store', mebibytes: 40 },
      { name: 'gateway', mebibytes: 30 },
      { name: 'batch-pool', mebibytes: 4, workers: 12, mebibytesEach: 5, isHog: true },
    ],
  },
  {
    name: 'the largest expendable process is nearly all shared memory, which would stay',
    holders: [{ name: 'ledger-store', mebibytes: 20 }, { name: 'batch-view', mebibytes: 0, shared: 60 }, LEAK],
  },
  {
    name: 'an expendable pool of forks shares its pages: each seems large, and holds next to nothing',
    holders: [{ name: 'ledger-store', mebibytes: 20 }, { name: 'batch-pool', mebibytes: 48, forks: 40 }, LEAK],
  },
  {
    name: 'one is exempt by oom_score_adj -1000, another offers itself with +1000 and holds nothing',
    holders: [
      { name: 'batch-store', mebibytes: 60, oomScoreAdjust: -1000 },
      { name: 'gateway', mebibytes: 20 },
      { name: 'helper', idle: true, oomScoreAdjust: 1000 },
      LEAK,
    ],
  },
  {
    name: 'the hog is expendable by its user, and others run a program of the same name',
    holders: [
      { name: 'indexer', mebibytes: 50, user: 'orders' },
      { name: 'indexer', mebibytes: 40, user: 'nightly', group: '/system.slice/payroll.service' },
      { name: 'indexer', mebibytes: 30, user: 'nightly', isHog: true },
    ],
  },
  {
    name: 'the hog is expendable by its unit, and a stranger has its name',
    holders: [
      { name: 'convert', mebibytes: 40, user: 'orders' },
      { name: 'convert', mebibytes: 30, user: 'orders', group: '/system.slice/report@7.service', isHog: true },
    ],
  },
  {
    name: 'a stranger calls itself what is expendable',
    holders: [{ name: 'gateway', mebibytes: 50, calls: 'batch-sync' }, { name: 'ledger-store', mebibytes: 20 }, LEAK],
  },
  {
    name: 'a stranger holds nearly all, and what is expendable gives nothing back: nobody',
    holders: [
      { name: 'gateway', mebibytes: 100 },
      { name: 'batch-nap', idle: true },
      { name: 'batch-nap', idle: true },
    ],
  },
];
