import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { LocatedSlice } from '../../lib/config/remedies-of.ts';
import type { Slice } from '../../remedies/slice.ts';
import type { AuditRecord } from '../../lambdas/core/audit-record.ts';
import type { Sandbox } from '../sandbox.ts';
import { detailsOfRecord, lineOfRecord, lineOfTransition, type TimelineLine } from './timeline.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Real seconds after which a symptom that was neither healed nor handed to a person counts as lost. */
const PATIENCE_SECONDS = 240;

export type Print = (line: string) => void;

/** Breaks each symptom in turn and prints what happens; `true` if all recovered and every decoy was spared. */
export async function tour(sandbox: Sandbox, print: Print): Promise<boolean> {
  const instanceIds = [...sandbox.fleet.members.keys()];
  let allWell = true;
  for (const [place, remedy] of sandbox.remedies.entries()) {
    const instanceId = instanceIds[place % instanceIds.length];
    if (instanceId === undefined) throw new Error('the tour needs an instance');
    if (!existsSync(faultOf(remedy))) {
      print(`\n== ${remedy.slice.symptom}: nothing is broken, there is no ${faultOf(remedy)}`);
      continue;
    }
    allWell = (await station(sandbox, remedy, instanceId, print)) && allWell;
  }
  return allWell;
}

async function station(sandbox: Sandbox, remedy: LocatedSlice, instanceId: string, print: Print): Promise<boolean> {
  const { slice } = remedy;
  const fault = faultOf(remedy);
  const startedAtMillis = Date.now();
  const show = ({ label, text }: TimelineLine, details: readonly string[] = []): void => {
    const seconds = ((Date.now() - startedAtMillis) / 1000).toFixed(1).padStart(6);
    print(`${seconds} s  ${label.padEnd(9)} ${text}`);
    for (const detail of details) print(`${' '.repeat(20)}${detail}`);
  };
  print('');
  print(`== ${slice.symptom} on ${instanceId}`);
  const ended = endOf(sandbox, slice, instanceId, show);
  show({ label: 'fault', text: `${relative(ROOT, fault)}: ${await breakIt(sandbox, fault, instanceId)}` });
  const end = await ended;
  if (end !== undefined) await messageOf(sandbox, end, show);
  const decoys = await checkDecoys(sandbox, instanceId);
  show({ label: 'decoys', text: decoys.text }, decoys.lost);
  const recovered = end?.kind === 'closed' && end.because === 'recovered';
  if (end === undefined) show({ label: 'lost', text: `nothing was healed or told within ${PATIENCE_SECONDS} s` });
  return recovered && decoys.allSpared;
}

/** The script that makes a remedy's fault; an operator's remedy need not have one. */
function faultOf({ slice, folder }: LocatedSlice): string {
  return join(folder, slice.id, 'break.sh');
}

async function breakIt(sandbox: Sandbox, fault: string, instanceId: string): Promise<string> {
  const result = await instanceOf(sandbox, instanceId).exec({
    command: ['bash', '-s'],
    stdin: readFileSync(fault, 'utf8'),
    environment: { SSM_MountPath: '/' },
    timeoutSeconds: 60,
  });
  if (result.exitCode !== 0) throw new Error(`${fault} ended ${result.exitCode}: ${result.stderr}`);
  return result.stdout.trim().replaceAll(/\s+/g, ' ') || 'started';
}

/** Prints the incident's records as they come; resolves with the one that ends it, or `undefined` when patience ends. */
function endOf(
  sandbox: Sandbox,
  slice: Slice,
  instanceId: string,
  show: (line: TimelineLine, details?: readonly string[]) => void,
): Promise<AuditRecord | undefined> {
  return new Promise((resolve) => {
    const end = (record?: AuditRecord): void => {
      clearTimeout(timer);
      sandbox.listeners.delete(listener);
      resolve(record);
    };
    const timer = setTimeout(() => end(), PATIENCE_SECONDS * 1000);
    const listener: Parameters<typeof sandbox.listeners.add>[0] = {
      onTransition: (event) => {
        const line = lineOfTransition(event);
        if (line?.text.includes(instanceId)) show(line);
      },
      onRecord: (record) => {
        if (!('fingerprint' in record) || record.fingerprint.target.id !== instanceId) return;
        if (record.fingerprint.symptom !== slice.symptom) return;
        const line = lineOfRecord(record);
        if (line !== undefined) show(line, detailsOfRecord(record));
        if (record.kind === 'closed' || record.kind === 'escalated') end(record);
      },
      onProblem: (problem) => show({ label: 'problem', text: problem }),
    };
    sandbox.listeners.add(listener);
  });
}

/** Waits for the message about a record as its subscriber reads it, and prints it. */
async function messageOf(
  sandbox: Sandbox,
  record: AuditRecord,
  show: (line: TimelineLine, details?: readonly string[]) => void,
): Promise<void> {
  const message = await sandbox.subscriber.waitFor(({ text }) => text.includes(record.subject), 20);
  if (message === undefined) {
    show({ label: 'message', text: 'none arrived within 20 s' });
    return;
  }
  const lines = message.text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  show(
    { label: 'message', text: message.subject },
    lines.slice(1).map((line) => `| ${line}`),
  );
}

async function checkDecoys(sandbox: Sandbox, instanceId: string) {
  const script = readFileSync(join(import.meta.dirname, 'check-decoys.sh'), 'utf8');
  const { stdout, stderr } = await instanceOf(sandbox, instanceId).exec({
    command: ['bash', '-s'],
    stdin: script,
    timeoutSeconds: 30,
  });
  const [spared = 0, of = 0] = stdout.trim().split(' ').map(Number);
  return {
    allSpared: of > 0 && spared === of,
    text: `${spared} of ${of} spared: what must not be touched is as it was`,
    lost: stderr.trim() === '' ? [] : stderr.trim().split('\n'),
  };
}

function instanceOf(sandbox: Sandbox, instanceId: string) {
  const member = sandbox.fleet.members.get(instanceId);
  if (member === undefined) throw new Error(`no instance ${instanceId}`);
  return member.instance;
}
