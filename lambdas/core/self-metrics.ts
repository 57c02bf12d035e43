/** CloudWatch namespace of the metrics that the system puts about itself, by stack. */
export const SELF_METRIC_NAMESPACE = 'SelfHealing/System';

/** What the sweep counts; the system's own alarms watch these. */
export interface SelfMetrics {
  /** 1 for each pass that came to its end: none for a while means that nothing is looked at again. */
  readonly SweepsCompleted: number;
  /** Opted-in instances that run and whose metrics do not arrive; absent where that could not be read. */
  readonly SilentInstances?: number;
  /** Durable executions older than any may become; absent where that could not be read. */
  readonly OverdueExecutions?: number;
}

/**
 * One log line in CloudWatch's embedded metric format, from which CloudWatch Logs makes the metrics; it must be the whole line:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(stack: string, metrics: SelfMetrics, nowMillis: number): string {
  const Metrics = Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: SELF_METRIC_NAMESPACE, Dimensions: [['Stack']], Metrics }];
  return JSON.stringify({ _aws: { Timestamp: nowMillis, CloudWatchMetrics }, Stack: stack, ...metrics });
}
