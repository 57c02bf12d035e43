import type { Command } from '../commands.ts';
import type { StoredDocument } from '../documents.ts';
import type { Input } from '../input.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Target } from '../targets.ts';
import type { RateControls } from './rate-controls.ts';

/** Statuses of one target in one run; `Skipped`: the run was stopped before its turn. */
export type TargetStatus = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Skipped';

/** One instance in one run of an association. */
export interface ExecutionTarget {
  readonly instanceId: string;
  status: TargetStatus;
  /** What ran there; `undefined` until its turn. */
  command: Command | undefined;
  endedAtMillis: number | undefined;
}

/** One run of an association. */
export interface AssociationExecution {
  readonly id: string;
  readonly version: number;
  readonly createdAtMillis: number;
  readonly targets: readonly ExecutionTarget[];
}

/** What an association says, checked. */
export interface AssociationContent {
  /** As it was sent. */
  readonly input: Input;
  readonly associationName: string | undefined;
  readonly document: StoredDocument;
  readonly given: Readonly<Record<string, readonly string[]>>;
  readonly values: ParameterValues;
  /** Exactly one: State Manager takes one tag key at most, or instances. */
  readonly target: Target;
  readonly rateControls: RateControls;
  readonly scheduleExpression: string | undefined;
  readonly everySeconds: number | undefined;
}

/** One State Manager association, and its runs, oldest first. */
export interface Association {
  readonly id: string;
  readonly createdAtMillis: number;
  updatedAtMillis: number;
  version: number;
  content: AssociationContent;
  readonly executions: AssociationExecution[];
}

/** The newest word on each instance by this version of the association, by its id. */
export function newestTargets({ executions, version }: Association): Map<string, ExecutionTarget> {
  const newest = executions.filter((execution) => execution.version === version);
  return new Map(newest.flatMap(({ targets }) => targets.map((target) => [target.instanceId, target] as const)));
}

/** An association's or a run's status over its targets: pending until each has ended, failed where one has failed. */
export function overviewOf(targets: Iterable<ExecutionTarget>): 'Pending' | 'Success' | 'Failed' {
  const statuses = [...targets].map(({ status }) => status);
  if (statuses.length === 0 || statuses.some((status) => status === 'Pending' || status === 'InProgress')) {
    return 'Pending';
  }
  return statuses.every((status) => status === 'Success') ? 'Success' : 'Failed';
}
