import { cleaningParameters } from '../cleaning-parameters.ts';
import { stoppingParameters } from '../process-parameters.ts';
import { servicesParameter } from '../services-parameter.ts';
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
  disruptionWith: ({ DeletedOpenFiles }) => (DeletedOpenFiles === 'restart' ? 'process' : 'none'),
  shares: ['cleaning.sh', 'ballast.sh', 'deleted-files.sh', 'containers.sh', 'kernels.sh'],
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
    CoreDumpAgeMinutes: {
      source: { from: 'setting', default: '10080', describes: 'core dumps younger than this stay' },
      pattern: '^[0-9]{1,6}$',
      accepts: ['0', '10080'],
      rejects: ['', '-1', '7d', '1; reboot'],
    },
    ContainerCaches: {
      source: {
        from: 'setting',
        default: 'off',
        describes: 'whether images without a name and build caches that nobody used of late are removed',
      },
      pattern: '^(off|unused)$',
      accepts: ['off', 'unused'],
      rejects: ['', 'all', 'unused;id'],
    },
    ContainerAgeDays: {
      source: { from: 'setting', default: '7', describes: 'what was used within this time stays' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '30'],
      rejects: ['0', '100', '7d'],
    },
    ContainerLogMebibytes: {
      source: {
        from: 'setting',
        default: '0',
        describes: "docker's logs of containers larger than this are cut to their last MiB; 0: never",
      },
      pattern: '^[0-9]{1,7}$',
      accepts: ['0', '200'],
      rejects: ['', '-1', '200M'],
    },
    OldKernels: {
      source: {
        from: 'setting',
        default: 'leave',
        describes: 'whether the package manager removes old kernels: never the running one, nor the newest two',
      },
      pattern: '^(leave|remove)$',
      accepts: ['leave', 'remove'],
      rejects: ['', 'purge', 'remove;id'],
    },
    DeletedOpenFiles: {
      source: {
        from: 'setting',
        default: 'report',
        describes: 'what becomes of deleted files that are held open: told, cut, or cut and their services restarted',
      },
      pattern: '^(report|truncate|restart)$',
      accepts: ['report', 'truncate', 'restart'],
      rejects: ['', 'kill', 'restart;id'],
    },
    Expendable: stoppingParameters.Expendable,
    Protected: stoppingParameters.Protected,
    Services: servicesParameter,
  },
  conflict: ({ StopAtPercent = 0, ThresholdPercent = 0 }) =>
    StopAtPercent < ThresholdPercent
      ? undefined
      : `StopAtPercent is ${StopAtPercent}, it must be below the threshold of ${ThresholdPercent}: else nothing is ever cleaned`,
  checkTimeoutSeconds: 30,
  // cleaning, the journal 120, container caches 240, kernels 580, two restarts of 95 each
  repairTimeoutSeconds: 1500,
  soakSeconds: 180,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'a deleted file does not come back; the manifest of what was deleted is kept on the instance' },
};

export default slice;
