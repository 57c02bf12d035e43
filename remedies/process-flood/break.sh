#!/usr/bin/env bash
# Leaves some hundred processes that batch-storm started, and decoys that must be spared: ledger-server, busy and with children of its
# own; report-writer, which batch-storm started too, but nobody called expendable; batch-report, which is expendable, but only two.
# For the sandbox and for tests; may be run again. SSM_Processes: how many. SSM_Way: `bomb` has them start each other, as fast as they
# can; each needs a token for it, and there are no more tokens than that.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
processes=${SSM_Processes-200}
decoy_list=/run/sandbox-decoys-process-flood

# A copy of a program bears the name in its file; a folder that may not hold programs (noexec) is passed over.
copy() {
  [[ ! -e $folder/$2 ]] || return 0 # it may run: a new file would be another program
  cp -f -- "$(readlink -f -- "$(command -v "$1")")" "$folder/$2.part"
  mv -f -- "$folder/$2.part" "$folder/$2"
}
for folder in /run/sandbox-faults /var/tmp/sandbox-faults /tmp/sandbox-faults; do
  mkdir -p -- "$folder"
  copy bash batch-storm
  if "$folder/batch-storm" -c : 2>/dev/null; then break; fi
done
for name in batch-bomb batch-report ledger-server; do copy bash "$name"; done
for name in batch-task report-writer; do copy sleep "$name"; done

# Nothing is ever written to the one; from the other a process reads its token.
silence=$folder/silence tokens=$folder/tokens
for pipe in "$silence" "$tokens"; do [[ -p $pipe ]] || mkfifo -- "$pipe"; done

# Prints the pids of processes whose program is NAME.
running() {
  local entry
  for entry in /proc/[0-9]*/exe; do
    [[ ! $entry -ef $folder/$1 ]] || printf '%s\n' "${entry//[!0-9]/}"
  done
}

start() { setsid "$folder/$1" -c "$2" "$1" "$folder" "$processes" <>"$silence" >/dev/null 2>&1 9>&- & }

# shellcheck disable=SC2016 # the variables are of the inner bash
{
  # What bash starts in the background reads from nothing, and would never wait: the pipe has a number of its own.
  [[ -n $(running ledger-server) ]] || start ledger-server '
    exec {rest}<&0
    for ((n = 0; n < 4; n++)); do while :; do read -r -t 0.5 -u "$rest"; for ((i = 0; i < 200; i++)); do :; done; done & done
    while :; do read -r; done'
  [[ -n $(running batch-report) ]] || start batch-report '
    exec {rest}<&0
    while :; do read -r -u "$rest"; done & while :; do read -r; done'
  if [[ ${SSM_Way-} == bomb ]]; then
    [[ -n $(running batch-bomb) ]] || start batch-bomb '
      exec 3<>"$1/tokens"
      printf "%*s" "$2" "" >&3
      multiply() { while IFS= read -r -N 1 -u 3 _; do multiply & done; }
      multiply'
  elif [[ -z $(running batch-storm) ]]; then
    start batch-storm '
      "$1/report-writer" infinity &
      for ((n = 0; n < $2; n++)); do "$1/batch-task" infinity & done
      while :; do read -r; done'
  fi
}

if [[ ${SSM_Way-} == bomb ]]; then program=batch-bomb; else program=batch-task; fi
until (($(running "$program" | wc -l) >= processes)); do sleep 0.1; done
until (($(running ledger-server | wc -l) == 5 && $(running batch-report | wc -l) == 2)); do sleep 0.1; done

for name in ledger-server report-writer batch-report; do
  for decoy in $(running "$name"); do
    stat=$(</proc/"$decoy"/stat)
    # shellcheck disable=SC2206
    fields=(${stat##*) })
    printf '%s %s %s\n' "$decoy" "${fields[19]}" "$name"
  done
done >"$decoy_list"
