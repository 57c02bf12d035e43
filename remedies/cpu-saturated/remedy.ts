import { longestStopSeconds, stoppingParameters } from '../process-parameters.ts';
import type { Slice } from '../slice.ts';

const slice: Slice = {
  id: 'cpu-saturated',
  symptom: 'cpu-saturated',
  title: 'stop expendable processes that use most of the CPU, ease the others',
  detection: {
    metricName: 'cpu_usage_active',
    statistic: 'AVG',
    dimensions: ['InstanceId', 'cpu'],
    groupBy: ['InstanceId'],
    threshold: 95,
    unit: 'Percent',
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
  },
  disruption: 'process',
  parameters: {
    ThresholdPercent: {
      source: { from: 'setting', default: '95', describes: 'busy share from which the CPU counts as saturated' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '95'],
      rejects: ['0', '100', '95%'],
    },
    SampleSeconds: {
      source: { from: 'setting', default: '3', describes: 'how long CPU use is measured' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '30'],
      rejects: ['0', '100', '3s'],
    },
    MinimumSharePercent: {
      source: {
        from: 'setting',
        default: '10',
        describes: 'share of the whole CPU that a process must use to be worth acting on',
      },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '50'],
      rejects: ['0', '100', '10%'],
    },
    ...stoppingParameters,
  },
  conflict: ({ SampleSeconds = 0, MaximumKills = 0, TermWaitSeconds = 0 }) => {
    const longestSeconds = SampleSeconds * (MaximumKills + 3) + MaximumKills * longestStopSeconds(TermWaitSeconds);
    if (SampleSeconds <= 45 && longestSeconds <= 280) return undefined;
    return `SampleSeconds, MaximumKills and TermWaitSeconds add up to ${longestSeconds} s: at most 45 s a sample and 280 s in all fit into the script's time`;
  },
  checkTimeoutSeconds: 60,
  repairTimeoutSeconds: 300,
  soakSeconds: 180,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { script: 'undo.sh' },
};

export default slice;
