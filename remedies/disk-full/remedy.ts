import { cleaningParameters } from '../cleaning-parameters.ts';
import type { Parameter, Slice } from '../slice.ts';

const mebibytes = (preset: string, describes: string): Parameter => ({
  source: { from: 'setting', default: preset, describes },
  pattern: '^[1-9][0-9]{0,6}$',
  accepts: ['1', '200'],
  rejects: ['', '0', '200M', '$(id)'],
});

const slice: Slice = {
  id: 'disk-full',
  symptom: 'disk-full',
  title: 'clean temporary files, rotated logs and caches',
  detection: {
    metricName: 'disk_used_percent',
    statistic: 'MAX',
    dimensions: ['InstanceId', 'fstype', 'path'],
    groupBy: ['InstanceId', 'path'],
    threshold: 90,
    unit: 'Percent',
    periodSeconds: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    early: { threshold: 80, evaluationPeriods: 5 },
  },
  disruption: 'none',
  shares: ['cleaning.sh', 'ballast.sh'],
  parameters: {
    ThresholdPercent: {
      source: { from: 'setting', default: '90', describes: 'usage from which the disk counts as full' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '90'],
      rejects: ['0', '100', '90%'],
    },
    OversizedLogMebibytes: mebibytes('100', 'logs larger than this are cut to their last MiB'),
    JournalMebibytes: mebibytes('200', 'what the systemd journal may keep'),
    ...cleaningParameters,
  },
  conflict: ({ StopAtPercent = 0, ThresholdPercent = 0 }) =>
    StopAtPercent < ThresholdPercent
      ? undefined
      : `StopAtPercent is ${StopAtPercent}, it must be below the threshold of ${ThresholdPercent}: else nothing is ever cleaned`,
  checkTimeoutSeconds: 30,
  repairTimeoutSeconds: 300,
  soakSeconds: 180,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'a deleted file does not come back; the manifest of what was deleted is kept on the instance' },
};

export default slice;
