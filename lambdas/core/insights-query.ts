import type { Detection } from '../../remedies/slice.ts';
import { METRIC_NAMESPACE } from './names.ts';

/** The Metrics Insights query of a fleet alarm: one series a contributor, worst first. */
export function fleetQuery({ statistic, metricName, dimensions, groupBy }: Detection): string {
  const from = `SCHEMA("${METRIC_NAMESPACE}", ${dimensions.join(', ')})`;
  return `SELECT ${statistic}(${metricName}) FROM ${from} GROUP BY ${groupBy.join(', ')} ORDER BY ${statistic}() DESC`;
}

/** The same metric, one series an instance: whose metrics arrive at all. */
export function reportingQuery({ statistic, metricName, dimensions }: Detection): string {
  const from = `SCHEMA("${METRIC_NAMESPACE}", ${dimensions.join(', ')})`;
  return `SELECT ${statistic}(${metricName}) FROM ${from} GROUP BY InstanceId ORDER BY ${statistic}() DESC`;
}

/** The same metric of one target. */
export function targetQuery(
  { statistic, metricName, dimensions, groupBy }: Detection,
  instanceId: string,
  part: string,
): string {
  const from = `SCHEMA("${METRIC_NAMESPACE}", ${dimensions.join(', ')})`;
  const where = [`InstanceId = '${instanceId}'`, ...(groupBy[1] === undefined ? [] : [`${groupBy[1]} = '${part}'`])];
  return `SELECT ${statistic}(${metricName}) FROM ${from} WHERE ${where.join(' AND ')}`;
}
