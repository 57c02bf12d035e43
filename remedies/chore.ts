import type { Parameter } from './slice.ts';

/** What is done on a schedule to instances that are well: a folder of plain data and bash beside the remedies. */
export interface Chore {
  /** The chore's id, and its folder's name. */
  readonly id: string;
  /** What it does, in one short clause. */
  readonly title: string;
  /** The configuration's key for how often. */
  readonly intervalKey: 'cacheCleanUpSeconds' | 'temporaryFilesSeconds';
  /** How often, where the configuration does not say. */
  readonly everySeconds: number;
  /** Its own settings: `maintenance.settings.<name>` in the configuration. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Settings that it takes over from a remedy: what may be cleaned is said once. */
  readonly shared: { readonly remedyId: string; readonly names: readonly string[] };
  /** How long its script may run, in real seconds. */
  readonly timeoutSeconds: number;
}
