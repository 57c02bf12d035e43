import { recordOf } from '../../../sandbox/stack/properties.ts';
import type { Template } from '../../../sandbox/stack/template.ts';

/** What Lambda adds to every function's environment; nothing answers at this endpoint. */
const LAMBDA_ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIABENCH',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_ENDPOINT_URL: 'https://127.0.0.1:9',
} as const;

/** Stands for what only a deployment knows, such as the names of tables; as a queue's URL it is one, too. */
const UNKNOWN = 'https://127.0.0.1:9/123456789012/bench';

/** The environment of a function, as its stack's template declares it. */
export function deployedEnvironment({ Resources }: Template, functionName: string): Record<string, string> {
  const found = Object.values(Resources).find(
    ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties?.['FunctionName'] === functionName,
  );
  if (found === undefined) throw new Error(`the template has no function ${functionName}`);
  const variables = recordOf(recordOf(found.Properties?.['Environment'])['Variables']);
  return {
    ...LAMBDA_ENVIRONMENT,
    ...Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? value : UNKNOWN]),
    ),
  };
}
