import type { Attempt, Fingerprint } from './incident.ts';
import type { KillSwitch } from './kill-switch.ts';
import type { DependencyDown } from './services.ts';
import type { WholeInstance } from './whole-instance.ts';

/** Something that was read, or why it could not be; a guard that needs it then refuses. */
export type Read<T> = { readonly read: true; readonly value: T } | { readonly read: false; readonly problem: string };

export const known = <T>(value: T): Read<T> => ({ read: true, value });
export const unreadable = <T>(problem: string): Read<T> => ({ read: false, problem });

/** What EC2, Auto Scaling and SSM say of an instance. */
export interface InstanceFacts {
  readonly instanceId: string;
  /** EC2's name of the state: `running`, `stopped`, … */
  readonly ec2State: string;
  readonly launchedAtEpochSeconds: number;
  /** Tags of the instance itself. */
  readonly tags: Readonly<Record<string, string>>;
  /** Which of instance, volumes and group carry the opt-out tag. */
  readonly optedOutBy: readonly string[];
  /** Auto Scaling's life cycle state where the instance belongs to a group. */
  readonly lifecycleState?: string;
  readonly hasInstanceProfile: boolean;
  readonly ssm:
    | { readonly pingStatus: string; readonly agentVersion: string; readonly platformType: string }
    | undefined;
}

/** `healthy` and `unhealthy` are readings of the symptom's own check; anything else is `unknown`. */
export interface SymptomReading {
  readonly verdict: 'healthy' | 'unhealthy' | 'unknown';
  readonly evidence: string;
  /** Why the check's command did not come to run on the instance; the verdict is then the newest datapoint's. */
  readonly undelivered?: string;
}

/** A remediation that was started, as the cooldown counts it. */
export interface LastAct {
  readonly attemptId: string;
  readonly startedAtEpochSeconds: number;
}

/** Who holds the right to act on the target. */
export interface ClaimFact {
  readonly owner: string;
  readonly expiresAtEpochSeconds: number;
}

/** All that a decision rests on. */
export interface Facts {
  readonly fingerprint: Fingerprint;
  readonly killSwitch: Read<KillSwitch>;
  /** `undefined`: EC2 does not know the instance. */
  readonly instance: Read<InstanceFacts | undefined>;
  readonly claim: Read<ClaimFact | undefined>;
  /** The newest remediation of this target, part and symptom. */
  readonly lastAct: Read<LastAct | undefined>;
  /** Of a service, what it comes after and what is down on other instances. */
  readonly dependenciesDown: Read<readonly DependencyDown[]>;
  readonly symptom: SymptomReading;
  readonly openedAtEpochSeconds: number;
  readonly attempts: readonly Attempt[];
  /** Of a symptom whose remedies act on the whole instance; absent for every other. */
  readonly whole?: Read<WholeInstance>;
}
