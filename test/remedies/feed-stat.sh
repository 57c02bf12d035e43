#!/usr/bin/env bash
# Keeps /proc/stat of the instance that it runs in as if the instance had SSM_Cpus CPUs of its own, busy with its processes alone.
# What these waited for while the machine ran others' is stolen, and so not idle: a hog saturates even where the machine is shared.
set -uo pipefail
cpus=${SSM_Cpus:?how many the instance is said to have}
mkdir -p /run/views
declare -A before=()
busy=0 idle=0 stolen=0 last_total=0 last_sum=0 started=$((${EPOCHREALTIME/./} / 10000))
feed() {
  local entry line fields ticks waited total room used=0 lost=0 sum=0
  for entry in /proc/[0-9]*/stat; do
    { IFS= read -r -d '' line <"$entry"; } 2>/dev/null
    # shellcheck disable=SC2206
    fields=(${line##*) })
    [[ ${#fields[@]} -gt 20 ]] || continue
    ticks=$((fields[11] + fields[12])) sum=$((sum + ticks + fields[13] + fields[14]))
    { read -r _ waited _ <"${entry%/*}/schedstat"; } 2>/dev/null || continue
    ((waited /= 10000000)) || true
    used=$((used + ticks - ${before[used$entry${fields[19]}]-0}))
    lost=$((lost + waited - ${before[lost$entry${fields[19]}]-0}))
    before[used$entry${fields[19]}]=$ticks before[lost$entry${fields[19]}]=$waited
  done
  # What comes and goes between two readings is told by its parent alone, which then has its time as that of its children.
  ((used >= sum - last_sum || last_sum == 0)) || used=$((sum - last_sum))
  last_sum=$sum
  total=$(((${EPOCHREALTIME/./} / 10000 - started) * cpus))
  room=$((total - last_total)) last_total=$total
  # Programs may have got more of the machine than the instance is said to have.
  ((used <= room)) || used=$room
  ((lost <= room - used)) || lost=$((room - used))
  busy=$((busy + used)) stolen=$((stolen + lost)) idle=$((idle + room - used - lost))
  printf 'cpu  %d 0 0 %d 0 0 0 %d 0 0\n' "$busy" "$idle" "$stolen" >/run/views/stat
}
feed
mount -n --bind /run/views/stat /proc/stat
exec {rest}<> <(:)
while :; do
  read -r -t 0.1 -u "$rest"
  feed
done
