import { GetAliasCommand, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../../aws/clients.ts';
import { DURABLE_FUNCTIONS, FUNCTIONS, functionName, LIVE_ALIAS } from '../../core/names.ts';
import { type SelfTest, verdict } from './self-test.ts';

/** Every function has a live version that Lambda calls active, and those that wait are durable. */
export const functionsLive: SelfTest = {
  id: 'functions-live',
  run: async ({ stack }) => {
    const problems = await Promise.all(
      FUNCTIONS.map((key) => problemOf(functionName(stack, key), DURABLE_FUNCTIONS.includes(key))),
    );
    return verdict(problems.flat(), `${FUNCTIONS.length} functions are live`, 'deploy the stack again');
  },
};

async function problemOf(name: string, durable: boolean): Promise<string[]> {
  await lambda().send(new GetAliasCommand({ FunctionName: name, Name: LIVE_ALIAS }));
  const { State, DurableConfig } = await lambda().send(
    new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: LIVE_ALIAS }),
  );
  if (State !== 'Active') return [`${name} is ${State ?? 'in no state'}, not Active`];
  return durable && DurableConfig === undefined ? [`${name} is not durable`] : [];
}
