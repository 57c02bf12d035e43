import type { Slice } from 'self-healing-ec2';

/** Orders that a worker of the spool took with it when it died. */
const spoolStuck: Slice = {
  id: 'spool-stuck',
  symptom: 'spool-stuck',
  title: 'put orders back into the queue whose worker is gone',
  detection: {
    metricName: 'orders_stuck',
    statistic: 'MAX',
    // as the CloudWatch agent puts what measure.sh prints
    dimensions: ['InstanceId', 'metric_type'],
    groupBy: ['InstanceId'],
    threshold: 1,
    unit: 'Count',
    periodSeconds: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
  },
  disruption: 'none',
  parameters: {
    ThresholdCount: {
      source: { from: 'setting', default: '1', describes: 'from how many orders on the spool counts as stuck' },
      pattern: '^[1-9][0-9]{0,6}$',
      accepts: ['1', '20'],
      rejects: ['', '0', '1 or 2'],
    },
    SpoolFolder: {
      source: { from: 'setting', default: '/srv/orders/spool', describes: 'the spool: it holds queue/ and work/' },
      // each name of the path begins with a letter or digit: neither hidden nor ".."
      pattern: '^/srv(/[A-Za-z0-9][A-Za-z0-9._-]{0,60}){1,6}$',
      accepts: ['/srv/orders/spool', '/srv/spool-2'],
      rejects: ['', '/', '/srv', '/srv/', '/srv/../etc', '/var/spool', '/srv/a b'],
    },
    AgeMinutes: {
      source: { from: 'setting', default: '15', describes: 'longer than work on any order takes' },
      pattern: '^[1-9][0-9]{0,4}$',
      accepts: ['1', '15'],
      rejects: ['', '0', '1h'],
    },
  },
  checkTimeoutSeconds: 30,
  repairTimeoutSeconds: 120,
  soakSeconds: 120,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'an order that was put back is taken by the next worker' },
};

export default spoolStuck;
