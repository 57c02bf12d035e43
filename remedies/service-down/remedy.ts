import { stoppingParameters } from '../process-parameters.ts';
import { servicesParameter } from '../services-parameter.ts';
import type { Parameter, Slice } from '../slice.ts';

const seconds = (preset: string, describes: string): Parameter => ({
  source: { from: 'setting', default: preset, describes },
  pattern: '^[1-9][0-9]{0,2}$',
  accepts: ['1', '100'],
  rejects: ['', '0', '1000', '5s', '$(id)'],
});

const slice: Slice = {
  id: 'service-down',
  symptom: 'service-down',
  title: 'restart the service, after those that it depends on',
  detection: {
    metricName: 'service_down',
    statistic: 'MAX',
    // as the CloudWatch agent puts what measure.sh prints
    dimensions: ['InstanceId', 'metric_type', 'service'],
    groupBy: ['InstanceId', 'service'],
    threshold: 1,
    unit: 'Count',
    periodSeconds: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
  },
  disruption: 'process',
  parameters: {
    Service: {
      source: { from: 'part' },
      pattern: '^[A-Za-z0-9@._:-]{1,92}\\.service$',
      accepts: ['orders.service', 'mail@eu-1.service'],
      rejects: ['', 'orders', '/orders.service', 'a.service;b.service', 'a b.service', '$(id).service'],
    },
    Services: servicesParameter,
    Protected: stoppingParameters.Protected,
    ThresholdCount: {
      source: { from: 'setting', default: '1', describes: 'a service is down or it is not: always 1' },
      pattern: '^1$',
      accepts: ['1'],
      rejects: ['0', '2', ''],
    },
    ProbeSeconds: {
      source: { from: 'setting', default: '5', describes: 'how long a probe may take; three in a row must fail' },
      pattern: '^[1-9]$',
      accepts: ['1', '9'],
      rejects: ['', '0', '10', '5s'],
    },
    StoppedServices: {
      source: {
        from: 'setting',
        default: 'leave',
        describes: 'what is done with a service that ended well or was stopped: leave, or restart',
      },
      pattern: '^(leave|restart)$',
      accepts: ['leave', 'restart'],
      rejects: ['', 'start', 'leave;id'],
    },
    RestartSeconds: seconds('100', 'how long stopping and starting a service is waited for'),
    StartSeconds: seconds('30', 'how long a restarted service may take until its probe is well'),
    StableSeconds: seconds('5', 'how long it must then run without ending again'),
    MaximumRestarts: {
      source: { from: 'setting', default: '3', describes: 'restarts of one service within the window, at most' },
      pattern: '^[1-9]$',
      accepts: ['1', '9'],
      rejects: ['', '0', '10', 'all'],
    },
    WindowMinutes: {
      source: { from: 'setting', default: '60', describes: 'over what time restarts are counted' },
      pattern: '^[1-9][0-9]{0,3}$',
      accepts: ['1', '1440'],
      rejects: ['', '0', '10000', '1h'],
    },
  },
  conflict: ({ RestartSeconds = 0, StartSeconds = 0, StableSeconds = 0 }) => {
    const longestSeconds = RestartSeconds + StartSeconds + StableSeconds;
    if (longestSeconds <= 300) return undefined;
    return `RestartSeconds, StartSeconds and StableSeconds add up to ${longestSeconds} s: at most 300 s in all fit into the script's time`;
  },
  checkTimeoutSeconds: 90,
  repairTimeoutSeconds: 600,
  soakSeconds: 180,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'a restart cannot be taken back; what the service was before stands in the evidence' },
};

export default slice;
