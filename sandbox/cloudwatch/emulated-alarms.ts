import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { StateRecord } from './alarm-state.ts';
import type { TopicMessage } from './transitions.ts';

/** The emulator's view of alarms: it keeps their settings and shows their state, and it keeps the topics. */
export interface EmulatedAlarms {
  all(): Promise<MetricAlarm[]>;
  find(alarmName: string): Promise<MetricAlarm | undefined>;
  show(alarmName: string, state: StateRecord): Promise<void>;
  publish(message: TopicMessage): Promise<void>;
  close(): void;
}

/** Talks to the emulator itself, not through the gateway, which would take these calls for a client's. */
export function emulatedAlarms(endpoint: string, region = 'us-east-1'): EmulatedAlarms {
  const settings = { endpoint, region, credentials: { accessKeyId: 'cloudwatch', secretAccessKey: 'sandbox' } };
  const cloudWatch = new CloudWatchClient(settings);
  const sns = new SNSClient(settings);
  return {
    all: async () => (await cloudWatch.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [],
    find: async (alarmName) => {
      const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarmName] }));
      return MetricAlarms[0];
    },
    show: async (alarmName, { value, reason, reasonData = '{}' }) => {
      await cloudWatch.send(
        new SetAlarmStateCommand({
          AlarmName: alarmName,
          StateValue: value,
          StateReason: reason,
          StateReasonData: reasonData,
        }),
      );
    },
    publish: async ({ topicArn, subject, message }) => {
      await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message }));
    },
    close: () => {
      cloudWatch.destroy();
      sns.destroy();
    },
  };
}
