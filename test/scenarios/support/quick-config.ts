import type { Config } from '../../../lib/config/config.ts';

/** For scenarios that run many incidents in a row, in a world without alarms: a fault of some MiB is one, and no cooldown. */
export function quickConfig(soakSeconds: number): Config {
  return {
    stackName: 'self-healing',
    mode: 'act',
    // some skip days, after which it would be due
    maintenance: { cacheCleanUpSeconds: 'off', temporaryFilesSeconds: 'off' },
    remedies: {
      'disk-full': {
        soakSeconds,
        cooldownSeconds: 0,
        thresholdPercent: 20,
        settings: { AgeBy: 'modification', StopAtPercent: '10' },
      },
    },
  };
}
