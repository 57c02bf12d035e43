import type { World } from './world.ts';

/** A process as it was started: a pid alone may have been given to another since. */
export interface Busy {
  readonly name: string;
  readonly pid: number;
  readonly startTicks: number;
}

/** How a process stands now; `undefined` where it is gone, or another has its pid. */
export interface Standing {
  readonly startTicks: number;
  readonly nice: number;
}

const START = `
folder=/run/busy; mkdir -p "$folder"
cp -f -- "$(readlink -f -- "$(command -v bash)")" "$folder/$NAME.part" && mv -f -- "$folder/$NAME.part" "$folder/$NAME"
[[ $NAME_OF_USER == root ]] || chown "$NAME_OF_USER" "$folder/$NAME"
# Works for so many of each 100 ms, by the clock.
setsid setpriv --reuid "$NAME_OF_USER" --clear-groups -- "$folder/$NAME" -c '
  exec {rest}<> <(:)
  while :; do
    until=$((\${EPOCHREALTIME/./} + $1 * 1000))
    while ((\${EPOCHREALTIME/./} < until)); do :; done
    (($1 >= 100)) || read -r -t "0.0$((100 - $1))" -u "$rest" || :
  done' "$NAME" "$WORKS_PERCENT" </dev/null >/dev/null 2>&1 &
echo $!`;

/** Starts a process that has its name from its program file, and works so much of the time (of a CPU). */
export async function startBusy(
  world: World,
  instanceId: string,
  name: string,
  worksPercent = 100,
  user = 'root',
): Promise<Busy> {
  const environment = { NAME: name, NAME_OF_USER: user, WORKS_PERCENT: String(worksPercent) };
  const { exitCode, stdout, stderr } = await world.inside(instanceId, START, environment);
  if (exitCode !== 0) throw new Error(`${name} did not start: ${stderr}`);
  const pid = Number(stdout.trim());
  const standing = await standingOf(world, instanceId, pid);
  if (standing === undefined) throw new Error(`${name} is gone already`);
  return { name, pid, startTicks: standing.startTicks };
}

/** Start time and priority of a pid; `undefined` where there is none, or only a zombie. */
export async function standingOf(world: World, instanceId: string, pid: number): Promise<Standing | undefined> {
  const { stdout } = await world.inside(instanceId, `cat /proc/${pid}/stat 2>/dev/null`);
  const fields = stdout.slice(stdout.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20 || fields[0] === 'Z') return undefined;
  return { startTicks: Number(fields[19]), nice: Number(fields[16]) };
}

/** Ends processes of a scenario that has no use for them any more. */
export async function stopBusy(world: World, instanceId: string, ...busy: readonly Busy[]): Promise<void> {
  await world.inside(instanceId, `kill -KILL ${busy.map(({ pid }) => pid).join(' ')}`);
}
