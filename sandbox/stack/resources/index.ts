import { lambdaFunction } from './functions.ts';
import { policy, role } from './identity.ts';
import { eventInvokeConfig, eventSourceMapping, permission } from './invocations.ts';
import { nothing } from './nothing.ts';
import type { ResourceType } from './resource-type.ts';
import { association } from './state-manager.ts';
import { queue, table } from './storage.ts';
import { subscription, topic } from './telling.ts';
import { alias, version } from './versions.ts';
import { alarm, document, rule } from './watching.ts';

/** How resources of each type of the template are made; any other is an error, never skipped. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::Events::Rule': rule,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::Version': version,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SQS::Queue': queue,
  'AWS::SSM::Association': association,
  'AWS::SSM::Document': document,
  'AWS::CDK::Metadata': nothing,
  'AWS::Logs::LogGroup': nothing,
  'AWS::SNS::TopicPolicy': nothing,
  'AWS::SQS::QueuePolicy': nothing,
};
