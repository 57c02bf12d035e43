import type { Fleet } from '../fleet.ts';
import type { CallRecord } from '../gateway/call-record.ts';
import type { StatusChecks } from './status-checks.ts';

/** What runs or not after these may be another than before. */
const CHANGES: Readonly<Record<string, RegExp>> = {
  ec2: /^(Stop|Start|Terminate)Instances$/,
  autoscaling: /^(CreateAutoScalingGroup|SetDesiredCapacity|TerminateInstanceInAutoScalingGroup)$/,
};

/** Makes the instances' namespaces do what a call that the emulator carried out means. */
export async function followCall(
  { service, action, status, input }: CallRecord,
  fleet: Pick<Fleet, 'follow' | 'reboot'>,
  checks: Pick<StatusChecks, 'rebooted'>,
): Promise<void> {
  if (status >= 400) return;
  if (service === 'ec2' && action === 'RebootInstances') {
    const ids = Object.entries(input).flatMap(([key, id]) => (key.startsWith('InstanceId.') ? [String(id)] : []));
    await Promise.all(ids.map((id) => fleet.reboot(id)));
    for (const id of ids) checks.rebooted(id);
  }
  if (CHANGES[service]?.test(action) === true) await fleet.follow();
}
