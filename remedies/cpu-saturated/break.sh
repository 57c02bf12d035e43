#!/usr/bin/env bash
# Starts two hogs named batch-crunch, and busy-ledger, a decoy that works about a quarter of the time and must be spared.
# For the sandbox and for tests; may be run again. SSM_Hogs: how many.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
hogs=${SSM_Hogs-2}
decoy_list=/run/sandbox-decoys-cpu

# A copy of bash bears the name in its program file; a folder that may not hold programs (noexec) is passed over.
for folder in /run/sandbox-faults /var/tmp/sandbox-faults /tmp/sandbox-faults; do
  mkdir -p -- "$folder"
  cp -f -- "$(readlink -f -- "$(command -v bash)")" "$folder/batch-crunch.part"
  if "$folder/batch-crunch.part" -c : 2>/dev/null; then break; fi
done
mv -f -- "$folder/batch-crunch.part" "$folder/batch-crunch"
cp -f -- "$folder/batch-crunch" "$folder/busy-ledger.part"
mv -f -- "$folder/busy-ledger.part" "$folder/busy-ledger"

# Prints the pids of processes of that NAME.
running() {
  local entry name
  for entry in /proc/[0-9]*/comm; do
    { read -r name <"$entry"; } 2>/dev/null || continue
    [[ $name != "$1" ]] || printf '%s\n' "${entry//[!0-9]/}"
  done
}

start() { setsid "$folder/$1" -c "$2" "$1" </dev/null >/dev/null 2>&1 9>&- & }

count=$(running batch-crunch | wc -l)
for ((; count < hogs; count++)); do start batch-crunch 'while :; do :; done'; done

if [[ -z $(running busy-ledger) ]]; then
  # Works 25 ms, then rests 75 ms, by the clock.
  # shellcheck disable=SC2016 # the variables are of the inner bash
  start busy-ledger 'exec {rest}<> <(:)
    while :; do
      until=$((${EPOCHREALTIME/./} + 25000))
      while ((${EPOCHREALTIME/./} < until)); do :; done
      read -r -t 0.075 -u "$rest" || true
    done'
fi

decoy=
while [[ -z $decoy ]]; do read -r decoy < <(running busy-ledger) || true; done
stat=$(</proc/"$decoy"/stat)
# shellcheck disable=SC2206
fields=(${stat##*) })
printf '%s %s busy-ledger\n' "$decoy" "${fields[19]}" >"$decoy_list"
