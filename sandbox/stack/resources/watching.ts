import {
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { arn } from '../../account.ts';
import { ruleOf } from '../declarations.ts';
import { listOf, recordOf, textOf } from '../properties.ts';
import type { Physical } from '../resolver.ts';
import { generatedName, type ResourceContext, type ResourceType } from './resource-type.ts';

/** AWS::CloudWatch::Alarm: CloudFormation's property names are the API's. */
export const alarm: ResourceType = {
  replacedBy: ['AlarmName'],
  nameProperty: 'AlarmName',
  create: putAlarm,
  update: putAlarm,
  remove: async ({ services }, { ref }) => {
    await services.aws.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [ref] }));
  },
};

async function putAlarm({ properties, services }: ResourceContext): Promise<Physical> {
  const input: PutMetricAlarmCommandInput = JSON.parse(JSON.stringify(properties));
  await services.aws.cloudWatch.send(new PutMetricAlarmCommand(input));
  const name = textOf(properties['AlarmName'], 'AlarmName');
  return { ref: name, attributes: { Arn: arn('cloudwatch', `alarm:${name}`) } };
}

/** AWS::SSM::Document: another content means another document, since its `UpdateMethod` is `Replace` by default. */
export const document: ResourceType = {
  replacedBy: ['Name', 'Content', 'DocumentType', 'DocumentFormat', 'TargetType'],
  nameProperty: 'Name',
  create: ({ properties, services }) => {
    const name = textOf(properties['Name'], 'Name');
    services.ssm.createDocument(name, properties['Content'], tagsOf(properties));
    return { ref: name, attributes: {} };
  },
  update: ({ properties, services }, current) => {
    services.ssm.tagDocument(current.ref, tagsOf(properties));
    return current;
  },
  remove: ({ services }, { ref }) => services.ssm.deleteDocument(ref),
};

function tagsOf(properties: ResourceContext['properties']): Record<string, string> {
  const tags = listOf(properties['Tags']).map(recordOf);
  return Object.fromEntries(tags.map(({ Key, Value }) => [textOf(Key, 'a tag'), textOf(Value, 'a tag')]));
}

/** AWS::Events::Rule: a schedule runs; a pattern is read off the stack by whoever delivers events. */
export const rule: ResourceType = {
  replacedBy: ['Name'],
  nameProperty: 'Name',
  create: (context) => {
    const name = generatedName(context);
    context.services.schedules.start(name, ruleOf(context.properties));
    return { ref: name, attributes: { Arn: arn('events', `rule/${name}`) } };
  },
  update: ({ properties, services }, current) => {
    services.schedules.start(current.ref, ruleOf(properties));
    return current;
  },
  remove: ({ services }, { ref }) => services.schedules.stop(ref),
};
