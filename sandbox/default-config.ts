import type { Config } from '../lib/config/config.ts';
import { slices } from '../remedies/index.ts';

type Remedies = NonNullable<Config['remedies']>;

/** Scripts run in real time, but what waits for them does not: whatever is measured over a time is measured over a second. */
const SHORT_SAMPLES: Remedies = Object.fromEntries(
  slices
    .filter(({ parameters }) => 'SampleSeconds' in parameters)
    .map(({ id }) => [id, { settings: { SampleSeconds: '1' } }]),
);

/** What the faults of the system's own remedies need. */
const NEEDED: Remedies = {
  ...SHORT_SAMPLES,
  // the sandbox's faults are made old by `touch`, which cannot set a file's time of change
  'disk-full': { settings: { AgeBy: 'modification' } },
};

/** A configuration as the sandbox deploys it: every remedy acts, and commands named `batch-*` are expendable. */
export function inSandbox(config: Config): Config {
  const ids = new Set([...Object.keys(NEEDED), ...Object.keys(config.remedies ?? {})]);
  const remedies = [...ids].map((id) => {
    const { mode: _mode, settings, ...own } = config.remedies?.[id] ?? {};
    return [id, { ...own, settings: { ...settings, ...NEEDED[id]?.settings } }] as const;
  });
  return {
    ...config,
    mode: 'act',
    expendable: [...(config.expendable ?? []), { command: 'batch-*' }],
    remedies: Object.fromEntries(remedies),
  };
}

/** The configuration that the sandbox deploys where none is given. */
export const SANDBOX_CONFIG: Config = inSandbox({ stackName: 'self-healing' });
