import { stoppingParameters } from '../process-parameters.ts';
import { servicesParameter } from '../services-parameter.ts';
import type { Parameter, Slice } from '../slice.ts';

const percent = (preset: string, describes: string): Parameter => ({
  source: { from: 'setting', default: preset, describes },
  pattern: '^[1-9][0-9]?$',
  accepts: ['1', '95'],
  rejects: ['0', '100', '95%'],
});

const slice: Slice = {
  id: 'memory-pressure',
  symptom: 'memory-pressure',
  title:
    'drop caches where that helps, restart services beyond their limit, stop expendable processes that hold most memory',
  detection: {
    metricName: 'mem_used_percent',
    statistic: 'AVG',
    dimensions: ['InstanceId'],
    groupBy: ['InstanceId'],
    threshold: 95,
    unit: 'Percent',
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
  },
  disruption: 'process',
  parameters: {
    ThresholdPercent: percent('95', 'share of the memory that is not available from which it counts as short'),
    TargetPercent: percent('90', 'usage down to which is counted what is missing'),
    MinimumSharePercent: percent(
      '10',
      'share of what is missing that an act must be expected to give back to be worth it',
    ),
    MaximumRestarts: {
      source: {
        from: 'setting',
        default: '2',
        describes: 'services restarted in one remediation, and restarts of one service within an hour, at most',
      },
      pattern: '^[0-9]$',
      accepts: ['0', '2'],
      rejects: ['', '10', 'all'],
    },
    Services: servicesParameter,
    ...stoppingParameters,
  },
  conflict: ({
    ThresholdPercent = 0,
    TargetPercent = 0,
    MaximumRestarts = 0,
    MaximumKills = 0,
    TermWaitSeconds = 0,
  }) => {
    if (TargetPercent >= ThresholdPercent) {
      return `TargetPercent ${TargetPercent} must be below the threshold, ${ThresholdPercent}: else nothing would be missing`;
    }
    // a unit's restart is waited for longer than a signal's effect: 72 s with what is asked before it; then memory is read again
    const longestStopSeconds = Math.max(72, TermWaitSeconds + 15) + 10;
    const longestRestartSeconds = 100;
    const longestSeconds = 60 + MaximumRestarts * longestRestartSeconds + MaximumKills * longestStopSeconds;
    if (longestSeconds <= 860) return undefined;
    return `MaximumRestarts, MaximumKills and TermWaitSeconds add up to ${longestSeconds} s: at most 860 s fit into the script's time`;
  },
  checkTimeoutSeconds: 60,
  repairTimeoutSeconds: 900,
  soakSeconds: 180,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: {
    impossible: 'a process that was stopped does not come back by itself: its unit or its owner starts it again',
  },
};

export default slice;
