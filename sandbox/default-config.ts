import type { Config } from '../lib/config/config.ts';
import type { ServiceConfig } from '../lib/config/service-config.ts';
import { slices } from '../remedies/index.ts';

type Remedies = NonNullable<Config['remedies']>;

/** What faults in a sandbox need of a setting, wherever a remedy has it. */
const SETTINGS: Readonly<Record<string, string>> = {
  // scripts run in real time, but what waits for them does not: whatever is measured over a time is measured over a second
  SampleSeconds: '1',
  // the sandbox's faults are made old by `touch`, which cannot set a file's time of change
  AgeBy: 'modification',
};

/** Thresholds of faults that would otherwise cost the machine too much. */
const THRESHOLDS: Remedies = { 'process-flood': { thresholdCount: 150 } };

/** What the faults of the system's own remedies need. */
const NEEDED: Remedies = Object.fromEntries(
  slices.map(({ id, parameters }) => [
    id,
    {
      ...THRESHOLDS[id],
      settings: Object.fromEntries(Object.entries(SETTINGS).filter(([name]) => name in parameters)),
    },
  ]),
);

/** What the sandbox's faults break. */
const SERVICES: readonly ServiceConfig[] = [
  { unit: 'sandbox-ledger.service' },
  { unit: 'sandbox-orders.service', probe: { command: '/srv/sandbox-services/orders-probe' } },
  { unit: 'sandbox-mail.service' },
];

/** A configuration as the sandbox deploys it: every remedy acts, commands named `batch-*` are expendable, and there are services. */
export function inSandbox(config: Config): Config {
  const ids = new Set([...Object.keys(NEEDED), ...Object.keys(config.remedies ?? {})]);
  const remedies = [...ids].map((id) => {
    const { mode: _mode, settings, ...own } = config.remedies?.[id] ?? {};
    return [id, { ...own, ...NEEDED[id], settings: { ...settings, ...NEEDED[id]?.settings } }] as const;
  });
  return {
    ...config,
    mode: 'act',
    expendable: [...(config.expendable ?? []), { command: 'batch-*' }],
    services: [...(config.services ?? []), ...SERVICES],
    remedies: Object.fromEntries(remedies),
  };
}

/** The configuration that the sandbox deploys where none is given. */
export const SANDBOX_CONFIG: Config = inSandbox({ stackName: 'self-healing' });
