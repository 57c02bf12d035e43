import { alreadyHealthy } from './already-healthy.ts';
import { autoRecovery } from './auto-recovery.ts';
import { blastRadius } from './blast-radius.ts';
import { cooldown } from './cooldown.ts';
import { dependencyDown } from './dependency-down.ts';
import type { Guard } from './guard.ts';
import { inProgress } from './in-progress.ts';
import { killSwitch } from './kill-switch.ts';
import { mode } from './mode.ts';
import { optIn } from './opt-in.ts';
import { optOut } from './opt-out.ts';
import { ready } from './ready.ts';
import { warmingUp } from './warming-up.ts';

/** Every guard, in the order in which they are asked; the first refusal wins. */
export const GUARDS: readonly (readonly [name: string, guard: Guard])[] = [
  ['kill-switch', killSwitch],
  ['mode', mode],
  ['opt-in', optIn],
  ['opt-out', optOut],
  ['warming-up', warmingUp],
  ['ready', ready],
  ['in-progress', inProgress],
  ['dependency-down', dependencyDown],
  ['auto-recovery', autoRecovery],
  ['blast-radius', blastRadius],
  ['cooldown', cooldown],
  ['already-healthy', alreadyHealthy],
];
