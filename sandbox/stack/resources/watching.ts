import { PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { arn } from '../../account.ts';
import { listOf, optionalText, recordOf, textOf } from '../properties.ts';
import type { ResourceMaker } from './resource-maker.ts';

/** AWS::CloudWatch::Alarm: CloudFormation's property names are the API's. */
export const alarm: ResourceMaker = async ({ properties, aws }) => {
  const input: PutMetricAlarmCommandInput = JSON.parse(JSON.stringify(properties));
  await aws.cloudWatch.send(new PutMetricAlarmCommand(input));
  const name = textOf(properties['AlarmName'], 'AlarmName');
  return { ref: name, attributes: { Arn: arn('cloudwatch', `alarm:${name}`) } };
};

/** AWS::SSM::Document. */
export const document: ResourceMaker = ({ properties, registerDocument }) => {
  const name = textOf(properties['Name'], 'Name');
  registerDocument(name, properties['Content']);
  return { ref: name, attributes: {} };
};

/** AWS::Events::Rule: a pattern, or a schedule. */
export const rule: ResourceMaker = ({ logicalId, properties, deployed }) => {
  const pattern = properties['EventPattern'];
  const schedule = optionalText(properties['ScheduleExpression']);
  deployed.rules.push({
    targetArns: listOf(properties['Targets']).map((target) => textOf(recordOf(target)['Arn'], 'a target')),
    ...(pattern === undefined ? {} : { pattern }),
    ...(schedule === undefined ? {} : { everySeconds: secondsOf(schedule) }),
  });
  return { ref: logicalId, attributes: { Arn: arn('events', `rule/${logicalId}`) } };
};

/** A resource that changes nothing in the sandbox: who may write where is shown by the simulator, not enforced here. */
export const nothing: ResourceMaker = ({ logicalId, properties }) => ({
  ref: optionalText(properties['LogGroupName']) ?? logicalId,
  attributes: { Arn: arn('logs', `log-group:${optionalText(properties['LogGroupName']) ?? logicalId}:*`) },
});

function secondsOf(schedule: string): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  const unit = { minute: 60, hour: 3600, day: 86_400 }[match?.[2] ?? ''];
  if (match === null || unit === undefined)
    throw new Error(`the sandbox knows schedules of the form rate(5 minutes), got ${schedule}`);
  return Number(match[1]) * unit;
}
