#!/usr/bin/env bash
# Has zombies reaped: first by asking their parents, then by stopping those that the configuration calls expendable, most zombies
# first, one at a time and no more than needed. A zombie cannot be killed; when its parent ends, pid 1 or a subreaper reaps it (S17).
# shellcheck disable=SC2154 # the preamble sets what is not set here
threshold_count=${SSM_ThresholdCount-10}
sample_seconds=${SSM_SampleSeconds-5}
minimum_share_percent=${SSM_MinimumSharePercent-10}
ask_seconds=5
maximum_looked_at=50

begin_repair
require_parameter ThresholdCount "$threshold_count" '[1-9][0-9]{0,6}'
require_parameter SampleSeconds "$sample_seconds" '[1-9][0-9]?'
require_parameter MinimumSharePercent "$minimum_share_percent" '[1-9][0-9]?'
require_stopping_parameters

measure() { sample_zombies "$sample_seconds" || finish unknown 'processes cannot be read any more' processes-unreadable; }

too_many() { ((zombies >= threshold_count)); }

# --- which parent may be asked, which stopped ---

# Sets why PARENT is not to be touched at all; empty if it may be. Identifies it.
refuse_parent() {
  why='' users=()
  if (($1 == 0)); then
    why='parent is outside'
  elif [[ -z ${start_of[$1]-} ]] || ! identify "$1" || ! is_same "$1"; then
    why='parent has just ended'
  elif (($1 == 1)); then
    why='parent is pid 1'
  elif is_container_init; then
    why='parent is pid 1 of a container'
  elif is_protected "$1"; then
    why='parent is protected'
  fi
}

# Prints how many zombies of PARENT another process traces: that one has to let them go before anybody can reap them.
traced() {
  local pid
  for pid in "${!zombie_parent[@]}"; do
    [[ ${zombie_parent[$pid]} != "$1" ]] || printf '/proc/%s/status\0' "$pid"
  done | xargs -0 -r grep -hsE '^TracerPid:' | grep -cvE "[[:space:]](0|$1)$" || true
}

# Sets why PARENT is not to be stopped; empty if it may be. A stop must be expected to free a share of what is too many (S15).
declare -A tried=()
judge() {
  local count=${zombies_of[$1]} least
  least=$(((zombies - threshold_count + 1) * minimum_share_percent))
  why=${tried[$1:${start_of[$1]-}]-}
  [[ -z $why ]] || return 0
  refuse_parent "$1"
  [[ -z $why ]] || return 0
  if ! listed expendable "$expendable"; then
    why='parent is not expendable'
  elif ((count * 100 < least)); then
    why='parent has too few of them'
  elif (((count - $(traced "$1")) * 100 < least)); then
    why='a tracer holds them'
  elif too_many && ((stopped >= maximum_kills)); then
    why='limit of stopped parents'
  fi
}

# One line of each of the parents with most zombies: pid, name and user alone, for arguments carry passwords (S31).
parents() {
  local parent user
  for parent in ${by_zombies[@]+"${by_zombies[@]:0:4}"}; do
    judge "$parent"
    user=unseen
    [[ -z ${users[1]-} ]] || user=$(user_name "${users[1]}")
    printf '%s %s %s: %s%s\n' "$parent" "$(parent_name "$parent")" "$user" "${zombies_of[$parent]}" "${why:+, cannot reap: $why}"
  done
}

# --- asking ---

# True if PID catches SIGCHLD, or blocks it to read it otherwise; to any other it means nothing.
heeds_sigchld() {
  local key value bit
  bit=$((1 << ($(kill -l CHLD) - 1)))
  while IFS=$'\t' read -r key value; do
    [[ $key == SigBlk: || $key == SigCgt: ]] || continue
    if ((16#$value & bit)); then return 0; fi
  done 2>/dev/null <"/proc/$1/status"
  return 1
}

# Tells parents once more what the kernel told them when each child ended; one that merely missed it reaps now. Harmless, and so
# not for the expendable alone. Who reaps one child each time is told again as long as that helps.
reaped=0
ask_to_reap() {
  local parent before count idle=0 end=$((SECONDS + ask_seconds)) asked=() user_of=()
  for parent in "${by_zombies[@]:0:maximum_looked_at}"; do
    refuse_parent "$parent"
    if [[ -z $why ]] && heeds_sigchld "$parent"; then asked[parent]=${zombies_of[parent]} user_of[parent]=${users[1]}; fi
  done
  report_count asked "${#asked[@]}"
  ((${#asked[@]} > 0)) || return 0
  while too_many && ((idle < 5 && SECONDS < end)); do
    before=$zombies
    for parent in "${!asked[@]}"; do
      ((${zombies_of[parent]-0} == 0)) || signal_process CHLD "$parent" || true
    done
    sleep 0.2 9>&-
    count_zombies
    if ((zombies < before)); then idle=0; else idle=$((idle + 1)); fi
  done
  for parent in "${!asked[@]}"; do
    count=$((asked[parent] - ${zombies_of[parent]-0}))
    if ((count <= 0)) || ! is_same "$parent"; then continue; fi
    reaped=$((reaped + count))
    ((${#changes[@]} >= 20)) || change_process reaped "$parent" "${user_of[parent]}" zombies "$count"
  done
  measure
}

# --- what is done, most zombies first ---

stopped=0
measure
too_many || finish already-healthy "no longer unhealthy: zombies: $zombies, limit $threshold_count"
before=$zombies
report_evidence_lines parentsBefore < <(parents)
ask_to_reap

while too_many; do
  candidate=
  for parent in "${by_zombies[@]:0:maximum_looked_at}"; do
    judge "$parent"
    [[ -n $why ]] || candidate=$parent
    [[ -z $candidate ]] || break
  done
  [[ -n $candidate ]] || break
  candidate_user=${users[1]} candidate_zombies=${zombies_of[candidate]} candidate_key=$candidate:${start_of[candidate]}
  stop_process "$candidate"
  tried[$candidate_key]="parent: ${why_not:-${how:-gone}}"
  if [[ -n $how ]]; then
    stopped=$((stopped + 1))
    change_process "$how" "$candidate" "$candidate_user" zombies "$candidate_zombies"
  fi
  measure
done

# --- what was done ---

report_evidence_lines parentsAfter < <(parents)
report_count reaped "$reaped"
report_count stopped "$stopped"
for parent in ${by_zombies[@]+"${by_zombies[@]:0:maximum_looked_at}"}; do
  judge "$parent"
  report_left "${why:+cannot reap: }${why:-below the limit}" "${zombies_of[$parent]}"
done
course="zombies $before -> $zombies; reaped when asked: $reaped, parents stopped: $stopped"
if too_many; then course+='; cannot reap the rest'; fi
if ((reaped + stopped == 0)); then finish nothing-to-do "$course"; fi
finish changed "$course"
