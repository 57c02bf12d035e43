/** What mends a fault: the next reboot, the next start after a stop, or nothing. */
export type StatusFault = 'until-reboot' | 'until-stop' | 'for-good';

/** Which of EC2's status checks fails. */
export type FailingCheck = 'instance' | 'system';

interface Fault {
  readonly kind: StatusFault;
  readonly check: FailingCheck;
  readonly sinceMillis: number;
  /** When the check sees that it is mended. */
  mendedAtMillis?: number;
}

/** One instance's checks as EC2 tells them. */
export interface CheckStates {
  readonly instance: string;
  readonly system: string;
  readonly impairedSinceMillis?: number;
}

/** Checks run each minute, and one that passes again is told after the next. */
const SEEN_AFTER_MILLIS = 60_000;
/** How long a started instance is `initializing`: some minutes in EC2. */
const INITIALIZING_MILLIS = 120_000;

/** EC2's status checks of the sandbox's instances: all pass, but for faults that a test or a person asks for. */
export class StatusChecks {
  readonly #faults = new Map<string, Fault>();
  readonly #startedAtMillis = new Map<string, number>();
  readonly #nowMillis: () => number;

  constructor(nowMillis: () => number) {
    this.#nowMillis = nowMillis;
  }

  /** Makes a check of an instance fail, as if it had since some time ago. */
  fail(instanceId: string, kind: StatusFault, check: FailingCheck = 'instance', sinceSecondsAgo = 0): void {
    this.#faults.set(instanceId, { kind, check, sinceMillis: this.#nowMillis() - sinceSecondsAgo * 1000 });
  }

  /** Mends whatever fails, as a person would. */
  mend(instanceId: string): void {
    this.#faults.delete(instanceId);
  }

  rebooted(instanceId: string): void {
    const fault = this.#faults.get(instanceId);
    if (fault?.kind === 'until-reboot') fault.mendedAtMillis = this.#nowMillis() + SEEN_AFTER_MILLIS;
  }

  started(instanceId: string): void {
    this.#startedAtMillis.set(instanceId, this.#nowMillis());
    if (this.#faults.get(instanceId)?.kind !== 'for-good') this.#faults.delete(instanceId);
  }

  of(instanceId: string): CheckStates {
    const nowMillis = this.#nowMillis();
    const startedAtMillis = this.#startedAtMillis.get(instanceId) ?? Number.NEGATIVE_INFINITY;
    if (nowMillis < startedAtMillis + INITIALIZING_MILLIS) return { instance: 'initializing', system: 'initializing' };
    const fault = this.#faults.get(instanceId);
    if (fault === undefined || nowMillis >= (fault.mendedAtMillis ?? Number.POSITIVE_INFINITY)) {
      return { instance: 'ok', system: 'ok' };
    }
    const passing = { instance: 'ok', system: 'ok' };
    return { ...passing, [fault.check]: 'impaired', impairedSinceMillis: fault.sinceMillis };
  }
}
