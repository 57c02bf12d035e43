import type { Act } from '../../remedies/slice.ts';
import { assertNever } from './assert-never.ts';
import { OPT_IN_TAG } from './names.ts';
import type { GroupFacts, WholeInstance } from './whole-instance.ts';

/** Why an act is no remedy for this instance, whenever it is asked; `undefined`: it is one. */
export function unfitAct(act: Act, whole: WholeInstance): string | undefined {
  switch (act) {
    case 'reboot-instance':
      return whole.checks?.system === 'impaired' ? 'a reboot stays on the hardware that is impaired' : undefined;
    case 'stop-start-instance':
      return unfitToStop(whole);
    case 'replace-instance':
      return whole.group === undefined ? 'it is in no Auto Scaling group' : unfitToReplace(whole.group);
    default:
      return assertNever(act);
  }
}

/** What a stop would lose, or what would keep the instance from coming back (S18). */
function unfitToStop(whole: WholeInstance): string | undefined {
  // a stopped member counts as unhealthy, and its group terminates it:
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
  if (whole.group !== undefined) return `it belongs to the group ${whole.group.name}, which replaces what is stopped`;
  if (whole.rootDevice !== 'ebs') return `its root device is ${whole.rootDevice}, which a stop would lose`;
  if (whole.hasInstanceStore) return `${whole.instanceType} has instance store disks, which a stop would lose`;
  if (whole.publicAddress === 'lost-at-stop') return 'its public address is no Elastic IP, a stop would lose it';
  if (whole.spot) return 'it is a Spot Instance, which may not come back';
  // whoever starts an instance with volumes of a customer managed key needs that key, else it stops again at once:
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html
  if (whole.encryptedVolumes.length > 0) {
    return `its volumes ${whole.encryptedVolumes.join(', ')} are encrypted, and this system may use no key to start it again`;
  }
  if (whole.stopProtected) return 'it is protected against being stopped';
  return undefined;
}

/** Processes without which a group does not replace what it lost. */
const NEEDED_PROCESSES = ['Launch', 'Terminate'];

function unfitToReplace(group: GroupFacts): string | undefined {
  const { name, suspendedProcesses } = group;
  if (!group.optedIn) return `the tag ${OPT_IN_TAG} of its group ${name} does not name this stack`;
  if (group.protectedFromScaleIn) return `${name} protects it from being scaled in`;
  const suspended = NEEDED_PROCESSES.filter((process) => suspendedProcesses.includes(process));
  return suspended.length === 0 ? undefined : `${name} has ${suspended.join(' and ')} suspended`;
}
