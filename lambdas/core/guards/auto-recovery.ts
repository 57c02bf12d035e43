import { ALLOW, type Guard } from './guard.ts';

/** How long EC2's own recovery has before anything else is tried. */
const FIRST_SECONDS = 900;

/**
 * Where the hardware is impaired, EC2's automatic recovery comes first: two that move one instance get in each other's way.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-recover.html
 */
export const autoRecovery: Guard = ({ facts, nowEpochSeconds }) => {
  if (facts.whole?.read !== true) return ALLOW; // the blast-radius guard refuses what could not be read
  const { checks, recoversAutomatically } = facts.whole.value;
  if (checks?.system !== 'impaired' || !recoversAutomatically) return ALLOW;
  const since = checks.systemImpairedSinceEpochSeconds ?? nowEpochSeconds;
  const remainingSeconds = since + FIRST_SECONDS - nowEpochSeconds;
  if (remainingSeconds <= 0) return ALLOW;
  return {
    allow: false,
    reason: 'auto-recovery',
    detail: `its hardware is impaired for ${nowEpochSeconds - since} s; EC2's automatic recovery has ${FIRST_SECONDS} s`,
    lookAgainAfterSeconds: Math.ceil(remainingSeconds),
  };
};
