import { arn } from '../../account.ts';
import { textOf } from '../properties.ts';
import type { Physical } from '../resolver.ts';
import { removeFunction } from './functions.ts';
import type { ResourceContext, ResourceType } from './resource-type.ts';

/** AWS::Lambda::Version: what `$LATEST` is now, for good. */
export const version: ResourceType = {
  replacedBy: 'all',
  create: ({ properties, services }) => {
    const name = textOf(properties['FunctionName'], 'FunctionName');
    const published = services.lambda.functions.publish(name);
    if (!published.fresh) {
      throw new Error(
        `A version for this Lambda function exists ( ${published.version} ). Modify the function to create a new version.`,
      );
    }
    return {
      ref: arn('lambda', `function:${name}:${published.version}`),
      attributes: { Version: published.version },
    };
  },
  remove: ({ properties, services }, { attributes }) =>
    removeFunction(
      services,
      textOf(properties['FunctionName'], 'FunctionName'),
      textOf(attributes['Version'], 'Version'),
    ),
};

/** AWS::Lambda::Alias. */
export const alias: ResourceType = {
  replacedBy: ['FunctionName', 'Name'],
  create: pointAlias,
  update: pointAlias,
  remove: ({ properties, services }) => {
    const name = textOf(properties['FunctionName'], 'FunctionName');
    services.lambda.functions.removeAlias(name, textOf(properties['Name'], 'Name'));
  },
};

function pointAlias({ properties, services }: ResourceContext): Physical {
  const functionName = textOf(properties['FunctionName'], 'FunctionName');
  const name = textOf(properties['Name'], 'Name');
  services.lambda.functions.pointAlias(functionName, name, textOf(properties['FunctionVersion'], 'FunctionVersion'));
  const aliasArn = arn('lambda', `function:${functionName}:${name}`);
  return { ref: aliasArn, attributes: { AliasArn: aliasArn } };
}
