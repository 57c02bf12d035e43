#!/usr/bin/env bash
# Leaves many zombies under batch-spawn, which never reaps, and decoys that must be spared: batch-reap, whose zombies go as soon as it
# is told of them; parents that are not expendable or protected; and busy-dispatch, whose zombies each live for an instant.
# For the sandbox and for tests; may be run again. SSM_Zombies: how many.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
zombies=${SSM_Zombies-40}
decoy_list=/run/sandbox-decoys-zombies

# Programs that never wait for a child are copies of sed, those that do are copies of bash: a copy bears its name in its program
# file. A folder that may not hold programs (noexec) is passed over.
copy() {
  [[ ! -e $folder/$2 ]] || return 0 # it may run: a new file would be another program
  cp -f -- "$(readlink -f -- "$(command -v "$1")")" "$folder/$2.part"
  mv -f -- "$folder/$2.part" "$folder/$2"
}
for folder in /run/sandbox-faults /var/tmp/sandbox-faults /tmp/sandbox-faults; do
  mkdir -p -- "$folder"
  copy sed batch-spawn
  if "$folder/batch-spawn" --version >/dev/null 2>&1; then break; fi
done
for name in ledger-keeper sshd-session; do copy sed "$name"; done
for name in batch-reap busy-dispatch; do copy bash "$name"; done

# Nothing is ever written there.
silence=$folder/silence
[[ -p $silence ]] || mkfifo -- "$silence"
# Whom we leave at the gate has it for good: each time there is a new one.
rm -f -- "$folder/gate"
exec 7>"$folder/gate"
flock 7

# Prints the pid of a process whose program is NAME.
running() {
  local entry
  for entry in /proc/[0-9]*/exe; do
    [[ ! $entry -ef $folder/$1 ]] || { printf '%s\n' "${entry//[!0-9]/}" && return; }
  done
}

# start ZOMBIES PROGRAM ARGUMENT...: becomes the program after it left children that end, once nobody is there who would reap them.
start() {
  local started states=unknown
  # shellcheck disable=SC2016 # the variables are of the inner bash
  setsid bash -c 'for ((n = $1; n > 0; n--)); do sleep infinity & done; exec "${@:2}"' bash "$@" \
    <>"$silence" >/dev/null 2>&1 7>&- 9>&- &
  started=$!
  until [[ /proc/$started/exe -ef $2 ]]; do sleep 0.05; done
  pkill -KILL -P "$started" || true
  while [[ $states == *[!Z[:space:]]* ]]; do states=$(ps -o state= --ppid "$started") || states=; done
}

[[ -n $(running batch-spawn) ]] || start "$zombies" "$folder/batch-spawn" p
[[ -n $(running ledger-keeper) ]] || start 2 "$folder/ledger-keeper" p
[[ -n $(running sshd-session) ]] || start 2 "$folder/sshd-session" p
[[ -n $(running batch-reap) ]] ||
  start 15 "$(command -v flock)" --no-fork "$folder/gate" "$folder/batch-reap" -c 'while :; do read -r _ || :; done'
[[ -n $(running busy-dispatch) ]] || start 0 "$folder/busy-dispatch" -c 'while :; do sleep 0.2 & sleep 0.2; done'
exec 7>&-

for name in batch-reap busy-dispatch ledger-keeper sshd-session; do
  decoy=
  while [[ -z $decoy ]]; do decoy=$(running "$name"); done
  stat=$(</proc/"$decoy"/stat)
  # shellcheck disable=SC2206
  fields=(${stat##*) })
  printf '%s %s %s\n' "$decoy" "${fields[19]}" "$name"
done >"$decoy_list"
