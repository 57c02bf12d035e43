#!/usr/bin/env bash
# Restarts a service that is down, after the services of this instance that it depends on, and sees to it that it stays up. What was
# restarted often enough, or what its manager restarts all the time, is left to a person: one more restart would be the same.
# shellcheck disable=SC2154 # the preamble sets what is not set here
restart_seconds=${SSM_RestartSeconds-100} start_seconds=${SSM_StartSeconds-30} stable_seconds=${SSM_StableSeconds-5}
# All of it together; the script's time-out is longer by what is read before and after.
budget_seconds=420

begin_repair
require_services
require_parameter Service "$service" '[A-Za-z0-9@._:-]{1,92}\.service'
require_parameter Protected "$protected" '((user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100}(;(user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100})*)?'
require_parameter RestartSeconds "$restart_seconds" '[1-9][0-9]{0,2}'
require_parameter StartSeconds "$start_seconds" '[1-9][0-9]{0,2}'
require_parameter StableSeconds "$stable_seconds" '[1-9][0-9]{0,2}'
deadline=$((SECONDS + budget_seconds))
restarted=0

# --- what is told ---

# Prints who listens on PORT though it is not a process of the service that was read: then that cannot have it.
port_holder() {
  local inode entry pid hex
  printf -v hex '%04X' "$1"
  while read -r inode; do
    while IFS= read -r -d '' entry; do
      pid=${entry#/proc/} pid=${pid%%/*}
      [[ -z ${service_pids[pid]-} ]] || continue
      read_process "$pid" && printf 'port %s is held by %s, pid %s\n' "$1" "$(printable_name "$process_name")" "$pid"
      return
    done < <(timeout -k 1 5 find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print0 2>/dev/null || true)
  done < <(awk -v port=":$hex\$" '$4 == "0A" && $2 ~ port { print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null || true)
}

# Reports how SERVICE, which was judged, is, and what it wrote last; WHEN goes into the names.
tell_state() {
  local probe=${service_probe[$1]-} exits=${service_exit:+, last $service_exit}
  report_evidence "state$2" "$service_state ($service_result$exits), restarts by its manager: $service_restarts"
  if [[ $verdict == down && $probe =~ ^(tcp|http)=([0-9]+) ]]; then
    service_processes "$1"
    report_evidence_lines "port$2" < <(port_holder "${BASH_REMATCH[2]}")
  fi
  report_evidence_lines "journal$2" < <(service_journal "$1" "$3")
}

left_seconds() { echo $((deadline - SECONDS)); }

# --- bringing one back ---

# Restarts SERVICE, which was judged to be down, and waits until it is well and stays so. False if it is not; why then says so.
bring_back() {
  local began end times
  why=
  times=$(restarts_within "$1" "$window_minutes")
  if ((service_restarts >= maximum_restarts)) && [[ -n $service_retried || $seen == 'keeps ending'* ]]; then
    # What it waited for may be there only now.
    ((restarted > 0)) || why="its manager restarted it $service_restarts times already"
  elif ((times >= maximum_restarts)); then
    why="was restarted $times times within $window_minutes min already"
  fi
  if [[ -z $why ]] && (($(left_seconds) < restart_seconds + start_seconds + stable_seconds)); then why='no time is left for it'; fi
  [[ -z $why ]] || return 1
  restart_service "$1" "$restart_seconds"
  if [[ -n $why_not ]]; then
    why="must not be restarted: $why_not"
    return 1
  fi
  restarted=$((restarted + 1))
  change_service "$how" "$1"
  end=$((SECONDS + start_seconds))
  while judge "$1" 1 && [[ $verdict != well ]]; do
    # Nobody will start it again: there is nothing to wait for.
    if [[ $service_state == stopped || ($service_state == failed && -z $service_retried) ]] || ((SECONDS >= end)); then break; fi
    sleep 0.5 9>&-
  done
  if [[ $verdict == well ]]; then
    began=$service_main:$service_began end=$((SECONDS + stable_seconds))
    while ((SECONDS < end)); do
      sleep 0.5 9>&-
      read_service "$1"
      [[ $service_state == running && $service_main:$service_began == "$began" ]] || break
    done
    if [[ $service_state != running || $service_main:$service_began != "$began" ]]; then
      judge "$1" 1
      why='ended again within seconds of its restart'
      return 1
    fi
    judge "$1" "$maximum_probes"
    [[ $verdict != well ]] || return 0
  fi
  why="was restarted and is not well: $seen"
  return 1
}

# Prints the services that SERVICE comes after, at whatever remove, in the order in which they come back.
needed_by() {
  local other needed=" ${service_after[$1]-} " i
  for ((i = ${#service_units[@]} - 1; i >= 0; i--)); do
    other=${service_units[i]}
    [[ $needed != *" $other "* ]] || needed+="${service_after[$other]-} "
  done
  for other in "${service_units[@]}"; do
    [[ $needed != *" $other "* ]] || printf '%s\n' "$other"
  done
}

# --- what it depends on, then itself ---

judge "$service" 1
tell_state "$service" Before 5
before=$seen
case $verdict in
well) finish already-healthy "$service $seen" ;;
stopped | off | ended)
  report_left "it $seen: by itself, or a person did it" 1
  finish nothing-to-do "$service $seen, and is left so"
  ;;
absent | unknown) finish unknown "$service: $seen" service-unreadable ;;
esac
refuse_service "$service"
if [[ -n $refusal ]]; then
  report_left "$refusal" 1
  finish nothing-to-do "$service must not be restarted: $refusal"
fi

mapfile -t needed < <(needed_by "$service")
for other in ${needed[@]+"${needed[@]}"}; do
  judge_settled "$other" "$start_seconds" "$maximum_probes"
  case $verdict in
  well | off | absent) continue ;;
  down) ! bring_back "$other" || continue ;;
  *) why="is not well: $seen" ;;
  esac
  report_count restarted "$restarted"
  report_left "its dependency $other $why" 1
  summary="$service was not restarted: it comes after $other, which $why"
  if ((restarted == 0)); then finish nothing-to-do "$summary"; fi
  finish changed "$summary"
done

judge_settled "$service" "$start_seconds" "$maximum_probes"
case $verdict in
well) course="$service is well again by itself" ;;
down)
  if bring_back "$service"; then
    course="$service was restarted: $seen"
  else
    tell_state "$service" After 3
    report_left "$why" 1
    course="$service $before; $why"
  fi
  ;;
*)
  report_left "$seen" 1
  course="$service $seen, and is left to that"
  ;;
esac
report_count restarted "$restarted"
if ((restarted == 0)); then finish nothing-to-do "$course"; fi
finish changed "$course"
