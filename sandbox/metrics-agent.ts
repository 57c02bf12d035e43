import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Measurement } from '../lib/kept/measurements.ts';
import { agentData, statsdNamespace } from './agent/agent-data.ts';
import { runningConfiguration } from './agent/running-agent.ts';
import { awsClients, closeClients } from './aws-clients.ts';
import type { ScaledClock } from './clock.ts';
import type { Fleet } from './fleet.ts';
import type { SandboxInstance } from './instance/instance.ts';
import { measure } from './measurements.ts';

/**
 * Puts what the instance's CloudWatch agent measures, where one runs, by its own configuration; and what timers on the instance
 * would hand to it, where its configuration takes that.
 */
export async function putMetrics(
  cloudWatch: CloudWatchClient,
  instance: SandboxInstance,
  measurements: readonly Measurement[],
): Promise<void> {
  const configuration = runningConfiguration(instance);
  if (configuration === undefined) return;
  await Promise.all([
    putByAgent(cloudWatch, instance, configuration),
    putByTimers(cloudWatch, instance, configuration, measurements),
  ]);
}

async function putByAgent(
  cloudWatch: CloudWatchClient,
  instance: SandboxInstance,
  configuration: string,
): Promise<void> {
  const { namespace, data } = agentData(configuration, instance.instanceId, await instance.metrics());
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data }));
}

async function putByTimers(
  cloudWatch: CloudWatchClient,
  instance: SandboxInstance,
  configuration: string,
  measurements: readonly Measurement[],
): Promise<void> {
  const namespace = statsdNamespace(configuration);
  if (namespace === undefined) return;
  const own = await measure(instance, measurements);
  if (own.length === 0) return;
  const MetricData = own.map(({ metricName, value, dimensions }) => ({
    MetricName: metricName,
    Value: value,
    Dimensions: Object.entries({ InstanceId: instance.instanceId, ...dimensions }).map(([Name, Value]) => ({
      Name,
      Value,
    })),
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
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
