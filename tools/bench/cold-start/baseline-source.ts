import type { FirstCall } from './first-invocations.ts';
import type { SdkNames } from './sdk-names.ts';

/**
 * Source of a function that loads the same clients and commands of the SDK as one of ours and makes the same first call: nothing else.
 * The durable SDK belongs to it where ours is durable: it too is an SDK, and no durable function starts without it.
 */
export function baselineSource(names: readonly SdkNames[], durable: boolean, first: FirstCall): string {
  const packages = names.map((one, place) => ({ ...one, as: `sdk${place}` }));
  const named = (from: string, name: string): string => {
    const found = packages.find((one) => one.package === from && [one.client, ...one.commands].includes(name));
    if (found === undefined) throw new Error(`the bundle holds no ${name} of ${from}: its function does not call it`);
    return `${found.as}.${name}`;
  };
  const loaded = packages.flatMap(({ as, client, commands }) => [client, ...commands].map((name) => `${as}.${name}`));
  const client =
    first.package === '@aws-sdk/lib-dynamodb'
      ? `${named(first.package, 'DynamoDBDocumentClient')}.from(new ${named('@aws-sdk/client-dynamodb', 'DynamoDBClient')}({}))`
      : `new ${named(first.package, packages.find((one) => one.package === first.package)?.client ?? 'client')}({})`;
  const send = `${client}.send(new ${named(first.package, first.command)}(${JSON.stringify(first.input)}))`;
  return [
    ...packages.map((one) => `import * as ${one.as} from '${one.package}';`),
    ...(durable ? ["import { withDurableExecution } from '@aws/durable-execution-sdk-js';"] : []),
    // named in an export, so that none of them is shaken off
    `export const loaded = [${loaded.join(', ')}];`,
    durable
      ? `export const handler = withDurableExecution((event, ctx) => ctx.step('first call', () => ${send}));`
      : `export const handler = () => ${send};`,
    '',
  ].join('\n');
}
