import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from '../../aws/clients.ts';
import { selfAlarmNames } from '../../core/self-alarm-names.ts';
import { type SelfTest, verdict } from './self-test.ts';

/** The alarms about the system itself are there, and none is in ALARM. */
export const selfAlarmsQuiet: SelfTest = {
  id: 'self-alarms-quiet',
  run: async ({ stack }) => {
    const names = selfAlarmNames(stack);
    const { MetricAlarms = [] } = await cloudWatch().send(
      new DescribeAlarmsCommand({ AlarmNames: names, MaxRecords: 100 }),
    );
    const found = new Map(MetricAlarms.map((alarm) => [alarm.AlarmName, alarm]));
    const problems = names.flatMap((name) => {
      const alarm = found.get(name);
      if (alarm === undefined) return [`there is no alarm ${name}`];
      return alarm.StateValue === 'ALARM' ? [`${name}: ${alarm.StateReason ?? 'in ALARM'}`] : [];
    });
    return verdict(problems, `${names.length} alarms, none in ALARM`, 'docs/operator-runbook.md has a page for each');
  },
};
