import type { Config } from '../lib/config/config.ts';

/** The configuration that the sandbox deploys: remedies act, and commands named `batch-*` are expendable. */
export const SANDBOX_CONFIG: Config = {
  stackName: 'self-healing',
  mode: 'act',
  expendable: [{ command: 'batch-*' }],
  // the sandbox's faults are made old by `touch`, which cannot set a file's time of change
  remedies: { 'disk-full': { settings: { AgeBy: 'modification' } } },
};
