import { ListCommandsCommand } from '@aws-sdk/client-ssm';
import { ssm } from '../aws/clients.ts';
import { type RunCommandRequest, targetOf } from '../core/contract.ts';

/** Pages that are searched: an interrupted attempt is among the newest commands. */
const MOST_PAGES = 10;

/** The command of an attempt whose sending was interrupted, found by the attempt's id in its comment. */
export async function findCommand(request: RunCommandRequest): Promise<string | undefined> {
  let NextToken: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await ssm().send(
      new ListCommandsCommand({ InstanceId: targetOf(request).id, MaxResults: 50, NextToken }),
    );
    const found = answer.Commands?.find(({ Comment }) => Comment === request.attemptId);
    if (found !== undefined) return found.CommandId;
    NextToken = answer.NextToken;
    if (NextToken === undefined) return undefined;
  }
  return undefined;
}
