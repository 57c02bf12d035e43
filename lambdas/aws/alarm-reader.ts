import {
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  ListAlarmMuteRulesCommand,
} from '@aws-sdk/client-cloudwatch';
import { cloudWatch } from './clients.ts';

/** One series of a fleet alarm that is in ALARM now. */
export interface Contributor {
  readonly dimensions: Readonly<Record<string, string>>;
  /** ISO 8601; the moment of asking where CloudWatch does not say. */
  readonly stateChangedAt: string;
}

/** The contributors of an alarm that are in ALARM now. */
export async function readContributors(alarmName: string, nowMillis: number): Promise<Contributor[]> {
  const found: Contributor[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudWatch().send(new DescribeAlarmContributorsCommand({ AlarmName: alarmName, NextToken }));
    for (const { ContributorAttributes, StateTransitionedTimestamp } of page.AlarmContributors ?? []) {
      found.push({
        dimensions: ContributorAttributes ?? {},
        stateChangedAt: (StateTransitionedTimestamp ?? new Date(nowMillis)).toISOString(),
      });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

/** Which of the named alarms are in ALARM now. */
export async function alarmsInAlarm(alarmNames: readonly string[]): Promise<string[]> {
  if (alarmNames.length === 0) return [];
  const { MetricAlarms } = await cloudWatch().send(
    new DescribeAlarmsCommand({ AlarmNames: [...alarmNames], StateValue: 'ALARM' }),
  );
  return (MetricAlarms ?? []).flatMap(({ AlarmName }) => (AlarmName === undefined ? [] : [AlarmName]));
}

/**
 * Whether a mute rule is in force for an alarm: its state goes on, its actions do not.
 * Source: "Programmatically checking alarm mute status" in
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/viewing-managing-muted-alarms.html
 */
export async function isMuted(alarmName: string): Promise<boolean> {
  const command = new ListAlarmMuteRulesCommand({ AlarmName: alarmName, Statuses: ['ACTIVE'] });
  const { AlarmMuteRuleSummaries } = await cloudWatch().send(command);
  return (AlarmMuteRuleSummaries ?? []).length > 0;
}
