import type { Config } from '../lib/config/config.ts';
import { slices } from '../remedies/index.ts';

/** Scripts run in real time, but what waits for them does not: whatever is measured over a time is measured over a second. */
const SHORT_SAMPLES: Config['remedies'] = Object.fromEntries(
  slices
    .filter(({ parameters }) => 'SampleSeconds' in parameters)
    .map(({ id }) => [id, { settings: { SampleSeconds: '1' } }]),
);

/** The configuration that the sandbox deploys: remedies act, and commands named `batch-*` are expendable. */
export const SANDBOX_CONFIG: Config = {
  stackName: 'self-healing',
  mode: 'act',
  expendable: [{ command: 'batch-*' }],
  remedies: {
    ...SHORT_SAMPLES,
    // the sandbox's faults are made old by `touch`, which cannot set a file's time of change
    'disk-full': { settings: { AgeBy: 'modification' } },
  },
};
