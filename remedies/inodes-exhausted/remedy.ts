import { cleaningParameters } from '../cleaning-parameters.ts';
import type { Slice } from '../slice.ts';

const slice: Slice = {
  id: 'inodes-exhausted',
  symptom: 'inodes-exhausted',
  title: 'delete small old files and old empty folders',
  detection: {
    metricName: 'inodes_used_percent',
    statistic: 'MAX',
    // as the CloudWatch agent puts what measure.sh prints
    dimensions: ['InstanceId', 'metric_type', 'path'],
    groupBy: ['InstanceId', 'path'],
    threshold: 90,
    unit: 'Percent',
    periodSeconds: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    early: { threshold: 80, evaluationPeriods: 5 },
  },
  disruption: 'none',
  shares: ['cleaning.sh'],
  parameters: {
    ThresholdPercent: {
      source: { from: 'setting', default: '90', describes: 'share of used inodes from which they count as exhausted' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '90'],
      rejects: ['0', '100', '90%'],
    },
    EmptyFolders: {
      source: {
        from: 'setting',
        default: 'temporary',
        describes: 'where old empty folders are removed, too: in temporary places, in all that is cleaned, or nowhere',
      },
      pattern: '^(temporary|all|none)$',
      accepts: ['temporary', 'all', 'none'],
      rejects: ['', 'some', 'all;id'],
    },
    ...cleaningParameters,
  },
  conflict: ({ StopAtPercent = 0, ThresholdPercent = 0 }) =>
    StopAtPercent < ThresholdPercent
      ? undefined
      : `StopAtPercent is ${StopAtPercent}, it must be below the threshold of ${ThresholdPercent}: else nothing is ever cleaned`,
  checkTimeoutSeconds: 30,
  // the cleaning ends itself after 600 s, what stands around it after 120 s: millions of files take minutes
  repairTimeoutSeconds: 780,
  soakSeconds: 180,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'a deleted file does not come back; the manifest of what was deleted is kept on the instance' },
};

export default slice;
