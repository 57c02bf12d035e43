import { randomUUID } from 'node:crypto';
import type { Instance } from '@aws-sdk/client-ec2';
import type { AwsAnswer, AwsCall } from '../gateway/aws-call.ts';
import type { CheckStates, StatusChecks } from './status-checks.ts';

/** The ids that a call names; empty where it asks for all. */
export function idsOf({ input }: AwsCall): string[] {
  return Object.entries(input).flatMap(([key, value]) => (/^InstanceId\.\d+$/.test(key) ? [String(value)] : []));
}

/**
 * EC2's DescribeInstanceStatus: running instances only, unless all are asked for; of filters the one on the instance check.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
 */
export function describeInstanceStatus(call: AwsCall, instances: readonly Instance[], checks: StatusChecks): AwsAnswer {
  const all = call.input['IncludeAllInstances'] === 'true';
  const wanted = wantedState(call);
  const items = instances.flatMap(({ InstanceId = '', State, Placement }) => {
    if (State?.Name !== 'running' && !all) return [];
    const states = checks.of(InstanceId);
    if (wanted !== undefined && states.instance !== wanted) return [];
    const state = `<code>${State?.Code}</code><name>${State?.Name}</name>`;
    const zone = `<availabilityZone>${Placement?.AvailabilityZone ?? ''}</availabilityZone>`;
    const summaries = ['system', 'instance'] as const;
    return `<item><instanceId>${InstanceId}</instanceId>${zone}<instanceState>${state}</instanceState>${summaries
      .map((check) => summary(check, states))
      .join('')}</item>`;
  });
  const body = `<DescribeInstanceStatusResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${randomUUID()}</requestId><instanceStatusSet>${items.join('')}</instanceStatusSet></DescribeInstanceStatusResponse>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

function wantedState({ input }: AwsCall): string | undefined {
  const name = input['Filter.1.Name'];
  if (name === undefined) return undefined;
  if (name === 'instance-status.status' && input['Filter.2.Name'] === undefined)
    return String(input['Filter.1.Value.1']);
  throw new Error(`the sandbox knows the filter instance-status.status alone, not ${JSON.stringify(name)}`);
}

const REACHABILITY: Readonly<Record<string, string>> = {
  ok: 'passed',
  impaired: 'failed',
  initializing: 'initializing',
};

function summary(check: 'instance' | 'system', states: CheckStates): string {
  const status = states[check];
  const since =
    status === 'impaired' && states.impairedSinceMillis !== undefined
      ? `<impairedSince>${new Date(states.impairedSinceMillis).toISOString()}</impairedSince>`
      : '';
  const details = `<details><item>${since}<name>reachability</name><status>${REACHABILITY[status]}</status></item></details>`;
  return `<${check}Status><status>${status}</status>${details}</${check}Status>`;
}
