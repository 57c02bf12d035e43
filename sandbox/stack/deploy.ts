import type { AwsClients } from '../aws-clients.ts';
import type { FunctionDefinition } from '../lambda/function-definition.ts';
import { type Deployed, nothingDeployed } from './deployed.ts';
import { recordOf, textOf } from './properties.ts';
import { type Physical, Resolver } from './resolver.ts';
import { RESOURCE_MAKERS } from './resources/index.ts';
import type { Making } from './resources/resource-maker.ts';
import type { Synthesized } from './template.ts';

export interface DeployOptions {
  readonly synthesized: Synthesized;
  readonly aws: AwsClients;
  readonly registerFunction: (definition: FunctionDefinition) => void;
  readonly registerDocument: (name: string, content: unknown) => void;
}

/** Makes every resource of the template in the emulated account, each after those that it refers to. */
export async function deploy({
  synthesized,
  aws,
  registerFunction,
  registerDocument,
}: DeployOptions): Promise<Deployed> {
  const { template, assetFolder } = synthesized;
  const deployed = nothingDeployed();
  const functions: Making['functions'] = new Map();
  const resolver = new Resolver(template, make);
  for (const logicalId of Object.keys(template.Resources)) await resolver.physical(logicalId);
  for (const definition of functions.values()) registerFunction(definition);
  for (const [name, { Value }] of Object.entries(template.Outputs ?? {})) {
    deployed.outputs[name] = textOf(await resolver.resolve(Value), name);
  }
  return deployed;

  async function make(logicalId: string): Promise<Physical> {
    const resource = template.Resources[logicalId];
    const maker = RESOURCE_MAKERS[resource?.Type ?? ''];
    if (resource === undefined || maker === undefined) {
      throw new Error(`the sandbox does not know the resource type ${resource?.Type} of ${logicalId}`);
    }
    const properties = recordOf(await resolver.resolve(resource.Properties ?? {}));
    return maker({ logicalId, properties, deployed, aws, assetFolder, functions, registerDocument });
  }
}
