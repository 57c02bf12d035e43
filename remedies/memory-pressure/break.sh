#!/usr/bin/env bash
# Starts batch-hoard, which takes what is left of the memory but 2 %, and decoys that must be spared: ledger-store, which holds a tenth
# of the memory, busy-teller, which works about a tenth of the time, and batch-nap, which is expendable but holds next to nothing.
# For the sandbox and for tests; may be run again. SSM_MaximumMebibytes: more is not taken.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
maximum_mebibytes=${SSM_MaximumMebibytes-512}
decoy_list=/run/sandbox-decoys-memory-pressure

# A copy of bash bears the name in its program file; a folder that may not hold programs (noexec) is passed over.
copy() {
  [[ ! -e $folder/$1 ]] || return 0 # it may run: a new file would be another program
  cp -f -- "$(readlink -f -- "$(command -v bash)")" "$folder/$1.part"
  mv -f -- "$folder/$1.part" "$folder/$1"
}
for folder in /run/sandbox-faults /var/tmp/sandbox-faults /tmp/sandbox-faults; do
  mkdir -p -- "$folder"
  copy batch-hoard
  if "$folder/batch-hoard" -c : 2>/dev/null; then break; fi
done
for name in ledger-store busy-teller batch-nap; do copy "$name"; done

# Prints the pid of a process whose program is NAME.
running() {
  local entry
  for entry in /proc/[0-9]*/exe; do
    [[ ! $entry -ef $folder/$1 ]] || { printf '%s\n' "${entry//[!0-9]/}" && return; }
  done
}

kibibytes() {
  local key value
  while read -r key value _; do
    if [[ $key == "$1:" ]]; then printf '%s' "$value" && return; fi
  done <"$2"
}

# start NAME MEBIBYTES MILLIS: holds so much, and works for so long of each tenth of a second, by the clock.
start() {
  [[ -z $(running "$1") ]] || return 0
  # shellcheck disable=SC2016 # the variables are of the inner bash
  # What it forks would hold as much for an instant: it does so first.
  setsid "$folder/$1" -c 'exec {rest}<> <(:)
    printf -v part "%*s" 262144 ""
    held=() anonymous=0
    while ((anonymous < $1 * 1024)); do
      held+=("$part")
      while read -r key value _; do [[ $key != RssAnon: ]] || anonymous=$value; done </proc/self/status
    done
    while :; do
      until=$((${EPOCHREALTIME/./} + $2 * 1000))
      while ((${EPOCHREALTIME/./} < until)); do :; done
      read -r -t 0.09 -u "$rest" || true
    done' "$1" "$2" "$3" </dev/null >/dev/null 2>&1 9>&- &
  until [[ -n $(running "$1") && $(kibibytes RssAnon "/proc/$(running "$1")/status") -ge $(($2 * 1024)) ]]; do
    kill -0 "$!" # it may have ended
    sleep 0.1
  done
}

total_mebibytes=$(($(kibibytes MemTotal /proc/meminfo) / 1024))
hoard_mebibytes=$((($(kibibytes MemAvailable /proc/meminfo) - total_mebibytes * 1024 / 50) / 1024))
store_mebibytes=$((total_mebibytes / 10))
[[ -n $(running ledger-store) ]] || hoard_mebibytes=$((hoard_mebibytes - store_mebibytes))
if [[ -z $(running batch-hoard) ]] && ((hoard_mebibytes > maximum_mebibytes)); then
  printf 'the fault would need %d MiB, at most %d are taken (SSM_MaximumMebibytes)\n' "$hoard_mebibytes" "$maximum_mebibytes" >&2
  exit 1
fi
start ledger-store "$store_mebibytes" 0
start busy-teller 0 10
start batch-nap 0 0
start batch-hoard "$((hoard_mebibytes > 0 ? hoard_mebibytes : 0))" 0

for name in ledger-store busy-teller batch-nap; do
  decoy=$(running "$name")
  stat=$(</proc/"$decoy"/stat)
  # shellcheck disable=SC2206
  fields=(${stat##*) })
  printf '%s %s %s\n' "$decoy" "${fields[19]}" "$name"
done >"$decoy_list"
