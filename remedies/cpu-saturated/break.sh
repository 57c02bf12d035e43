#!/usr/bin/env bash
# Starts two hogs named batch-crunch, and decoys that must be spared, which work about a quarter of the time: busy-ledger, which nobody
# called expendable, and sshd-auth, by which people are on the instance, a tenth of it.
# For the sandbox and for tests; may be run again. SSM_Hogs: how many. SSM_Way: `spawn` has batch-crunch start short-lived processes
# instead, each of which uses little.
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
for name in busy-ledger sshd-auth; do
  cp -f -- "$folder/batch-crunch" "$folder/$name.part"
  mv -f -- "$folder/$name.part" "$folder/$name"
done

# Prints the pids of processes of that NAME.
running() {
  local entry name
  for entry in /proc/[0-9]*/comm; do
    { read -r name <"$entry"; } 2>/dev/null || continue
    [[ $name != "$1" ]] || printf '%s\n' "${entry//[!0-9]/}"
  done
}

start() { setsid "$folder/$1" -c "$2" "$1" "${3-}" </dev/null >/dev/null 2>&1 9>&- & }

work='while :; do :; done'
[[ ${SSM_Way-} != spawn ]] || work='while :; do (for ((i = 0; i < 3000; i++)); do :; done); done'
count=$(running batch-crunch | wc -l)
for ((; count < hogs; count++)); do start batch-crunch "$work"; done

for name in busy-ledger sshd-auth; do
  [[ -z $(running "$name") ]] || continue
  # Works 25 ms, then rests, by the clock.
  if [[ $name == busy-ledger ]]; then rest=0.075; else rest=0.225; fi
  # shellcheck disable=SC2016 # the variables are of the inner bash
  start "$name" 'exec {rest}<> <(:)
    while :; do
      until=$((${EPOCHREALTIME/./} + 25000))
      while ((${EPOCHREALTIME/./} < until)); do :; done
      read -r -t "$1" -u "$rest" || true
    done' "$rest"
done

for name in busy-ledger sshd-auth; do
  decoy=
  while [[ -z $decoy ]]; do read -r decoy < <(running "$name") || true; done
  stat=$(</proc/"$decoy"/stat)
  # shellcheck disable=SC2206
  fields=(${stat##*) })
  printf '%s %s %s\n' "$decoy" "${fields[19]}" "$name"
done >"$decoy_list"
