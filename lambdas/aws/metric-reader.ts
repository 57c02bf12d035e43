import { GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Detection } from '../../remedies/slice.ts';
import type { Policy } from '../core/policy.ts';
import { reportingQuery, targetQuery } from '../core/insights-query.ts';
import { cloudWatch } from './clients.ts';
import { iso } from './state/table.ts';

const WINDOW_SECONDS = 600;

/** The newest datapoint of a target's metric in the last 10 minutes; missing data is `undefined`, never healthy (S29). */
export async function newestDatapoint(
  detection: Detection,
  namespace: string,
  instanceId: string,
  part: string,
  nowMillis: number,
): Promise<{ readonly value: number; readonly at: string } | undefined> {
  const [series] = await query(targetQuery(detection, namespace, instanceId, part), detection.periodSeconds, nowMillis);
  const value = series?.Values?.[0];
  const at = series?.Timestamps?.[0];
  return value === undefined || at === undefined ? undefined : { value, at: at.toISOString() };
}

/** Ids of the instances of which any metric arrived in the last 10 minutes: the worst 500 of each metric at most. */
export async function reporting({ slices, metricNamespace }: Policy, nowMillis: number): Promise<Set<string>> {
  const sets = await Promise.all(
    slices.map(({ detection }) => reportingInstances(detection, metricNamespace, nowMillis)),
  );
  return new Set(sets.flatMap((set) => [...set]));
}

/** Whether any metric of this one instance arrived in the last 10 minutes. */
export async function reportsAlone(
  { slices, metricNamespace }: Policy,
  instanceId: string,
  nowMillis: number,
): Promise<boolean> {
  for (const { detection } of slices) {
    if ((await reportingInstances(detection, metricNamespace, nowMillis, instanceId)).size > 0) return true;
  }
  return false;
}

/** Ids of the instances whose metric arrived in the last 10 minutes; asked for one alone where it is named. */
export async function reportingInstances(
  detection: Detection,
  namespace: string,
  nowMillis: number,
  instanceId?: string,
): Promise<Set<string>> {
  const series = await query(reportingQuery(detection, namespace, instanceId), detection.periodSeconds, nowMillis);
  return new Set(
    series.flatMap(({ Label, Values }) => (Label !== undefined && (Values?.length ?? 0) > 0 ? [Label] : [])),
  );
}

async function query(expression: string, periodSeconds: number, nowMillis: number): Promise<MetricDataResult[]> {
  const { MetricDataResults } = await cloudWatch().send(
    new GetMetricDataCommand({
      MetricDataQueries: [{ Id: 'q', Expression: expression, Period: periodSeconds }],
      StartTime: new Date(iso(nowMillis - WINDOW_SECONDS * 1000)),
      EndTime: new Date(iso(nowMillis)),
      ScanBy: 'TimestampDescending',
    }),
  );
  return MetricDataResults ?? [];
}
