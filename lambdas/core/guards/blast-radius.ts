import { ALLOW, type Guard, unavailable } from './guard.ts';

/** Impaired instances up to which it is not taken for a failure of the sensor, however small the fleet is. */
const FEW = 2;

/** S8, S3: most of the fleet impaired means a sensor or a cause that no reboot mends; a group keeps a healthy instance. */
export const blastRadius: Guard = ({ facts, nextRemedyId }) => {
  if (facts.whole === undefined || nextRemedyId === undefined) return ALLOW;
  if (!facts.whole.read) return unavailable('the instance as a whole', facts.whole.problem);
  const { fleet, group } = facts.whole.value;
  if (fleet.impaired > FEW && fleet.impaired * 2 > fleet.running) {
    return {
      allow: false,
      reason: 'storm',
      detail: `${fleet.impaired} of ${fleet.running} opted-in instances are impaired at once: look for what they have in common`,
      lookAgainAfterSeconds: 300,
    };
  }
  if (group !== undefined && group.otherHealthyInstances === 0) {
    return {
      allow: false,
      reason: 'fleet-below-minimum',
      detail: `no other instance of the group ${group.name} is in service and healthy`,
      lookAgainAfterSeconds: 300,
    };
  }
  return ALLOW;
};
