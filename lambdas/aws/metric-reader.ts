import { GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { type Detection, detecting } from '../../remedies/slice.ts';
import type { Policy } from '../core/policy.ts';
import { partsQuery, reportingQuery, targetQuery } from '../core/insights-query.ts';
import { cloudWatch } from './clients.ts';
import { iso } from './state/table.ts';

const WINDOW_SECONDS = 600;
/** Disks of an instance that a message tells of, at most. */
const MOST_DISKS = 4;

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

/** The newest datapoints of an instance's disks in the last 10 minutes, one line each, the fullest first: what is known without its agent. */
export async function newestOfDisks({ slices, metricNamespace }: Policy, instanceId: string, nowMillis: number) {
  const ofDisks = detecting(slices).filter(({ detection: { groupBy } }) => groupBy[1] === 'path');
  const detections = new Map(ofDisks.map(({ detection }) => [detection.metricName, detection]));
  const lines = await Promise.all(
    [...detections.values()].map(async (detection) => {
      const series = await query(
        partsQuery(detection, metricNamespace, instanceId),
        detection.periodSeconds,
        nowMillis,
      );
      if (series.length === 0) return [`${detection.metricName}: no datapoint in the last 10 minutes`];
      return series.slice(0, MOST_DISKS).flatMap(({ Label, Values, Timestamps }) => {
        const value = Values?.[0];
        const at = Timestamps?.[0];
        if (value === undefined || at === undefined) return [];
        return [`${detection.metricName} of ${Label ?? '?'} was ${Math.round(value * 10) / 10} at ${at.toISOString()}`];
      });
    }),
  );
  return lines.flat();
}

/** Ids of the instances of which any metric arrived in the last 10 minutes: the worst 500 of each metric at most. */
export async function reporting(policy: Policy, nowMillis: number): Promise<Set<string>> {
  const sets = await Promise.all(
    putByAgents(policy).map((detection) => reportingInstances(detection, policy.metricNamespace, nowMillis)),
  );
  return new Set(sets.flatMap((set) => [...set]));
}

/** Whether any metric of this one instance arrived in the last 10 minutes. */
export async function reportsAlone(policy: Policy, instanceId: string, nowMillis: number): Promise<boolean> {
  for (const detection of putByAgents(policy)) {
    if ((await reportingInstances(detection, policy.metricNamespace, nowMillis, instanceId)).size > 0) return true;
  }
  return false;
}

/** The metrics that agents put: what AWS itself puts of an instance says nothing of its agent. */
export function putByAgents({ slices }: Policy): Detection[] {
  return detecting(slices)
    .map(({ detection }) => detection)
    .filter(({ namespace }) => namespace === undefined);
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
