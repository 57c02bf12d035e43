import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { AwsAnswer, AwsCall, Route } from '../gateway/aws-call.ts';
import { errorAnswerFor } from '../gateway/protocol-errors.ts';
import { describeInstanceStatus, idsOf } from './describe-instance-status.ts';
import type { StatusChecks } from './status-checks.ts';

/** What the emulated EC2 lacks; may be changed at any time. */
export interface Capacity {
  /** Whether instances that are stopped cannot be started: EC2 has no capacity for them. */
  lacking: boolean;
}

/** What the sandbox answers of EC2 by itself: moto's status checks always pass, and it never lacks capacity. */
export function ec2Route(ec2: EC2Client, checks: StatusChecks, capacity: Capacity): Route {
  return async (call) => {
    switch (call.action) {
      case 'DescribeInstanceStatus':
        return statuses(ec2, call, checks);
      case 'StartInstances':
        return capacity.lacking
          ? errorAnswerFor(call, 'InsufficientInstanceCapacity', 'Insufficient capacity.', 500)
          : 'forward';
      default:
        return 'forward';
    }
  };
}

async function statuses(ec2: EC2Client, call: AwsCall, checks: StatusChecks): Promise<AwsAnswer | 'forward'> {
  const ids = idsOf(call);
  const named = ids.length === 0 ? {} : { InstanceIds: ids };
  try {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand(named));
    return describeInstanceStatus(
      call,
      Reservations.flatMap(({ Instances }) => Instances ?? []),
      checks,
    );
  } catch (error) {
    // an id that it does not know is moto's to refuse
    if (error instanceof Error && error.name.startsWith('InvalidInstanceID.')) return 'forward';
    throw error;
  }
}
