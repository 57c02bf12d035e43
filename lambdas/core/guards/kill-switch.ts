import { ALLOW, type Guard, unavailable } from './guard.ts';

/** S5: absent, unreadable or thrown means do not act. */
export const killSwitch: Guard = ({ facts }) => {
  if (!facts.killSwitch.read) return unavailable('the kill switch', facts.killSwitch.problem);
  const { state, changedBy, reason } = facts.killSwitch.value;
  switch (state) {
    case 'released':
      return ALLOW;
    case 'absent':
      return { allow: false, reason: 'paused', detail: 'this stack was never switched on: send the request "resume"' };
    case 'thrown':
      return {
        allow: false,
        reason: 'paused',
        detail: `paused by ${changedBy ?? 'unknown'}: ${reason ?? 'no reason given'}; the request "resume" switches it on`,
      };
  }
};
