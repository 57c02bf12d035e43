import { stoppingParameters } from '../process-parameters.ts';
import type { Slice } from '../slice.ts';

const slice: Slice = {
  id: 'process-flood',
  symptom: 'process-flood',
  title: 'stop expendable processes that multiply, all that belong together at once',
  detection: {
    metricName: 'processes_total',
    statistic: 'MAX',
    dimensions: ['InstanceId'],
    groupBy: ['InstanceId'],
    threshold: 1000,
    unit: 'Count',
    periodSeconds: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
  },
  disruption: 'process',
  parameters: {
    ThresholdCount: {
      source: {
        from: 'setting',
        default: '1000',
        describes: 'processes, kernel threads among them, from which the instance counts as unhealthy',
      },
      pattern: '^[1-9][0-9]{0,6}$',
      accepts: ['1', '1000'],
      rejects: ['0', '-1', '10000000', 'ten'],
    },
    SampleSeconds: {
      source: { from: 'setting', default: '2', describes: 'how long it is watched who multiplies' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '30'],
      rejects: ['0', '100', '2s'],
    },
    MinimumSharePercent: {
      source: {
        from: 'setting',
        default: '10',
        describes: 'share of the processes over the limit that a source must have to be worth stopping',
      },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '50'],
      rejects: ['0', '100', '10%'],
    },
    ...stoppingParameters,
    MaximumKills: {
      ...stoppingParameters.MaximumKills,
      source: {
        from: 'setting',
        default: '3',
        describes: 'sources, processes that belong together, stopped in one remediation, at most',
      },
    },
  },
  conflict: ({ SampleSeconds = 0, MaximumKills = 0, TermWaitSeconds = 0 }) => {
    // of each source: its units are restarted (72 s each, mostly one), it is held twice, looked at, waited for
    const longestSeconds = SampleSeconds + 60 + MaximumKills * (72 + 2 * 10 + 20 + TermWaitSeconds + 2);
    if (longestSeconds <= 460) return undefined;
    return `SampleSeconds, MaximumKills and TermWaitSeconds add up to ${longestSeconds} s: at most 460 s fit into the script's time`;
  },
  checkTimeoutSeconds: 60,
  repairTimeoutSeconds: 480,
  soakSeconds: 180,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { script: 'undo.sh' },
};

export default slice;
