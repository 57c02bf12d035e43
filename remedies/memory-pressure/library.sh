#!/usr/bin/env bash
# What check.sh and repair.sh share: how much memory there is, who holds it, and who of these is worth stopping.
# shellcheck disable=SC2034,SC2154 # the scripts read what is set here, and the preamble sets the rest

# More are not looked at; the time that the kernel gets for telling what they share, for which it walks through their pages.
maximum_measured=300 telling_seconds=5

# --- how much there is ---

# Reads /proc/meminfo into memory, in KiB, and used_tenths (of a percent): what is not available. That is all that the agent's
# mem_used_percent counts (neither free nor buffers nor caches), and also shared memory, which Linux counts as cached but cannot drop.
declare -A memory=()
read_memory() {
  local tries key value
  for tries in 1 2 3 4 5; do
    memory=()
    while read -r key value _; do
      [[ ! $value =~ ^[0-9]{1,15}$ ]] || memory[${key%:}]=$value
    done 2>/dev/null </proc/meminfo || true
    if ((${memory[MemTotal]-0} > 0 && ${memory[MemAvailable]--1} >= 0 && memory[MemAvailable] <= memory[MemTotal])); then
      used_tenths=$((1000 * (memory[MemTotal] - memory[MemAvailable]) / memory[MemTotal]))
      return 0
    fi
    sleep "0.0$tries" 9>&- # where a file stands in for it, it may be in the middle of being written
  done
  return 1
}

# Sets missing_kib: what would have to come free for the usage to be TARGET percent. That lies below the threshold, so that what
# is missing is never nearly nothing, and a share of it is not what any small process has.
count_missing() {
  missing_kib=$((memory[MemTotal] * (100 - $1) / 100 - memory[MemAvailable]))
  ((missing_kib > 0)) || missing_kib=0
}

# --- who holds it ---

# By pid what comes free when the process ends, and what it has in swap, in KiB; the pids, most first.
held_kib=() swap_kib=() by_memory=()

# Prints `KiB swap-KiB pid` of the processes that hold most. A kernel thread holds nothing, and has no such lines.
list_holders() {
  { printf '%s\0' /proc/[0-9]*/status | xargs -0 grep -HsE '^(RssAnon|VmSwap):' || true; } | awk -F '[/: \t]+' '
    $5 == "RssAnon" { anonymous[$3] = $6 }
    $5 == "VmSwap" { swap[$3] = $6 }
    END { for (pid in anonymous) print anonymous[pid], swap[pid] + 0, pid }
  ' | sort -k1,1nr -k3,3n | head -n "$maximum_measured"
}

# Prints `pid KiB` of what each PID holds of its own, as far as the kernel tells in time: anonymous memory, of that which it shares with
# its forks its part. One whose pages are locked may not answer: then neither do those that follow, and who holds most stands first.
told_apart() {
  local pid rollups=()
  (($# > 0)) || return 0
  for pid in "$@"; do rollups+=("/proc/$pid/smaps_rollup"); done
  { timeout -s KILL "$telling_seconds" grep --line-buffered -HsE '^Pss(_Anon)?:' "${rollups[@]}" 9>&- || true; } 2>/dev/null |
    awk -F '[/: \t]+' '
      $5 == "Pss" && !($3 in part) { part[$3] = $6 }
      $5 == "Pss_Anon" { part[$3] = $6 }
      END { for (pid in part) print pid, part[pid] }
    ' 9>&-
}

# Sets anonymous_kib of PID; false if it is gone.
read_anonymous() {
  local key value
  anonymous_kib=''
  while read -r key value _; do
    if [[ $key == RssAnon: ]]; then anonymous_kib=$value && break; fi
  done 2>/dev/null <"/proc/$1/status" || true
  [[ $anonymous_kib =~ ^[0-9]+$ ]]
}

# Sets anonymous_of each PID that is not gone: what comes free when it ends, in KiB. Files are not counted, for these are cache, nor
# shared memory, which may outlive it; what it may share with its forks is, where the kernel does not tell it apart.
measure_processes() {
  local pid part
  anonymous_of=()
  for pid in "$@"; do
    if read_anonymous "$pid"; then anonymous_of[pid]=$anonymous_kib; fi
  done
  while read -r pid part; do
    [[ $part =~ ^[0-9]+$ && -n ${anonymous_of[$pid]-} ]] || continue
    if ((part < anonymous_of[pid])); then anonymous_of[pid]=$part; fi
  done < <(told_apart "$@")
}

# Finds who holds memory. False if processes cannot be read.
sample_memory() {
  local swap pid
  held_kib=() swap_kib=() start_of=() name_of=() by_memory=()
  while read -r _ swap pid; do
    if ! read_process "$pid" || has_ended; then continue; fi
    start_of[pid]=$process_start name_of[pid]=$process_name swap_kib[pid]=$swap
    by_memory+=("$pid")
  done < <(list_holders)
  measure_processes ${by_memory[@]+"${by_memory[@]}"}
  # What was listed may have been an earlier process's of that pid (S16): it was read again between two looks at who that is.
  for pid in "${!anonymous_of[@]}"; do
    if is_same "$pid"; then held_kib[pid]=${anonymous_of[$pid]}; fi
  done
  mapfile -t by_memory < <(
    for pid in "${!held_kib[@]}"; do printf '%s %s\n' "${held_kib[$pid]}" "$pid"; done | sort -k1,1nr -k2,2n | cut -d ' ' -f 2
  )
  # The script itself is the test of the reading.
  read_process "$$"
}

mebibytes() { printf '%d' $((($1 + 512) / 1024)); }

# --- which service is worth restarting ---

# Prints the folder of the control group of SERVICE, of which PID is a process; fails if there is none with an account of memory.
control_group() {
  local line folder
  while IFS= read -r line; do
    [[ $line == 0::*"/$1"* ]] || continue
    folder=/sys/fs/cgroup${line#0::}
    folder=${folder%%"/$1"*}/$1
    [[ -r $folder/memory.current && -r $folder/memory.stat ]] || return 1
    printf '%s' "$folder"
    return 0
  done 2>/dev/null <"/proc/$2/cgroup"
  return 1
}

# Sets of SERVICE, which was read, service_held_kib: what comes free when it ends, and service_grown_kib: that and what it has in swap.
# By the account of its control group, without files: these are cache, or in shared memory and stay. Else summed over its processes.
# False if it has no process.
measure_service() {
  local pid key value folder current=0 files=0 swapped=0
  service_held_kib=0 service_grown_kib=0
  service_processes "$1"
  ((${#service_pids[@]} > 0)) || return 1
  for pid in "${!service_pids[@]}"; do break; done
  if folder=$(control_group "$1" "$pid"); then
    { read -r current <"$folder/memory.current"; } 2>/dev/null || current=0
    while read -r key value; do
      [[ $key != file && $key != slab_reclaimable ]] || files=$((files + value))
    done <"$folder/memory.stat"
    { read -r swapped <"$folder/memory.swap.current"; } 2>/dev/null || swapped=0
    ((current >= files)) || files=$current
    service_held_kib=$(((current - files) / 1024)) service_grown_kib=$(((current - files + swapped) / 1024))
    return 0
  fi
  measure_processes "${!service_pids[@]}"
  for pid in "${!anonymous_of[@]}"; do
    while read -r key value _; do
      if [[ $key == VmSwap: ]]; then swapped=$((swapped + value)); fi
    done 2>/dev/null <"/proc/$pid/status" || true
    service_held_kib=$((service_held_kib + anonymous_of[pid]))
  done
  service_grown_kib=$((service_held_kib + swapped))
}

# Sets grown_service: the service that is furthest beyond its limit of memory, if that, as far as it is not in swap, is at least MINIMUM
# percent of MISSING KiB (S15): a service that starts anew takes what it needs, and that is less than its limit. Empty if there is none.
# Sets service_left of those beyond their limits that are passed over, and by unit what each has.
declare -A restart_tried=() service_left=() held_of_service=()
restarted=0
choose_service() {
  local missing=$1 minimum=$2 service limit_mebibytes beyond most=0
  grown_service='' grown_kib=0 held_of_service=() service_left=()
  for service in ${service_units[@]+"${service_units[@]}"}; do
    [[ -n ${service_memory[$service]-} ]] || continue
    read_service "$service"
    if [[ $service_state != running ]] || ! measure_service "$service"; then continue; fi
    held_of_service[$service]=$service_grown_kib
    limit_mebibytes=${service_memory[$service]}
    beyond=$((service_grown_kib - limit_mebibytes * 1024))
    ((beyond > 0)) || continue
    ((beyond <= service_held_kib)) || beyond=$service_held_kib
    refuse_service "$service"
    if [[ -n ${restart_tried[$service]-} ]]; then
      service_left[$service]=${restart_tried[$service]}
    elif [[ -n $refusal ]]; then
      service_left[$service]="service $refusal"
    elif ((beyond * 100 < missing * minimum)); then
      service_left[$service]='service below-share'
    elif ((restarted >= maximum_restarts)); then
      service_left[$service]='service limit'
    elif (($(restarts_within "$service" 60) >= maximum_restarts)); then
      service_left[$service]='service restarted too often'
    elif ((beyond > most)); then
      most=$beyond grown_service=$service grown_kib=$service_held_kib
    fi
  done
}

# --- who is worth stopping ---

declare -A tried=()
why_left=() stopped=0

# True if PID's owner exempted it from the kernel's own killing where memory is out.
is_exempt() {
  local score
  { read -r score <"/proc/$1/oom_score_adj"; } 2>/dev/null && [[ $score == -1000 ]]
}

# Sets hog: the pid of the process that holds most of those that may be stopped, if its end is expected to give back at least
# MINIMUM percent of MISSING KiB (S15); empty if there is none. Sets why_left of those that hold as much and are passed over.
choose_hog() {
  local missing=$1 minimum=$2 pid worth_it
  hog=''
  for pid in ${by_memory[@]+"${by_memory[@]}"}; do
    [[ -z ${tried[$pid:${start_of[$pid]}]-} ]] || continue
    if ! identify "$pid" || ! is_same "$pid"; then continue; fi
    worth_it=yes
    ((held_kib[pid] * 100 >= missing * minimum && held_kib[pid] > 0)) || worth_it=''
    refuse_process "$pid"
    if [[ -n $refusal ]]; then
      [[ -z $worth_it ]] || why_left[pid]=$refusal
    elif is_exempt "$pid"; then
      [[ -z $worth_it ]] || why_left[pid]='exempt from the OOM killer'
    elif [[ -z $worth_it ]]; then
      why_left[pid]=below-share
    elif ((stopped >= maximum_kills)); then
      why_left[pid]=limit
    else
      hog=$pid
      return 0
    fi
  done
}
