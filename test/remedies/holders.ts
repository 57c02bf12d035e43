import type { Namespace } from './namespace.ts';

/**
 * Starts a program of this name that holds so much anonymous memory, and waits until it does; its pid. `setup` is bash that it
 * runs before, `afterwards` after.
 */
export const startHolder = async (
  namespace: Namespace,
  name: string,
  mebibytes: number,
  { setup = '', afterwards = '', run = '' }: { setup?: string; afterwards?: string; run?: string } = {},
): Promise<number> =>
  Number(
    await namespace.ask(
      `mkdir -p /run/holders; cp /usr/bin/bash "/run/holders/$NAME"
      setsid ${run} "/run/holders/$NAME" -c "$SETUP"'
        exec {rest}<> <(:) # before it holds anything, for what it forks holds as much
        printf -v part "%*s" 262144 ""; held=() anonymous=0
        while ((anonymous < '${mebibytes}' * 1024)); do
          held+=("$part")
          while read -r key value _; do [[ $key != RssAnon: ]] || anonymous=$value; done </proc/self/status
        done
        '"$AFTERWARDS"'
        : >/run/holds-$$; while :; do read -r -t 1 -u "$rest" || :; done' "$NAME" </dev/null >/dev/null 2>&1 &
      pid=$!; until [[ -e /run/holds-$pid ]]; do kill -0 $pid; sleep 0.05; done; rm /run/holds-$pid; echo $pid`,
      { NAME: name, SETUP: setup, AFTERWARDS: afterwards },
    ),
  );
