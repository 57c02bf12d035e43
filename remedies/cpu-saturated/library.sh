#!/usr/bin/env bash
# What check.sh, repair.sh and undo.sh share: how CPU use is measured, and how a priority is changed.
# shellcheck disable=SC2034,SC2154 # the scripts and the preamble set and read the rest

# Sums the first line of /proc/stat into cpu_total and cpu_idle, in ticks; false if that cannot be.
read_cpu() {
  local tries label user nice system idle iowait irq softirq steal
  for tries in 1 2 3 4 5; do
    label='' user='' steal=''
    { read -r label user nice system idle iowait irq softirq steal _ </proc/stat; } 2>/dev/null || true
    if [[ $label == cpu && $user$nice$system$idle$iowait$irq$softirq${steal:-0} =~ ^[0-9]+$ ]]; then
      cpu_idle=$((idle + iowait)) # waiting for a disk is not busy
      cpu_total=$((user + nice + system + idle + iowait + irq + softirq + ${steal:-0}))
      return 0
    fi
    sleep "0.0$tries" # where a file stands in for it, it may be in the middle of being written
  done
  return 1
}

# Measures SECONDS of CPU. Sets busy_tenths (of a percent, of all CPUs) and, by pid, share_tenths and what read_process tells;
# by_share lists the pids that used any, most first. False if it cannot be read.
share_tenths=()
sample_cpu() {
  local total idle pid entry share
  local -A ticks_before=()
  share_tenths=() start_of=() name_of=() by_share=()
  read_cpu || return 1
  total=$cpu_total idle=$cpu_idle
  for entry in /proc/[0-9]*/stat; do
    pid=${entry//[!0-9]/}
    ! read_process "$pid" || ticks_before[$pid:$process_start]=$process_ticks
  done
  sleep "$1"
  read_cpu && ((cpu_total > total)) || return 1
  total=$((cpu_total - total)) idle=$((cpu_idle - idle))
  ((idle >= 0)) || idle=0 # the kernel's count of waiting may go back
  ((idle <= total)) || return 1
  busy_tenths=$((1000 * (total - idle) / total))
  for entry in /proc/[0-9]*/stat; do
    pid=${entry//[!0-9]/}
    read_process "$pid" || continue
    # A process that was born meanwhile did all of its ticks meanwhile. The same pid with another start is another process.
    share=$((1000 * (process_ticks - ${ticks_before[$pid:$process_start]-0}) / total))
    ((share > 0)) || continue
    share_tenths[pid]=$((share > 1000 ? 1000 : share)) start_of[pid]=$process_start name_of[pid]=$process_name
  done
  while read -r _ pid; do by_share+=("$pid"); done < <(
    for pid in "${!share_tenths[@]}"; do printf '%s %s\n' "${share_tenths[$pid]}" "$pid"; done | sort -k1,1nr -k2,2n)
}

# Changes the priority of those threads of PID that have the nice value FROM to TO; false if there were none.
renice_threads() {
  local thread line fields changed=1
  for thread in /proc/"$1"/task/[0-9]*; do
    line=
    { IFS= read -r -d '' line <"$thread/stat"; } 2>/dev/null || true
    [[ $line == *') '* ]] || continue
    # shellcheck disable=SC2206
    fields=(${line##*) })
    if [[ ${fields[16]} == "$2" ]] && renice -n "$3" -p "${thread##*/}" >/dev/null 2>&1; then changed=0; fi
  done
  return "$changed"
}
