import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocatedSlice } from '../lib/config/remedies-of.ts';
import type { SandboxInstance } from './instance/instance.ts';

/** A metric that the CloudWatch agent does not have: a timer on the instance runs the remedy's `measure.sh` and puts it. */
export interface Measurement {
  readonly metricName: string;
  readonly script: string;
}

/** What the remedies measure by themselves. */
export function measurementsOf(remedies: readonly LocatedSlice[]): Measurement[] {
  return remedies
    .map(({ slice, folder }) => ({
      metricName: slice.detection.metricName,
      path: join(folder, slice.id, 'measure.sh'),
    }))
    .filter(({ path }) => existsSync(path))
    .map(({ metricName, path }) => ({ metricName, script: readFileSync(path, 'utf8') }));
}

/** The values on an instance; a measurement that fails gives none, as the timer would put none. */
export async function measure(
  instance: Pick<SandboxInstance, 'exec'>,
  measurements: readonly Measurement[],
): Promise<{ metricName: string; value: number }[]> {
  const measured = await Promise.all(
    measurements.map(async ({ metricName, script }) => {
      const { exitCode, stdout } = await instance.exec({ command: ['bash', '-s'], stdin: script, timeoutSeconds: 20 });
      const said = stdout.trim();
      return exitCode === 0 && /^\d+$/.test(said) ? [{ metricName, value: Number(said) }] : [];
    }),
  );
  return measured.flat();
}
