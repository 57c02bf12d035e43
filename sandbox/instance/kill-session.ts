import type { ChildProcess } from 'node:child_process';
import { readProcessTable } from './process-table.ts';

/** Rounds of looking for the session's processes: one that forks while it is killed is found in the next. */
const ROUNDS = 20;

/**
 * Kills the command that the `nsenter` process `entry` runs inside an instance, with its whole session.
 * What has made a session of its own stays, as it would under a real agent.
 */
export function killSession(entry: ChildProcess): void {
  // Ended and reaped: its pid may be someone else's by now.
  if (entry.pid === undefined || entry.exitCode !== null || entry.signalCode !== null) return;
  const leaders = readProcessTable('/proc').filter(({ parentPid }) => parentPid === entry.pid);
  for (let round = 0; round < ROUNDS; round++) {
    const members = readProcessTable('/proc').filter(
      ({ pid, session, state }) =>
        state !== 'Z' && leaders.some((leader) => leader.pid === pid || leader.pid === session),
    );
    if (members.length === 0) break;
    for (const { pid } of members) signalIfThere(pid);
  }
  // Without a leader it had not yet entered, or was about to end.
  if (leaders.length === 0) entry.kill('SIGKILL');
}

function signalIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Ended between reading and signal.
  }
}
