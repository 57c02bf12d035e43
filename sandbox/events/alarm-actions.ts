import type { TransitionEvent } from '../cloudwatch/transitions.ts';
import { matchesPattern } from '../eventbridge.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { Deployed } from '../stack/deployed.ts';

const ALARMS = 'lambda.alarms.cloudwatch.amazonaws.com';

/** Delivers what CloudWatch sends out, as far as the permissions and rules of the account's stacks let it. */
export function deliverTransition(
  event: TransitionEvent,
  stacks: readonly Pick<Deployed, 'rules' | 'permissions'>[],
  lambda: LambdaService,
  onProblem: (problem: string) => void,
): void {
  const payload = JSON.stringify(event.kind === 'lambda-action' ? event.payload : event.event);
  for (const functionName of targetsOf(event, stacks, onProblem)) {
    lambda
      .invoke({ functionName, payload, invocationType: 'Event' })
      .catch((error: unknown) => onProblem(String(error)));
  }
}

function targetsOf(
  event: TransitionEvent,
  stacks: readonly Pick<Deployed, 'rules' | 'permissions'>[],
  onProblem: (problem: string) => void,
): readonly string[] {
  if (event.kind === 'event-bridge') {
    return stacks
      .flatMap(({ rules }) => rules)
      .filter(({ pattern }) => pattern !== undefined && matchesPattern(pattern, event.event))
      .flatMap(({ targetArns }) => targetArns);
  }
  const { functionArn, payload } = event;
  const allowed = stacks
    .flatMap(({ permissions }) => permissions)
    .some(
      (one) =>
        one.principal === ALARMS && one.functionArn === functionArn && matchesArn(one.sourceArn, payload.alarmArn),
    );
  if (allowed) return [functionArn];
  onProblem(`${payload.alarmArn} may not invoke ${functionArn}: the template gives it no permission`);
  return [];
}

/** Lambda compares a permission's source by StringLike. */
function matchesArn(pattern: string | undefined, arn: string): boolean {
  if (pattern === undefined) return true;
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`).test(arn);
}
