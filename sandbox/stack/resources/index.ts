import { alias, eventInvokeConfig, eventSourceMapping, lambdaFunction, permission, version } from './functions.ts';
import { policy, role } from './identity.ts';
import type { ResourceMaker } from './resource-maker.ts';
import { queue, subscription, table, topic } from './storage.ts';
import { alarm, document, nothing, rule } from './watching.ts';

/** How each resource type of the template is made; any other is an error, never skipped. */
export const RESOURCE_MAKERS: Readonly<Record<string, ResourceMaker>> = {
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
  'AWS::SSM::Document': document,
  'AWS::CDK::Metadata': nothing,
  'AWS::Logs::LogGroup': nothing,
  'AWS::SNS::TopicPolicy': nothing,
  'AWS::SQS::QueuePolicy': nothing,
};
