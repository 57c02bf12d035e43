#!/usr/bin/env bash
# What check.sh, repair.sh and undo.sh share: how CPU use is measured, and how a priority is changed.
# shellcheck disable=SC2034,SC2154 # the scripts and the preamble set and read the rest

# Sums the first line of /proc/stat into cpu_total, cpu_idle and cpu_stolen, in ticks; false if that cannot be.
read_cpu() {
  local tries label user nice system idle iowait irq softirq steal
  for tries in 1 2 3 4 5; do
    label='' user='' steal=''
    { read -r label user nice system idle iowait irq softirq steal _ </proc/stat; } 2>/dev/null || true
    if [[ $label == cpu && $user$nice$system$idle$iowait$irq$softirq${steal:-0} =~ ^[0-9]+$ ]]; then
      cpu_idle=$((idle + iowait)) # waiting for a disk is not busy
      cpu_stolen=${steal:-0}
      cpu_total=$((user + nice + system + idle + iowait + irq + softirq + ${steal:-0}))
      return 0
    fi
    sleep "0.0$tries" # where a file stands in for it, it may be in the middle of being written
  done
  return 1
}

# Measures SECONDS of CPU. Sets busy_tenths (of a percent, of all CPUs) and, by pid, share_tenths and what read_process tells;
# by_share lists the pids that used any, most first. False if it cannot be read.
#
# What comes and goes within the sample is in no list, but its parent has its time when it has waited for it: that is the parent's
# brief_tenths, which is part of its share. What nobody waited for is told by unseen_tenths alone.
share_tenths=() brief_tenths=()
sample_cpu() {
  local total idle stolen pid entry share brief key seen=0 children_gone=()
  local -A ticks_before=() children_before=() parent_before=()
  share_tenths=() brief_tenths=() start_of=() name_of=() by_share=()
  read_cpu || return 1
  total=$cpu_total idle=$cpu_idle stolen=$cpu_stolen
  for entry in /proc/[0-9]*/stat; do
    pid=${entry//[!0-9]/}
    read_process "$pid" || continue
    key=$pid:$process_start
    ticks_before[$key]=$process_ticks children_before[$key]=$process_children_ticks parent_before[$key]=$process_parent
  done
  sleep "$1"
  read_cpu && ((cpu_total > total)) || return 1
  total=$((cpu_total - total)) idle=$((cpu_idle - idle)) stolen=$((cpu_stolen - stolen))
  ((idle >= 0)) || idle=0 # the kernel's count of waiting may go back
  ((idle <= total)) || return 1
  busy_tenths=$((1000 * (total - idle) / total))
  # Who was there before and is gone left its parent also the time from before.
  for key in "${!ticks_before[@]}"; do
    if read_process "${key%:*}" && [[ $process_start == "${key#*:}" ]]; then continue; fi
    pid=${parent_before[$key]}
    children_gone[pid]=$((${children_gone[pid]-0} + ${ticks_before[$key]} + ${children_before[$key]}))
  done
  for entry in /proc/[0-9]*/stat; do
    pid=${entry//[!0-9]/}
    read_process "$pid" || continue
    key=$pid:$process_start
    # A process that was born meanwhile did all of its ticks meanwhile. The same pid with another start is another process.
    share=$((1000 * (process_ticks - ${ticks_before[$key]-0}) / total))
    brief=$((1000 * (process_children_ticks - ${children_before[$key]-0} - ${children_gone[pid]-0}) / total))
    ((brief > 0)) || brief=0
    share=$((share + brief > 1000 ? 1000 : share + brief))
    ((share > 0)) || continue
    seen=$((seen + share))
    share_tenths[pid]=$share brief_tenths[pid]=$brief start_of[pid]=$process_start name_of[pid]=$process_name
  done
  unseen_tenths=$((busy_tenths - 1000 * stolen / total - seen))
  ((unseen_tenths > 0)) || unseen_tenths=0
  while read -r _ pid; do by_share+=("$pid"); done < <(
    for pid in "${!share_tenths[@]}"; do printf '%s %s\n' "${share_tenths[$pid]}" "$pid"; done | sort -k1,1nr -k2,2n)
}

# True if most of what PID used was used by children that came and went.
is_brief() { ((${brief_tenths[$1]-0} * 2 > share_tenths[$1])); }

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
