import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { arn } from '../../account.ts';
import type { FunctionDefinition } from '../../lambda/function-definition.ts';
import { LambdaError } from '../../lambda/lambda-error.ts';
import { queueUrlOf } from '../../queue-url.ts';
import { accessKeyOf } from '../declarations.ts';
import { numberOf, optionalText, recordOf, textOf } from '../properties.ts';
import type { ResourceContext, ResourceType, Services } from './resource-type.ts';

/** How long CloudFormation waits for a durable function's running executions before its deletion counts as failed. */
const DRAIN_SECONDS = 3600;

/** AWS::Lambda::Function: `$LATEST`. Durable or not cannot be changed. */
export const lambdaFunction: ResourceType = {
  replacedBy: ['FunctionName', 'DurableConfig?'],
  nameProperty: 'FunctionName',
  create: (context) => {
    const definition = definitionOf(context);
    context.services.lambda.functions.create(definition);
    return { ref: definition.name, attributes: { Arn: arn('lambda', `function:${definition.name}`) } };
  },
  update: (context, current) => {
    context.services.lambda.functions.update(definitionOf(context));
    return current;
  },
  remove: ({ services }, { ref }) => removeFunction(services, ref),
};

/** Deletes a function or a version of it, and waits for that as long as CloudFormation does; what is gone is deleted. */
export async function removeFunction(
  { clock, lambda }: Pick<Services, 'clock' | 'lambda'>,
  name: string,
  version?: string,
): Promise<void> {
  const what = version === undefined ? `the function ${name}` : `version ${version} of ${name}`;
  let stop = (): void => {};
  const tooLong = new Promise<never>((_, reject) => {
    stop = clock.after(DRAIN_SECONDS, () =>
      reject(new Error(`${what} still has running executions after ${DRAIN_SECONDS} s: stop them, and try again`)),
    );
  });
  try {
    await Promise.race([lambda.remove(name, version), tooLong]);
  } catch (error) {
    if (!(error instanceof LambdaError && error.type === 'ResourceNotFoundException')) throw error;
  } finally {
    stop();
  }
}

function definitionOf({ properties, assetFolder, services }: ResourceContext): FunctionDefinition {
  const name = textOf(properties['FunctionName'], 'FunctionName');
  const codeSha256 = textOf(recordOf(properties['Code'])['S3Key'], 'S3Key').replace(/\.zip$/, '');
  const durable = recordOf(properties['DurableConfig']);
  const deadLetterArn = optionalText(recordOf(properties['DeadLetterConfig'])['TargetArn']);
  const variables = Object.entries(recordOf(recordOf(properties['Environment'])['Variables']));
  return {
    name,
    // the CDK names the asset's folder in the assembly by the content's hash
    bundleFolder: join(assetFolder, `asset.${codeSha256}`),
    codeSha256,
    handler: textOf(properties['Handler'], 'Handler'),
    environment: Object.fromEntries(variables.map(([key, value]) => [key, textOf(value, key)])),
    timeoutSeconds: numberOf(properties['Timeout'], 3),
    memoryMebibytes: numberOf(properties['MemorySize'], 128),
    accessKeyId: accessKeyOf(name),
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
            await services.aws.sqs.send(
              new SendMessageCommand({
                QueueUrl: await queueUrlOf(services.aws.sqs, deadLetterArn),
                MessageBody: payload,
                MessageAttributes: {
                  ErrorMessage: { DataType: 'String', StringValue: error.slice(0, 1024) || 'none' },
                },
              }),
            );
          },
        }),
  };
}
