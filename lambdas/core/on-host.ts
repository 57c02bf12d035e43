import type { Detection } from '../../remedies/slice.ts';
import { assertNever } from './assert-never.ts';
import type { Fingerprint } from './incident.ts';
import { alarmName, MEASUREMENT_KIND } from './names.ts';
import { quote } from './quote.ts';
import { isInstanceId } from './targets.ts';

/** What systemd did on an instance by itself, told by an alarm afterwards: `again` is a service that needs it often. */
export const ON_HOST_ALARMS = ['restarted-on-host', 'restarted-again'] as const;
export type OnHostAlarm = (typeof ON_HOST_ALARMS)[number];

/** Restarts since the last measurement, a minute ago. */
export const RESTARTS_METRIC = 'service_restarts';

/** The fleet alarm on restarts: on any, and on those of three different minutes within an hour. */
export function onHostDetection(alarm: OnHostAlarm): Detection {
  const metric = {
    metricName: RESTARTS_METRIC,
    statistic: 'MAX',
    dimensions: ['InstanceId', MEASUREMENT_KIND.dimension, 'service'],
    groupBy: ['InstanceId', 'service'],
    threshold: 1,
    unit: 'Count',
    periodSeconds: 60,
  } as const;
  switch (alarm) {
    case 'restarted-on-host':
      return { ...metric, evaluationPeriods: 1, datapointsToAlarm: 1 };
    case 'restarted-again':
      return { ...metric, evaluationPeriods: 60, datapointsToAlarm: 3 };
    default:
      return assertNever(alarm);
  }
}

/** Which of them an alarm is; `undefined`: none. */
export function onHostAlarmOf(name: string, stack: string): OnHostAlarm | undefined {
  return ON_HOST_ALARMS.find((alarm) => alarmName(stack, alarm) === name);
}

const UNIT = /^[A-Za-z0-9@._:-]{1,92}\.service$/;

/** The service that a contributor's dimensions are about; a sentence says what is wrong where they name none. */
export function restartedService(
  dimensions: Readonly<Record<string, string>>,
): { readonly fingerprint: Fingerprint } | { readonly problem: string } {
  const { InstanceId: id = null, service: unit = null } = dimensions;
  if (!isInstanceId(id)) return { problem: `InstanceId is ${quote(id)}, allowed is i- and 8 to 17 hexadecimal digits` };
  if (unit === null || !UNIT.test(unit)) return { problem: `service of ${id} is ${quote(unit)}, allowed is a unit` };
  return { fingerprint: { target: { kind: 'instance', id }, part: unit, symptom: 'restarted-on-host' } };
}
