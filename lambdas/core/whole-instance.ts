import type { ClaimFact, SymptomReading } from './facts.ts';

/**
 * What EC2's status checks say of an instance, in EC2's words: `ok`, `impaired`, `initializing`, `insufficient-data`.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceStatusSummary.html
 */
export interface StatusChecks {
  /** Of the instance's own software and network. */
  readonly instance: string;
  /** Of the hardware under it. */
  readonly system: string;
  readonly systemImpairedSinceEpochSeconds?: number;
}

/** The Auto Scaling group that an instance belongs to. */
export interface GroupFacts {
  readonly name: string;
  /** Whether the group's own opt-in tag names this stack. */
  readonly optedIn: boolean;
  readonly desiredCapacity: number;
  /** Its other instances that are in service, and healthy by Auto Scaling and by EC2. */
  readonly otherHealthyInstances: number;
  /** Whether Auto Scaling protects this instance from being scaled in. */
  readonly protectedFromScaleIn: boolean;
  readonly suspendedProcesses: readonly string[];
}

/** What decides whether an instance as a whole may be rebooted, stopped or replaced. */
export interface WholeInstance {
  readonly ec2State: string;
  /** Absent where EC2 runs none, since the instance does not run. */
  readonly checks?: StatusChecks;
  /** Whether EC2 itself moves it to other hardware when its system status check fails. */
  readonly recoversAutomatically: boolean;
  readonly rootDevice: string;
  readonly instanceType: string;
  /** Whether its type has disks that lose what is on them at a stop. */
  readonly hasInstanceStore: boolean;
  /** `lost-at-stop`: it has a public address that is no Elastic IP. */
  readonly publicAddress: 'none' | 'elastic' | 'lost-at-stop';
  readonly spot: boolean;
  /** Ids of its volumes that are encrypted: starting it needs their keys. */
  readonly encryptedVolumes: readonly string[];
  readonly stopProtected: boolean;
  readonly group?: GroupFacts;
  /** Who acts on another instance that is counted together with this one. */
  readonly groupClaim?: ClaimFact;
  /** Opted-in instances that run, and how many of them EC2's instance status check calls impaired. */
  readonly fleet: { readonly running: number; readonly impaired: number };
}

/** What is counted together with an instance: its group, else the fleet's instances without one. */
export function countedWith(groupName: string | undefined, stack: string): string {
  return groupName ?? `${stack} without a group`;
}

/** The verdict of EC2's status checks; one that is not done yet says nothing. */
export function readChecks(checks: StatusChecks | undefined): SymptomReading {
  if (checks === undefined) return { verdict: 'unknown', evidence: 'EC2 runs no status checks on it: it does not run' };
  const evidence = `status checks: instance ${checks.instance}, system ${checks.system}`;
  const both = [checks.instance, checks.system];
  if (both.includes('impaired')) return { verdict: 'unhealthy', evidence };
  return { verdict: both.every((state) => state === 'ok') ? 'healthy' : 'unknown', evidence };
}
