import type { Config } from '../../../lib/config/config.ts';

/**
 * For scenarios that run many incidents in a row: a fault of some MiB is one, no cooldown, and no alarm but the events that
 * the scenario itself delivers.
 */
export function quickConfig(soakSeconds: number): Config {
  return {
    stackName: 'self-healing',
    mode: 'act',
    remedies: {
      'disk-full': {
        soakSeconds,
        cooldownSeconds: 0,
        // the alarm's own threshold is out of reach, the scripts' is not
        thresholdPercent: 99,
        settings: { AgeBy: 'modification', ThresholdPercent: '20', StopAtPercent: '10' },
      },
    },
  };
}
