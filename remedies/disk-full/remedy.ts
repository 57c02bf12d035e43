import type { Parameter, Slice } from '../slice.ts';

const minutes = (preset: string, describes: string): Parameter => ({
  source: { from: 'setting', default: preset, describes },
  pattern: '^[0-9]{1,6}$',
  accepts: ['0', '1440'],
  rejects: ['', '-1', '1h', '1; reboot'],
});

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
  },
  disruption: 'none',
  parameters: {
    MountPath: {
      source: { from: 'part' },
      pattern: '^/[A-Za-z0-9._/-]{0,200}$',
      accepts: ['/', '/data', '/srv/my-app.1'],
      rejects: ['', 'data', '/data;reboot', '/a b', '/$(id)'],
    },
    ThresholdPercent: {
      source: { from: 'setting', default: '90', describes: 'usage from which the disk counts as full' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '90'],
      rejects: ['0', '100', '90%'],
    },
    StopAtPercent: {
      source: { from: 'setting', default: '80', describes: 'usage at which cleaning stops: never more than needed' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '80'],
      rejects: ['0', '100', '80%'],
    },
    AgeBy: {
      source: {
        from: 'setting',
        default: 'change',
        describes: 'what makes a file old: the later of its times of modification and change, or modification alone',
      },
      pattern: '^(change|modification)$',
      accepts: ['change', 'modification'],
      rejects: ['', 'access', 'change;id'],
    },
    TemporaryAgeMinutes: minutes('1440', 'temporary files younger than this stay'),
    RotatedLogAgeMinutes: minutes('1440', 'rotated logs younger than this stay'),
    PackageCacheAgeMinutes: minutes('60', 'package caches younger than this stay'),
    OversizedLogMebibytes: mebibytes('100', 'logs larger than this are cut to their last MiB'),
    JournalMebibytes: mebibytes('200', 'what the systemd journal may keep'),
    CleanableFolders: {
      source: {
        from: 'setting',
        default: '',
        describes: 'application caches that may be cleaned: absolute folders, joined by a colon',
      },
      pattern: '^(/[A-Za-z0-9._/-]+(:/[A-Za-z0-9._/-]+)*)?$',
      accepts: ['', '/srv/app/cache', '/srv/a/cache:/data/cache'],
      rejects: ['cache', '/srv/a b', '/srv/a::', '/srv/$(id)'],
    },
    CleanableAgeMinutes: minutes('1440', 'files in those folders younger than this stay'),
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
