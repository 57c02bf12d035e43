import { ON_HOST_ALARMS, onHostDetection } from '../lambdas/core/on-host.ts';
import { detecting, type Remedy } from '../remedies/slice.ts';
import type { Config } from './config/config.ts';
import type { Watched } from './fleet-alarm.ts';
import { restartingUnits } from './kept/restarting-units.ts';

/** What the fleet is watched for: every symptom, and what systemd restarts by itself, where it shall. */
export function watchedOf(config: Config, slices: readonly Remedy[]): readonly Watched[] {
  const symptoms = detecting(slices);
  if (restartingUnits(config).length === 0) return symptoms;
  const onHost = ON_HOST_ALARMS.map((id) => ({
    id,
    symptom: 'a service that systemd restarted',
    detection: onHostDetection(id),
    runbook: 'docs/configuration.md, "restartsOnHost"',
  }));
  return [...symptoms, ...onHost];
}
