import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { arn } from '../../account.ts';
import { numberOf, optionalText, recordOf, textOf } from '../properties.ts';
import type { ResourceMaker } from './resource-maker.ts';

/** AWS::Lambda::Function: registered once the template is made. */
export const lambdaFunction: ResourceMaker = ({ logicalId, properties, functions, deployed, assetFolder, aws }) => {
  const name = textOf(properties['FunctionName'], 'FunctionName');
  const bundleFolder = join(assetFolder, assetOf(properties['Code']));
  const role = textOf(properties['Role'], 'Role').split('/').at(-1) ?? '';
  const accessKeyId = `AKIA${name.replace(/[^A-Za-z0-9]/g, '').toUpperCase()}`;
  const durable = recordOf(properties['DurableConfig']);
  const deadLetterArn = optionalText(recordOf(properties['DeadLetterConfig'])['TargetArn']);
  const variables = Object.entries(recordOf(recordOf(properties['Environment'])['Variables']));
  functions.set(name, {
    name,
    bundleFolder,
    handler: textOf(properties['Handler'], 'Handler'),
    environment: {
      ...Object.fromEntries(variables.map(([key, value]) => [key, textOf(value, key)])),
      LAMBDA_TASK_ROOT: bundleFolder,
    },
    timeoutSeconds: numberOf(properties['Timeout'], 3),
    memoryMebibytes: numberOf(properties['MemorySize'], 128),
    aliases: [],
    accessKeyId,
    ...('ExecutionTimeout' in durable
      ? {
          durable: {
            executionTimeoutSeconds: numberOf(durable['ExecutionTimeout'], 0),
            retentionDays: numberOf(durable['RetentionPeriodInDays'], 14),
          },
        }
      : {}),
    ...(deadLetterArn === undefined
      ? {}
      : {
          deadLetter: async (payload: string, error: string) => {
            await aws.sqs.send(
              new SendMessageCommand({
                QueueUrl: textOf(deployed.queueUrls.get(deadLetterArn), 'the dead-letter queue'),
                MessageBody: payload,
                MessageAttributes: {
                  ErrorMessage: { DataType: 'String', StringValue: error.slice(0, 1024) || 'none' },
                },
              }),
            );
          },
        }),
  });
  deployed.functions.set(name, { name, role, accessKeyId });
  return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`), LogicalId: logicalId } };
};

/** AWS::Lambda::Version: the sandbox has one. */
export const version: ResourceMaker = ({ properties }) => {
  const name = textOf(properties['FunctionName'], 'FunctionName');
  return { ref: arn('lambda', `function:${name}:1`), attributes: { Version: '1' } };
};

/** AWS::Lambda::Alias. */
export const alias: ResourceMaker = ({ properties, functions }) => {
  const functionName = textOf(properties['FunctionName'], 'FunctionName');
  const name = textOf(properties['Name'], 'Name');
  functions.get(functionName)?.aliases.push(name);
  const aliasArn = arn('lambda', `function:${functionName}:${name}`);
  return { ref: aliasArn, attributes: { AliasArn: aliasArn } };
};

/** AWS::Lambda::EventInvokeConfig: how often a failed event comes again. */
export const eventInvokeConfig: ResourceMaker = ({ logicalId, properties, functions }) => {
  const name = textOf(properties['FunctionName'], 'FunctionName');
  const definition = functions.get(name);
  if (definition !== undefined) {
    functions.set(name, { ...definition, asyncRetries: numberOf(properties['MaximumRetryAttempts'], 2) });
  }
  return { ref: logicalId, attributes: {} };
};

/** AWS::Lambda::Permission: who else may invoke. */
export const permission: ResourceMaker = ({ logicalId, properties, deployed }) => {
  const sourceArn = optionalText(properties['SourceArn']);
  deployed.permissions.push({
    functionArn: textOf(properties['FunctionName'], 'FunctionName'),
    principal: textOf(properties['Principal'], 'Principal'),
    ...(sourceArn === undefined ? {} : { sourceArn }),
  });
  return { ref: logicalId, attributes: {} };
};

/** AWS::Lambda::EventSourceMapping. */
export const eventSourceMapping: ResourceMaker = ({ logicalId, properties, deployed }) => {
  deployed.sources.push({
    sourceArn: textOf(properties['EventSourceArn'], 'EventSourceArn'),
    functionArn: textOf(properties['FunctionName'], 'FunctionName'),
    batchSize: numberOf(properties['BatchSize'], 10),
  });
  return { ref: logicalId, attributes: {} };
};

/** The asset's folder in the assembly: the CDK names both by the content's hash. */
function assetOf(code: unknown): string {
  const hash = textOf(recordOf(code)['S3Key'], 'S3Key').replace(/\.zip$/, '');
  return `asset.${hash}`;
}
