/** How State Manager brings something to the instances: to one first, then to the others. */
export interface RollOutConfig {
  /** Id of the instance that gets it first; the deployment stops where it fails there. */
  readonly first: string;
  /** Most instances that are changed at once, in number or percent. @default 10% */
  readonly maxConcurrency?: string;
  /** Failures, in number or percent, after which the roll-out stops until the next day. @default 1 */
  readonly maxErrors?: string;
}
