import type { Detecting } from '../../remedies/slice.ts';
import { appendRecord } from '../aws/audit-log.ts';
import { readTags } from '../aws/fleet-reader.ts';
import { log } from '../aws/log.ts';
import { newestDatapoint } from '../aws/metric-reader.ts';
import { readByFingerprint } from '../aws/state/incidents.ts';
import { isMarked, markOnce } from '../aws/state/once.ts';
import { describeWhatFollows, earlyWarningId, notWarnedOf } from '../core/early-warning.ts';
import { describeFingerprint, type Fingerprint, isCovered } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';

/** The mark only spares calls: what it forgets, the record knows. */
const REMEMBERED_SECONDS = 30 * 86_400;

/** Tells people once a day that a symptom comes near; answers whether this call did. Its record is the message, so that none is lost. */
export async function warnEarly(
  slice: Detecting,
  fingerprint: Fingerprint,
  stateChangedAt: string,
  policy: Policy,
  nowMillis: number,
): Promise<boolean> {
  const { subject, order } = earlyWarningId(fingerprint, stateChangedAt);
  const mark = `early#${subject}#${order}`;
  if (await isMarked(mark)) return false;
  const why = await notNow(fingerprint, policy, nowMillis);
  if (why !== undefined) {
    log('INFO', 'event-ignored', { why: `no early warning of ${describeFingerprint(fingerprint)}: ${why}` });
    return false;
  }
  const { metricName, early } = slice.detection;
  const evidence = await readNewest(slice, fingerprint, policy, nowMillis);
  const detail = `${metricName} reached ${early?.threshold}; ${describeWhatFollows(slice, policy)}`;
  await appendRecord(
    { stack: policy.stack, subject, order },
    { kind: 'warned', fingerprint, detail, evidence },
    nowMillis,
  );
  // after the record: who dies in between writes the same record again, which happens once
  await markOnce(mark, REMEMBERED_SECONDS, nowMillis);
  return true;
}

async function notNow(fingerprint: Fingerprint, policy: Policy, nowMillis: number): Promise<string | undefined> {
  const [incident, tags] = await Promise.all([readByFingerprint(fingerprint), readTags(fingerprint.target.id)]);
  if (tags === undefined) return 'EC2 does not know the instance';
  if (isCovered(incident, nowMillis)) return `the incident ${incident?.incidentId} is or was just about it`;
  return notWarnedOf(tags, policy.stack);
}

async function readNewest(
  slice: Detecting,
  fingerprint: Fingerprint,
  policy: Policy,
  nowMillis: number,
): Promise<string> {
  const { detection } = slice;
  const { target, part } = fingerprint;
  try {
    const newest = await newestDatapoint(detection, policy.metricNamespace, target.id, part, nowMillis);
    if (newest === undefined) return `no datapoint of ${detection.metricName} in the last 10 minutes`;
    return `${detection.metricName} was ${Math.round(newest.value * 10) / 10} at ${newest.at}`;
  } catch (error) {
    return `the newest datapoint could not be read: ${String(error)}`;
  }
}
