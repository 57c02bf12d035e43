import type { Datum } from '../cloudwatch/store.ts';
import type { StatusChecks } from '../ec2/status-checks.ts';
import { oneValue } from './one-value.ts';

/**
 * What EC2 puts into `AWS/EC2` each minute of the status checks of an instance that runs: 0 passed, 1 failed; nothing while a
 * check is not done. Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 */
export function statusMetrics(instanceIds: readonly string[], checks: StatusChecks, atMillis: number): Datum[] {
  return instanceIds.flatMap((InstanceId) => {
    const { instance, system } = checks.of(InstanceId);
    if (instance === 'initializing') return [];
    const failed = { Instance: instance === 'impaired', System: system === 'impaired' };
    const values = {
      StatusCheckFailed: failed.Instance || failed.System,
      StatusCheckFailed_Instance: failed.Instance,
      StatusCheckFailed_System: failed.System,
    };
    return Object.entries(values).map(([metric, value]) =>
      oneValue({ namespace: 'AWS/EC2', metric, dimensions: { InstanceId }, unit: 'Count' }, value ? 1 : 0, atMillis),
    );
  });
}
