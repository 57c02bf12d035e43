import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../lambdas/core/names.ts';
import { awsClients, closeClients } from './aws-clients.ts';
import type { ScaledClock } from './clock.ts';
import type { Fleet } from './fleet.ts';
import type { SandboxInstance } from './instance/instance.ts';
import { type Measurement, measure } from './measurements.ts';

/** Puts what the CloudWatch agent would measure on an instance, with its names and dimensions, and what its timers would. */
export async function putMetrics(
  cloudWatch: CloudWatchClient,
  instance: SandboxInstance,
  measurements: readonly Measurement[],
): Promise<void> {
  const [metrics, own] = await Promise.all([instance.metrics(), measure(instance, measurements)]);
  const InstanceId = { Name: 'InstanceId', Value: instance.instanceId };
  const datum = (MetricName: string, Value: number, ...dimensions: { Name: string; Value: string }[]): MetricDatum => ({
    MetricName,
    Value,
    Dimensions: [InstanceId, ...dimensions],
  });
  const MetricData = [
    datum('cpu_usage_active', metrics.cpuUsageActivePercent, { Name: 'cpu', Value: 'cpu-total' }),
    datum('mem_used_percent', metrics.memoryUsedPercent),
    datum('processes_total', metrics.processesTotal),
    datum('processes_zombies', metrics.processesZombies),
    ...metrics.disks.map(({ path, fstype, usedPercent }) =>
      datum('disk_used_percent', usedPercent, { Name: 'path', Value: path }, { Name: 'fstype', Value: fstype }),
    ),
    ...own.map(({ metricName, value }) => datum(metricName, value)),
  ];
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }));
}

/**
 * Every minute of the clock each instance's agent puts its metrics, calling with the instance's own access key; the returned
 * function ends that, and resolves when no call is under way any more.
 */
export function startAgents(
  fleet: Pick<Fleet, 'members'>,
  clock: Pick<ScaledClock, 'every'>,
  endpoint: string,
  measurements: readonly Measurement[],
  problem: (text: string) => void,
): () => Promise<void> {
  const underWay = new Set<Promise<void>>();
  const clients = new Map<string, ReturnType<typeof awsClients>>();
  const cancel = clock.every(60, () => {
    for (const [id, { instance }] of fleet.members) {
      if (!instance.running) continue;
      const client = clients.get(id) ?? awsClients(endpoint, `AKIAAGENT${id.slice(2).toUpperCase()}`);
      clients.set(id, client);
      const put = putMetrics(client.cloudWatch, instance, measurements)
        .catch((error: unknown) => problem(`metrics of ${id}: ${String(error)}`))
        .finally(() => underWay.delete(put));
      underWay.add(put);
    }
  });
  return async () => {
    cancel();
    await Promise.all(underWay);
    for (const client of clients.values()) closeClients(client);
  };
}
