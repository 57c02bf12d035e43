import type { ActSlice } from '../slice.ts';

const slice: ActSlice = {
  id: 'instance-impaired',
  symptom: 'instance-impaired',
  title: 'reboot the instance',
  act: 'reboot-instance',
  detection: {
    namespace: 'AWS/EC2',
    // 1 where the instance status check failed, else 0; put each minute at no charge:
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html#status-check-metrics
    metricName: 'StatusCheckFailed_Instance',
    statistic: 'MAX',
    dimensions: ['InstanceId'],
    groupBy: ['InstanceId'],
    threshold: 1,
    unit: 'Count',
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
  },
  disruption: 'reboot',
  settleSeconds: 600,
  soakSeconds: 300,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'what ran in memory is gone; the disks are as they were' },
};

export default slice;
