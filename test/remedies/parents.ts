import type { Namespace } from './namespace.ts';

/** Has its children ended, and waits until all of them are zombies; `$pid` is the parent. */
const END_CHILDREN = `pkill -KILL -P $pid || true
  states=unknown; while [[ $states == *[!Z[:space:]]* ]]; do states=$(ps -o state= --ppid $pid) || states=; done`;

const FOLDER = '[[ -p /run/silence ]] || { mkdir /run/parents; mkfifo /run/silence; }';

/**
 * Starts a program of this name that never waits, with so many zombies; its pid. `setup` is bash that it runs before; the
 * zombies bear the name `child`.
 */
export const startParent = async (
  namespace: Namespace,
  name: string,
  zombies: number,
  { setup = '', child = 'child' }: { setup?: string; child?: string } = {},
): Promise<number> =>
  Number(
    await namespace.ask(
      `${FOLDER}; cp /usr/bin/sed "/run/parents/$NAME"; cp /usr/bin/sleep "/run/parents/$CHILD"
      setsid bash -c "$SETUP"' for ((n = $3; n > 0; n--)); do "$2" infinity & done; exec "$1" p' \\
        bash "/run/parents/$NAME" "/run/parents/$CHILD" ${zombies} <>/run/silence >/dev/null 2>&1 &
      pid=$!; until [[ /proc/$pid/exe -ef "/run/parents/$NAME" ]]; do sleep 0.05; done
      ${END_CHILDREN}; echo $pid`,
      { NAME: name, CHILD: child, SETUP: setup },
    ),
  );

/** Starts a program of this name that has so many zombies, and reaps them all as soon as it gets SIGCHLD; its pid. */
export const startReaper = async (namespace: Namespace, name: string, zombies: number): Promise<number> =>
  Number(
    await namespace.ask(
      `${FOLDER}; cp /usr/bin/bash "/run/parents/$NAME"; rm -f /run/gate; exec 7>/run/gate; flock 7
      setsid bash -c 'for ((n = $2; n > 0; n--)); do sleep infinity & done
        exec flock --no-fork /run/gate "$1" -c "while :; do read -r _; done"' \\
        bash "/run/parents/$NAME" ${zombies} <>/run/silence >/dev/null 2>&1 7>&- &
      pid=$!; until [[ /proc/$pid/exe -ef /usr/bin/flock ]]; do sleep 0.05; done
      ${END_CHILDREN}; exec 7>&-
      until [[ /proc/$pid/exe -ef "/run/parents/$NAME" ]]; do sleep 0.05; done; echo $pid`,
      { NAME: name },
    ),
  );

/** Starts a Python script of this name by its own first line (and `by`, a program that runs it), waits until it made /run/ready; its pid. */
export const startScript = async (namespace: Namespace, name: string, script: string, by = ''): Promise<number> =>
  Number(
    await namespace.ask(
      `rm -f /run/ready; printf '#!%s\\n%s\\n' "$(PATH=$PATH:/usr/local/bin; command -v python3)" "$SCRIPT" >/srv/${name}; chmod +x /srv/${name}
      setsid ${by} /srv/${name} </dev/null >/dev/null 2>&1 & until [[ -e /run/ready ]]; do sleep 0.05; done; echo $!`,
      { SCRIPT: script },
    ),
  );
