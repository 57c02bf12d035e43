import type { Config } from '../../../lib/config/config.ts';

/** Remedies act at once, and the soak is as short as it may be: nobody waits for it here. */
export const BENCH_CONFIG: Config = {
  stackName: 'self-healing',
  mode: 'act',
  remedies: {
    'disk-full': {
      soakSeconds: 30,
      cooldownSeconds: 0,
      // the sandbox's faults are made old by `touch`, which cannot set a file's time of change
      settings: { AgeBy: 'modification' },
    },
  },
};
