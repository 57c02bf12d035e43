/** A service that may be restarted; what it is not called here is never restarted. */
export interface ServiceConfig {
  /** Its systemd unit, such as `orders.service`; where there is no systemd, any name of that form. */
  readonly unit: string;
  /** More than this makes it one that may be restarted to free memory. @default never restarted for its memory */
  readonly memoryMebibytes?: number;
  /** What is asked of it besides whether its unit runs. @default nothing */
  readonly probe?: ProbeConfig;
  /** Units, of this list, on which it depends, on whatever instances they run: they come back before it. @default none */
  readonly after?: readonly string[];
  /** A program that is called with `start`, `stop` or `status` where there is no systemd. @default none: systemd */
  readonly control?: string;
  /** systemd on the instance restarts it within seconds, before any alarm. @default false */
  readonly restartsOnHost?: boolean;
}

/** Exactly one of them is given. */
export type ProbeConfig =
  /** Port and path on the instance, such as `8080/health`: well if it answers 200 to 399. */
  | { readonly http: string }
  /** Port on the instance: well if it accepts a connection. */
  | { readonly tcp: number }
  /** Absolute path of a program: well if it ends with 0. */
  | { readonly command: string };
