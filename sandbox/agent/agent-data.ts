import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod/mini';
import type { DiskUsage, InstanceMetrics } from '../instance/instance.ts';

const measurement = z.array(z.string());

/** The part of the CloudWatch agent's configuration that the sandbox knows; anything else is an error, never left out. */
const schema = z.strictObject({
  agent: z.optional(z.strictObject({ metrics_collection_interval: z.optional(z.number()) })),
  metrics: z.strictObject({
    namespace: z._default(z.string(), 'CWAgent'),
    append_dimensions: z.strictObject({ InstanceId: z.literal('${aws:InstanceId}') }),
    metrics_collected: z.strictObject({
      cpu: z.optional(z.strictObject({ totalcpu: z.literal(true), resources: z.tuple([]), measurement })),
      mem: z.optional(z.strictObject({ measurement })),
      disk: z.optional(
        z.strictObject({
          resources: z.array(z.string()),
          drop_device: z._default(z.boolean(), false),
          ignore_file_system_types: z._default(z.array(z.string()), []),
          measurement,
        }),
      ),
      processes: z.optional(z.strictObject({ measurement })),
      // takes what timers on the instance measure
      statsd: z.optional(z.strictObject({ service_address: z.string() })),
    }),
  }),
});

/** The instance's disks are pieces of the machine's memory; they stand for volumes, and are named like these. */
const VOLUMES: Readonly<Record<string, string>> = { '/': 'nvme0n1p1', '/data': 'nvme1n1' };
const VOLUME_TYPE = 'xfs';

/** Where an agent that runs by a configuration puts what it is handed by StatsD; `undefined` where it takes nothing. */
export function statsdNamespace(configuration: string): string | undefined {
  const { namespace, metrics_collected: collected } = schema.parse(JSON.parse(configuration)).metrics;
  return collected.statsd === undefined ? undefined : namespace;
}

/** What an agent that runs by a configuration puts of an instance, with its names and dimensions. */
export function agentData(
  configuration: string,
  instanceId: string,
  measured: InstanceMetrics,
): { readonly namespace: string; readonly data: MetricDatum[] } {
  const { namespace, metrics_collected: collected } = schema.parse(JSON.parse(configuration)).metrics;
  const { cpu, mem, disk, processes } = collected;
  const data = (
    section: string,
    wanted: readonly string[],
    values: Record<string, number>,
    own: object,
  ): MetricDatum[] =>
    wanted.map((name) => {
      const field = name.replace(`${section}_`, '');
      const Value = values[field];
      if (Value === undefined) throw new Error(`the sandbox's agent does not measure ${section}_${field}`);
      const dimensions = Object.entries({ InstanceId: instanceId, ...own }).map(([Name, value]) => ({
        Name,
        Value: String(value),
      }));
      return { MetricName: `${section}_${field}`, Value, Dimensions: dimensions };
    });
  const volumes = disk === undefined ? [] : collectedVolumes(disk, measured.disks);
  return {
    namespace,
    data: [
      ...data('cpu', cpu?.measurement ?? [], { usage_active: measured.cpuUsageActivePercent }, { cpu: 'cpu-total' }),
      ...data('mem', mem?.measurement ?? [], { used_percent: measured.memoryUsedPercent }, {}),
      ...data(
        'processes',
        processes?.measurement ?? [],
        { total: measured.processesTotal, zombies: measured.processesZombies },
        {},
      ),
      ...volumes.flatMap(({ path, usedPercent }) => {
        const device = disk?.drop_device === true ? {} : { device: VOLUMES[path] ?? 'unknown' };
        const own = { path, ...device, fstype: VOLUME_TYPE };
        return data('disk', disk?.measurement ?? [], { used_percent: usedPercent }, own);
      }),
    ],
  };
}

function collectedVolumes(
  disk: { readonly resources: readonly string[]; readonly ignore_file_system_types: readonly string[] },
  disks: readonly DiskUsage[],
): DiskUsage[] {
  if (disk.ignore_file_system_types.includes(VOLUME_TYPE)) return [];
  return disks.filter(({ path }) => disk.resources.includes('*') || disk.resources.includes(path));
}
