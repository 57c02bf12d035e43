import type { Slice } from 'self-healing-ec2';

/** Locks of the orders' batches that outlived the process that took them. */
const staleLocks: Slice = {
  id: 'stale-locks',
  symptom: 'stale-locks',
  title: 'remove old locks whose owner is gone',
  detection: {
    metricName: 'orders_old_locks',
    statistic: 'MAX',
    // as the CloudWatch agent puts what measure.sh prints
    dimensions: ['InstanceId', 'metric_type'],
    groupBy: ['InstanceId'],
    threshold: 1,
    unit: 'Count',
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
  },
  disruption: 'none',
  parameters: {
    ThresholdCount: {
      source: { from: 'setting', default: '1', describes: 'from how many old locks on batches count as blocked' },
      pattern: '^[1-9][0-9]{0,6}$',
      accepts: ['1', '20'],
      rejects: ['', '0', '1 or 2'],
    },
    LockFolder: {
      source: { from: 'setting', default: '/srv/orders/locks', describes: 'where the locks lie' },
      // each name of the path begins with a letter or digit: neither hidden nor ".."
      pattern: '^/srv(/[A-Za-z0-9][A-Za-z0-9._-]{0,60}){1,6}$',
      accepts: ['/srv/orders/locks', '/srv/batch-2'],
      rejects: ['', '/', '/srv', '/srv/', '/srv/../etc', '/var/lock', '/srv/a b'],
    },
    AgeMinutes: {
      source: { from: 'setting', default: '60', describes: 'longer than any batch takes: younger locks are in order' },
      pattern: '^[1-9][0-9]{0,4}$',
      accepts: ['1', '60'],
      rejects: ['', '0', '1h'],
    },
  },
  checkTimeoutSeconds: 30,
  repairTimeoutSeconds: 60,
  soakSeconds: 120,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'a lock whose owner is gone protects nothing' },
};

export default staleLocks;
