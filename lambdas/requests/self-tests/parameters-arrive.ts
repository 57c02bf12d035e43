import { GetCommandInvocationCommand, ListCommandsCommand } from '@aws-sdk/client-ssm';
import { ssm } from '../../aws/clients.ts';
import { failed, type Finding, passed, type SelfTest, unknown } from './self-test.ts';

/** What a check ends with when its parameters reached it: healthy or unhealthy. */
const SAID_SOMETHING = [0, 1];

/** Agents hand parameters to scripts as environment (AWS's `interpolationType: ENV_VAR`): the newest check could tell. */
export const parametersArrive: SelfTest = {
  id: 'parameters-arrive',
  run: async ({ remedies }) => {
    for (const { documents } of Object.values(remedies)) {
      const finding = documents.check === undefined ? undefined : await newestOf(documents.check);
      if (finding !== undefined) return finding;
    }
    return unknown('no check has run on an instance yet', 'send the request "heal" for an opted-in instance');
  },
};

async function newestOf(document: string): Promise<Finding | undefined> {
  const { Commands = [] } = await ssm().send(
    new ListCommandsCommand({ Filters: [{ key: 'DocumentName', value: document }], MaxResults: 10 }),
  );
  const ended = Commands.find(({ Status }) => Status === 'Success' || Status === 'Failed');
  const InstanceId = ended?.InstanceIds?.[0];
  if (ended?.CommandId === undefined || InstanceId === undefined) return undefined;
  const { ResponseCode = -1, StandardErrorContent = '' } = await ssm().send(
    new GetCommandInvocationCommand({ CommandId: ended.CommandId, InstanceId }),
  );
  const what = `the newest check, ${ended.CommandId} on ${InstanceId}, ended with ${ResponseCode}`;
  if (SAID_SOMETHING.includes(ResponseCode)) return passed(what);
  const why = StandardErrorContent.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  return failed(`${what}${why && `: ${why}`}`, 'look at the command in Run Command; is its SSM agent new enough?');
}
