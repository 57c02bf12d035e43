import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsEnvironment } from '../lambdas/core/script-parameters.ts';
import { chores } from '../remedies/chores.ts';
import type { Config } from '../lib/config/config.ts';
import { policyFromConfig } from '../lib/config/policy-from-config.ts';
import type { LocatedSlice } from '../lib/config/remedies-of.ts';
import type { SandboxInstance } from './instance/instance.ts';

/** A metric that the CloudWatch agent does not have: a timer on the instance runs the remedy's `measure.sh` and puts it. */
export interface Measurement {
  /** Where the alarms look. */
  readonly namespace: string;
  readonly metricName: string;
  /** Dimension that tells the parts of an instance apart, where there are any. */
  readonly partDimension?: string;
  readonly script: string;
  /** The remedy's settings, as its other scripts get them. */
  readonly environment: Readonly<Record<string, string>>;
}

/** One value of a measurement; `part` is empty where the instance has no parts. */
export interface Measured {
  readonly metricName: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What the remedies measure by themselves. */
export function measurementsOf(remedies: readonly LocatedSlice[], config: Config): Measurement[] {
  // a measurement is part of no document
  const documents = Object.fromEntries(remedies.map(({ slice }) => [slice.id, { check: '', repair: '' }]));
  const choreDocuments = Object.fromEntries(chores.map(({ id }) => [id, { preview: '', clean: '' }]));
  const policy = policyFromConfig(config, documents, choreDocuments);
  return remedies
    .map(({ slice, folder }) => ({ slice, path: join(folder, slice.id, 'measure.sh') }))
    .filter(({ path }) => existsSync(path))
    .map(({ slice, path }) => {
      const { metricName, groupBy } = slice.detection;
      return {
        namespace: policy.metricNamespace,
        metricName,
        ...(groupBy[1] === undefined ? {} : { partDimension: groupBy[1] }),
        script: readFileSync(path, 'utf8'),
        environment: settingsEnvironment(slice, policy),
      };
    });
}

/** The values on an instance; a measurement that fails gives none, as the timer would put none. */
export async function measure(
  instance: Pick<SandboxInstance, 'exec'>,
  measurements: readonly Measurement[],
): Promise<Measured[]> {
  const measured = await Promise.all(
    measurements.map(async ({ metricName, partDimension, script, environment }) => {
      const command = { command: ['bash', '-s'], stdin: script, environment, timeoutSeconds: 20 };
      const { exitCode, stdout } = await instance.exec(command);
      const lines = stdout.trim().split('\n');
      const values = lines.map((line) => valueOf(line, partDimension));
      // one line that is none makes all of them doubtful
      if (exitCode !== 0 || values.some((value) => value === undefined)) return [];
      return values.flatMap((value) => (value === undefined ? [] : [{ metricName, ...value }]));
    }),
  );
  return measured.flat();
}

/** `12`, or where the metric tells parts apart `12 /data`. */
function valueOf(line: string, partDimension: string | undefined): Omit<Measured, 'metricName'> | undefined {
  const [, value, part] = /^(\d+)(?: (\S+))?$/.exec(line) ?? [];
  if (value === undefined || (part === undefined) !== (partDimension === undefined)) return undefined;
  const dimensions = partDimension === undefined || part === undefined ? {} : { [partDimension]: part };
  return { value: Number(value), dimensions };
}
