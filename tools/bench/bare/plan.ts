/** Everything that the bare functions need, found out beforehand, so that they do nothing but call. */
export interface BarePlan {
  /** Different at each measurement. */
  readonly id: string;
  readonly instanceId: string;
  readonly stateTable: string;
  readonly auditTable: string;
  /** Qualified names of the bare functions. */
  readonly remediate: string;
  readonly runCommand: string;
  readonly documents: { readonly check: string; readonly repair: string };
  readonly parameters: Readonly<Record<string, string[]>>;
}

/** What the bare `run-command` is asked. */
export interface BareCommand {
  readonly plan: BarePlan;
  readonly purpose: 'check' | 'repair';
}

/** Partition key of one of the bare functions' items. */
export function bareKey({ id }: BarePlan, what: string): { readonly pk: string } {
  return { pk: `bare#${what}#${id}` };
}
