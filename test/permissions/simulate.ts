import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from '../../sandbox/account.ts';
import type { Statement } from '../../sandbox/stack/deployed.ts';
import type { IamRequest } from './iam-requests.ts';

/** The simulator's list of actions does not know this one yet: it is asked as its sibling, of the same access level and resources. */
const UNLISTED = 'cloudwatch:DescribeAlarmContributors';
const SIBLING = 'cloudwatch:DescribeAlarms';

/** A statement's actions as the simulator may see them: one that names the sibling alone does not allow the unlisted one. */
function actionsFor({ Action }: Statement, { action }: IamRequest): string[] {
  const actions = [Action].flat().map(String);
  if (action !== UNLISTED) return actions.filter((one) => one !== UNLISTED);
  return actions.includes(UNLISTED) ? [SIBLING] : [];
}

/** `Allowed`, or the way in which these statements of a role deny a request; fails where the simulator cannot tell. */
export async function evaluate(statements: readonly Statement[], request: IamRequest): Promise<string> {
  const Statement = statements.flatMap((statement) => {
    const Action = actionsFor(statement, request);
    return Action.length === 0 ? [] : [{ ...statement, Action, Resource: [statement.Resource].flat() }];
  });
  const answer = await runSimulation(
    {
      identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/under-test`,
        action: request.action === UNLISTED ? SIBLING : request.action,
        resource: { resource: request.resource, accountId: ACCOUNT },
        contextVariables: JSON.parse(JSON.stringify(request.context)),
      },
    },
    {},
  );
  if (answer.resultType === 'error')
    throw new Error(`${request.action} on ${request.resource}: ${JSON.stringify(answer.errors)}`);
  return answer.overallResult;
}
