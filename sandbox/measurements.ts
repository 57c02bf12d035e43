import { MEASUREMENT_KIND } from '../lambdas/core/names.ts';
import type { Measurement } from '../lib/kept/measurements.ts';
import type { SandboxInstance } from './instance/instance.ts';

/** One value of a measurement; `part` is empty where the instance has no parts. */
export interface Measured {
  readonly metricName: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
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
  const [, value, part] = /^(\d{1,15})(?: ([A-Za-z0-9@._:/+-]{1,200}))?$/.exec(line) ?? [];
  if (value === undefined || (part === undefined) !== (partDimension === undefined)) return undefined;
  const own = partDimension === undefined || part === undefined ? {} : { [partDimension]: part };
  return { value: Number(value), dimensions: { ...own, [MEASUREMENT_KIND.dimension]: MEASUREMENT_KIND.value } };
}
