import type { Fingerprint, Incident } from './incident.ts';
import type { HoldReason } from './reasons.ts';

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

/** A unit that another one comes after, which is down on another instance. */
export interface DependencyDown {
  readonly unit: string;
  readonly instanceId: string;
  /** When its incident was opened. */
  readonly sinceEpochSeconds: number;
}

/** The units that this one comes after, at whatever remove. */
export function comesAfter(unit: string, services: readonly Service[]): string[] {
  const found = new Set<string>();
  const add = (one: string): void => {
    for (const other of services.find((service) => service.unit === one)?.after ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      add(other);
    }
  };
  add(unit);
  return [...found];
}

/** Holds of incidents of which nothing becomes: nobody waits for them. */
const HOPELESS: readonly HoldReason[] = ['not-opted-in', 'opted-out', 'observe-only', 'target-gone'];

/** Which of the open incidents are of units that this one comes after, on other instances that may be healed. */
export function dependenciesDown(
  { target, part, symptom }: Fingerprint,
  services: readonly Service[],
  incidents: readonly Incident[],
): DependencyDown[] {
  const after = comesAfter(part, services);
  return incidents
    .filter(
      (other) =>
        other.symptom === symptom &&
        after.includes(other.part) &&
        // those of its own instance are brought back by its own repair
        other.target.id !== target.id &&
        !HOPELESS.some((reason) => reason === other.lastReason),
    )
    .map(({ part: unit, target: { id }, openedAt }) => ({
      unit,
      instanceId: id,
      sinceEpochSeconds: Math.floor(Date.parse(openedAt) / 1000),
    }));
}
