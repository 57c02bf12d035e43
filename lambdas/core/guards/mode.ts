import { ALLOW, type Guard } from './guard.ts';

/** Refuses where no remedy of the symptom may act: `observe` decides and records only. */
export const mode: Guard = ({ policy, remedyIds }) => {
  if (remedyIds.length === 0 || remedyIds.some((id) => policy.remedies[id]?.mode === 'act')) return ALLOW;
  return {
    allow: false,
    reason: 'observe-only',
    detail: `mode is "observe" for ${remedyIds.join(', ')}: nothing is changed; mode "act" in self-healing.config.ts lets it act`,
  };
};
