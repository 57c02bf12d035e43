import { longestStopSeconds, stoppingParameters } from '../process-parameters.ts';
import type { Slice } from '../slice.ts';

const slice: Slice = {
  id: 'zombies',
  symptom: 'zombies',
  title: 'have zombies reaped by their parents, stop expendable parents that do not',
  detection: {
    metricName: 'processes_zombies',
    statistic: 'MAX',
    dimensions: ['InstanceId'],
    groupBy: ['InstanceId'],
    threshold: 10,
    unit: 'Count',
    periodSeconds: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 5,
  },
  disruption: 'process',
  parameters: {
    ThresholdCount: {
      source: {
        from: 'setting',
        default: '10',
        describes: 'unreaped zombies from which the instance counts as unhealthy',
      },
      pattern: '^[1-9][0-9]{0,6}$',
      accepts: ['1', '500'],
      rejects: ['0', '-1', '10000000', 'ten'],
    },
    SampleSeconds: {
      source: { from: 'setting', default: '5', describes: 'how long a zombie must be left unreaped to count' },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '30'],
      rejects: ['0', '100', '5s'],
    },
    MinimumSharePercent: {
      source: {
        from: 'setting',
        default: '10',
        describes: 'share of the zombies over the limit that a parent must have to be worth stopping',
      },
      pattern: '^[1-9][0-9]?$',
      accepts: ['1', '50'],
      rejects: ['0', '100', '10%'],
    },
    ...stoppingParameters,
  },
  conflict: ({ SampleSeconds = 0, MaximumKills = 0, TermWaitSeconds = 0 }) => {
    const longestSeconds = SampleSeconds * (MaximumKills + 3) + 10 + MaximumKills * longestStopSeconds(TermWaitSeconds);
    if (SampleSeconds <= 45 && longestSeconds <= 280) return undefined;
    return `SampleSeconds, MaximumKills and TermWaitSeconds add up to ${longestSeconds} s: at most 45 s a sample and 280 s in all fit into the script's time`;
  },
  checkTimeoutSeconds: 60,
  repairTimeoutSeconds: 300,
  soakSeconds: 180,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: {
    impossible: 'a process that was stopped does not come back by itself: its unit or its owner starts it again',
  },
};

export default slice;
