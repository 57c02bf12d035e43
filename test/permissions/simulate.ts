import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from '../../sandbox/account.ts';
import type { Statement } from '../../sandbox/stack/deployed.ts';
import type { IamRequest } from './iam-requests.ts';

/**
 * The simulator's list of actions does not know this one yet. It stands for its sibling, which has the same access level and
 * resources, in statements and requests alike; that the statements name the real one is checked by the template's tests.
 */
const UNLISTED = ['cloudwatch:DescribeAlarmContributors', 'cloudwatch:DescribeAlarms'] as const;
const listed = (action: string): string => (action === UNLISTED[0] ? UNLISTED[1] : action);

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

/** `Allowed`, or the way in which these statements of a role deny a request; fails where the simulator cannot tell. */
export async function evaluate(statements: readonly Statement[], request: IamRequest): Promise<string> {
  const Statement = statements.map((statement) => ({
    ...statement,
    Action: listOf(statement.Action).map(listed),
    Resource: listOf(statement.Resource),
  }));
  const answer = await runSimulation(
    {
      identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      request: {
        principal: `arn:aws:iam::${ACCOUNT}:role/under-test`,
        action: listed(request.action),
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
