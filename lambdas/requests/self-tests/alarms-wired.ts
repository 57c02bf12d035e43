import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { detecting } from '../../../remedies/slice.ts';
import { cloudWatch } from '../../aws/clients.ts';
import { alarmName, earlyAlarmName, functionName, LIVE_ALIAS } from '../../core/names.ts';
import { type SelfTest, verdict } from './self-test.ts';

/** Every fleet alarm is there, evaluates without an error, and would invoke `open-incident`. */
export const alarmsWired: SelfTest = {
  id: 'alarms-wired',
  run: async ({ stack, slices }) => {
    const names = detecting(slices).flatMap(({ id, detection }) => [
      alarmName(stack, id),
      ...(detection.early === undefined ? [] : [earlyAlarmName(stack, id)]),
    ]);
    const { MetricAlarms = [] } = await cloudWatch().send(new DescribeAlarmsCommand({ AlarmNames: names }));
    const action = `:function:${functionName(stack, 'openIncident')}:${LIVE_ALIAS}`;
    const problems = names.flatMap((name) => {
      const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName === name);
      if (alarm === undefined) return [`there is no alarm ${name}`];
      if (alarm.ActionsEnabled === false) return [`the actions of ${name} are switched off`];
      if (alarm.AlarmActions?.some((one) => one.endsWith(action)) !== true)
        return [`${name} does not invoke ${action}`];
      return alarm.EvaluationState === undefined ? [] : [`${name} says ${alarm.EvaluationState}`];
    });
    return verdict(problems, `${names.length} fleet alarms are wired`, 'deploy the stack again');
  },
};
