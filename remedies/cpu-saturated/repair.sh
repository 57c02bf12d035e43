#!/usr/bin/env bash
# Stops what the configuration calls expendable, worst first, one at a time and no more than needed; eases the rest.
# shellcheck disable=SC2154 # the preamble sets what is not set here
threshold_percent=${SSM_ThresholdPercent-95}
sample_seconds=${SSM_SampleSeconds-3}
minimum_share_percent=${SSM_MinimumSharePercent-10}
eased_nice=10
maximum_eased=5

begin_repair
require_parameter ThresholdPercent "$threshold_percent" '[1-9][0-9]?'
require_parameter SampleSeconds "$sample_seconds" '[1-9][0-9]?'
require_parameter MinimumSharePercent "$minimum_share_percent" '[1-9][0-9]?'
require_stopping_parameters

# Reports WHAT was done to PID of user id USER.
change() { change_process "$1" "$2" "$3" cpuPercent "$(tenths "${share_tenths[$2]}")"; }

why_left=()
tell_left() {
  local pid
  for pid in "${!why_left[@]}"; do report_left "${why_left[$pid]}" 1; done
}

measure() {
  if ! sample_cpu "$sample_seconds"; then
    tell_left
    finish unknown 'the cpu cannot be read any more' cpu-unreadable
  fi
}

is_saturated() { ((busy_tenths >= threshold_percent * 10)); }

# Names and shares alone: arguments and environments carry passwords (S31).
top_processes() {
  local pid more
  for pid in ${by_share[@]+"${by_share[@]:0:10}"}; do
    identify "$pid" || continue
    more=
    ((brief_tenths[pid] == 0)) || more=", $(tenths "${brief_tenths[pid]}") % by children that came and went"
    [[ -z $container ]] || more+=", in container $container"
    printf '%s %s %s %s %%%s\n' "$pid" "$(printable_name "${name_of[$pid]}")" "$(user_name "${users[1]}")" \
      "$(tenths "${share_tenths[$pid]}")" "$more"
  done
}

# Why PID is left, with what it does: where the time is that of what it starts, it is the cause.
leave() {
  why_left[$1]=$2
  is_brief "$1" || return 0
  if (($1 == 1)); then
    why_left[$1]+=': reaped short-lived processes that use the cpu, whose parents are gone'
  else
    why_left[$1]+=': starts the short-lived processes that use the cpu'
  fi
}

measure
report_evidence busyBefore "$(tenths "$busy_tenths") %"
report_evidence_lines topBefore < <(top_processes)
((unseen_tenths < minimum_share_percent * 10)) ||
  report_evidence unseen "$(tenths "$unseen_tenths") % by processes that came and went and that nobody waited for"
busy_before=$busy_tenths

# A deficit is at most the whole CPU, so who uses the minimum share of the whole frees at least that share of the deficit (S15).
stopped=0
declare -A tried=()
while is_saturated; do
  candidate=
  for pid in ${by_share[@]+"${by_share[@]}"}; do
    [[ -z ${tried[$pid:${start_of[$pid]}]-} ]] || continue
    if ! identify "$pid" || ! is_same "$pid"; then continue; fi
    refuse_process "$pid"
    if [[ -n $refusal ]]; then
      ((share_tenths[pid] < minimum_share_percent * 10)) || leave "$pid" "$refusal"
    elif ((share_tenths[pid] < minimum_share_percent * 10)); then
      why_left[pid]=below-share
    elif ((stopped >= maximum_kills)); then
      leave "$pid" limit
    else
      candidate=$pid candidate_user=${users[1]}
      break
    fi
  done
  [[ -n $candidate ]] || break
  tried[$candidate:${start_of[$candidate]}]=yes
  unset "why_left[$candidate]"
  stop_process "$candidate"
  if [[ -n $how ]]; then
    stopped=$((stopped + 1))
    change "$how" "$candidate" "$candidate_user"
  elif [[ -n $why_not ]]; then
    why_left[candidate]=$why_not
  fi
  measure
done

# --- easing what may not be stopped ---

# Lowers the priority of PID's threads that have the process's own; a priority is a thread's, and renice takes one at a time.
# Recorded first, so that even an attempt that is killed here can be undone.
eased=0
if is_saturated; then
  for pid in ${by_share[@]+"${by_share[@]}"}; do
    ((eased < maximum_eased && share_tenths[pid] >= minimum_share_percent * 10)) || break
    if ! identify "$pid" || ! is_same "$pid" || is_protected "$pid" || ((process_nice >= eased_nice)); then continue; fi
    nice=$process_nice
    printf '%s %s %s %s\n' "$pid" "$process_start" "$nice" "$(printable_name "$process_name")" >>"$state_folder/eased"
    renice_threads "$pid" "$nice" "$eased_nice" || continue
    eased=$((eased + 1))
    change eased "$pid" "${users[1]}"
  done
  ((eased == 0)) || measure
fi

# --- what was done ---

report_evidence busyAfter "$(tenths "$busy_tenths") %"
report_count stopped "$stopped"
report_count eased "$eased"
tell_left
course="cpu $(tenths "$busy_before") % -> $(tenths "$busy_tenths") % busy"
if ((stopped + eased == 0)); then
  finish nothing-to-do "$course: nothing was found that may be stopped or eased"
fi
finish changed "$course; processes stopped: $stopped, eased: $eased"
