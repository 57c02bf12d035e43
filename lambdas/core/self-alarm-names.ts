import { DURABLE_FUNCTIONS, FUNCTIONS, functionName } from './names.ts';

/** What is watched of every function, of every durable one, of those that people wait for, and by the sweep. */
export const SELF_ALARMS = {
  everyFunction: ['dead-letters', 'failures', 'throttles'],
  durableFunction: ['failed-executions'],
  tellingFunction: ['backlog'],
  sweep: ['missing-sweeps', 'silent-instances', 'overdue-executions'],
} as const;

/** Names of a stack's alarms about itself. */
export function selfAlarmNames(stack: string): string[] {
  const of = (keys: typeof FUNCTIONS | typeof DURABLE_FUNCTIONS, kinds: readonly string[]): string[] =>
    keys.flatMap((key) => kinds.map((kind) => `${functionName(stack, key)}-${kind}`));
  return [
    ...of(FUNCTIONS, SELF_ALARMS.everyFunction),
    ...of(DURABLE_FUNCTIONS, SELF_ALARMS.durableFunction),
    ...of(['notify', 'sendSns'], SELF_ALARMS.tellingFunction),
    ...SELF_ALARMS.sweep.map((kind) => `${stack}-${kind}`),
  ];
}
