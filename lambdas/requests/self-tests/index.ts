import type { Policy } from '../../core/policy.ts';
import { alarmsWired } from './alarms-wired.ts';
import { documentsActive } from './documents-active.ts';
import { executionsEnd } from './executions-end.ts';
import { functionsLive } from './functions-live.ts';
import { metricsArrive } from './metrics-arrive.ts';
import { nothingLeftOver } from './nothing-left-over.ts';
import { parametersArrive } from './parameters-arrive.ts';
import { peopleSubscribed } from './people-subscribed.ts';
import { selfAlarmsQuiet } from './self-alarms-quiet.ts';
import { failed, type Finding, type SelfTest } from './self-test.ts';
import { sweepRuns } from './sweep-runs.ts';
import { tablesKept } from './tables-kept.ts';

/** Every self-test, in the order of the table in docs/proof.md. */
export const SELF_TESTS: readonly SelfTest[] = [
  functionsLive,
  tablesKept,
  metricsArrive,
  alarmsWired,
  executionsEnd,
  documentsActive,
  parametersArrive,
  sweepRuns,
  peopleSubscribed,
  selfAlarmsQuiet,
  nothingLeftOver,
];

export type SelfTested = Finding & { readonly id: string };

/** Runs all of them; one that cannot be made has failed, and stops no other. */
export function runSelfTests(policy: Policy, nowMillis: number): Promise<SelfTested[]> {
  return Promise.all(
    SELF_TESTS.map(async ({ id, run }) => {
      try {
        return { id, ...(await run(policy, nowMillis)) };
      } catch (error) {
        return { id, ...failed(`it could not be made: ${String(error)}`, 'deploy the stack again') };
      }
    }),
  );
}
