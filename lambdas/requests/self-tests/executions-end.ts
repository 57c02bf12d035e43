import { ListDurableExecutionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { lambda } from '../../aws/clients.ts';
import { functionName } from '../../core/names.ts';
import { failed, passed, type SelfTest, unknown } from './self-test.ts';

/** Durable executions come to their end here: they start, checkpoint, are invoked again and succeed. */
export const executionsEnd: SelfTest = {
  id: 'executions-end',
  run: async ({ stack }) => {
    const name = functionName(stack, 'remediateIncident');
    const { DurableExecutions = [] } = await lambda().send(
      new ListDurableExecutionsByFunctionCommand({ FunctionName: name, ReverseOrder: true, MaxItems: 20 }),
    );
    const ended = DurableExecutions.find(({ Status }) => Status !== 'RUNNING');
    if (ended === undefined) {
      return unknown(`no execution of ${name} has ended yet`, 'send the request "heal" for an opted-in instance');
    }
    const which = `the newest that ended, ${ended.DurableExecutionName}, is ${ended.Status}`;
    return ended.Status === 'SUCCEEDED' ? passed(which) : failed(which, `look into the log of ${name}`);
  },
};
