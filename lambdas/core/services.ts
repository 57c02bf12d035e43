/** A service that may be restarted, as the policy holds it. */
export interface Service {
  /** The systemd unit. */
  readonly unit: string;
  /** More than this makes it one that may be restarted to free memory. */
  readonly memoryMebibytes?: number;
  /** `http=8080/health`, `tcp=8080` or `command=/usr/local/bin/probe`. */
  readonly probe?: string;
  /** Units that come back before it, on whatever instances they run. */
  readonly after: readonly string[];
  /** Program that starts and stops it where there is no systemd. */
  readonly control?: string;
}

/** The services as scripts read them: `unit=orders.service,memory=512,http=8080/health,after=ledger.service;unit=…`. */
export function servicesText(services: readonly Service[]): string {
  return services
    .map(({ unit, memoryMebibytes, probe, after, control }) =>
      [
        `unit=${unit}`,
        ...(memoryMebibytes === undefined ? [] : [`memory=${memoryMebibytes}`]),
        ...(probe === undefined ? [] : [probe]),
        ...(control === undefined ? [] : [`control=${control}`]),
        ...after.map((other) => `after=${other}`),
      ].join(','),
    )
    .join(';');
}
