import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESTARTS_METRIC } from '../../lambdas/core/on-host.ts';
import { settingsEnvironment } from '../../lambdas/core/script-parameters.ts';
import { chores } from '../../remedies/chores.ts';
import type { Config } from '../config/config.ts';
import { policyFromConfig } from '../config/policy-from-config.ts';
import { isMeasuredApart, type LocatedSlice } from '../config/remedies-of.ts';
import { restartingUnits } from './restarting-units.ts';

/** A metric that the CloudWatch agent does not have: a timer on the instance runs the remedy's `measure.sh` and puts it. */
export interface Measurement {
  readonly metricName: string;
  /** Dimension that tells the parts of an instance apart, where there are any. */
  readonly partDimension?: string;
  readonly script: string;
  /** The remedy's settings, as its other scripts get them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the remedies measure by themselves, and what tells of restarts on the host. */
export function measurementsOf(remedies: readonly LocatedSlice[], config: Config): Measurement[] {
  // a measurement is part of no document of a remedy
  const documents = Object.fromEntries(remedies.map(({ slice }) => [slice.id, { check: '', repair: '' }]));
  const choreDocuments = Object.fromEntries(chores.map(({ id }) => [id, { preview: '', clean: '' }]));
  const policy = policyFromConfig(config, documents, choreDocuments);
  const own = remedies.filter(isMeasuredApart).map((remedy) => {
    const { metricName, groupBy } = remedy.slice.detection;
    return {
      namespace: policy.metricNamespace,
      metricName,
      ...(groupBy[1] === undefined ? {} : { partDimension: groupBy[1] }),
      script: readFileSync(join(remedy.folder, remedy.slice.id, 'measure.sh'), 'utf8'),
      environment: settingsEnvironment(remedy.slice, policy),
    };
  });
  return [...own, ...restartsOnHost(config)];
}

/** What systemd restarted by itself, where the configuration has it do so. */
function restartsOnHost(config: Config): Measurement[] {
  const units = restartingUnits(config);
  if (units.length === 0) return [];
  const script = readFileSync(join(import.meta.dirname, 'on-instance', 'restarts-on-host.sh'), 'utf8');
  const environment = { SSM_Units: units.join(' ') };
  return [{ metricName: RESTARTS_METRIC, partDimension: 'service', script, environment }];
}
