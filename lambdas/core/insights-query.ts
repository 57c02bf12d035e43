import type { Detection } from '../../remedies/slice.ts';

/** The Metrics Insights query of a fleet alarm: one series a contributor, worst first. */
export function fleetQuery(detection: Detection, namespace: string): string {
  const { statistic, metricName, groupBy } = detection;
  return `SELECT ${statistic}(${metricName}) FROM ${schema(detection, namespace)} GROUP BY ${groupBy.join(', ')} ORDER BY ${statistic}() DESC`;
}

/** The same metric, one series an instance: whose metrics arrive at all; or that of one instance. */
export function reportingQuery(detection: Detection, namespace: string, instanceId?: string): string {
  const { statistic, metricName } = detection;
  const where = instanceId === undefined ? '' : ` WHERE InstanceId = '${instanceId}'`;
  return `SELECT ${statistic}(${metricName}) FROM ${schema(detection, namespace)}${where} GROUP BY InstanceId ORDER BY ${statistic}() DESC`;
}

/** The same metric of one target. */
export function targetQuery(detection: Detection, namespace: string, instanceId: string, part: string): string {
  const { statistic, metricName, groupBy } = detection;
  const where = [`InstanceId = '${instanceId}'`, ...(groupBy[1] === undefined ? [] : [`${groupBy[1]} = '${part}'`])];
  return `SELECT ${statistic}(${metricName}) FROM ${schema(detection, namespace)} WHERE ${where.join(' AND ')}`;
}

/** The same metric of one instance, one series a part of it. */
export function partsQuery(detection: Detection, namespace: string, instanceId: string): string {
  const { statistic, metricName, groupBy } = detection;
  return `SELECT ${statistic}(${metricName}) FROM ${schema(detection, namespace)} WHERE InstanceId = '${instanceId}' GROUP BY ${groupBy[1] ?? 'InstanceId'} ORDER BY ${statistic}() DESC`;
}

/** `SCHEMA` matches only series with exactly these dimensions; a metric that AWS itself puts is not where the fleet's are. */
function schema(detection: Detection, fleetNamespace: string): string {
  const { namespace = fleetNamespace, dimensions } = detection;
  return `SCHEMA("${namespace}", ${dimensions.join(', ')})`;
}
