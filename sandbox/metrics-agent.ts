import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../lambdas/core/names.ts';
import type { SandboxInstance } from './instance/instance.ts';

/** Puts what the CloudWatch agent would measure on an instance, with its names and dimensions. */
export async function putMetrics(cloudWatch: CloudWatchClient, instance: SandboxInstance): Promise<void> {
  const metrics = await instance.metrics();
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
  ];
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }));
}
