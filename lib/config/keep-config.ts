import type { RollOutConfig } from './roll-out-config.ts';

/** What State Manager keeps on the opted-in instances, besides the CloudWatch agent, and what services with `restartsOnHost` need. */
export interface KeepConfig extends RollOutConfig {
  /** A timer runs the remedies' `measure.sh` and hands the values to the CloudWatch agent at this port of loopback. @default none */
  readonly measurements?: { readonly port: number };
  /** A file that is given up when the disk is full, so that the SSM agent can work again. @default none */
  readonly ballast?: { readonly mebibytes: number };
}
