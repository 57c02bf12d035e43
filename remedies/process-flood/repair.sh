#!/usr/bin/env bash
# Finds what multiplies among what may be stopped, holds all of it by SIGSTOP until no new one appears, and stops it; one source
# after the other, no more than needed. Signals alone, one by one, lose against processes that start others.
# shellcheck disable=SC2154 # the preamble sets what is not set here
threshold_count=${SSM_ThresholdCount-1000}
sample_seconds=${SSM_SampleSeconds-2}
minimum_share_percent=${SSM_MinimumSharePercent-10}
longest_hold_seconds=10
longest_judging_seconds=20

# Where no process can be started bash tries for 15 s and then ends, with 254 (before 5: 126). To become another program takes no
# process: the script begins anew, as one that was killed and is run again, and so has some minutes to start its first few.
begun=${SELF_HEALING_BEGUN-1}
begin_anew() {
  if (($1 != 254 && $1 != 126)) || ((begun >= 5)) || [[ ! -r $0 ]]; then return 0; fi
  printf 'no process could be started; the script begins anew\n' >&2
  export SELF_HEALING_BEGUN=$((begun + 1))
  exec "$BASH" "$0"
}
trap 'begin_anew $?' EXIT
at_exit() {
  local code=$?
  let_go_of_held
  begin_anew "$code"
}

begin_repair
require_parameter ThresholdCount "$threshold_count" '[1-9][0-9]{0,6}'
require_parameter SampleSeconds "$sample_seconds" '[1-9][0-9]?'
require_parameter MinimumSharePercent "$minimum_share_percent" '[1-9][0-9]?'
require_stopping_parameters

# Nobody ever writes there: what to wait at without starting a `sleep`.
exec {rest}<> <(:)
wait "$!" 2>/dev/null || true # so that it is not taken for one of the flood; before bash 4.4 it cannot be waited for
wait_tenths() { read -r -t "$(($1 / 10)).$(($1 % 10))" -u "$rest" || true; }

measure() { take_census || finish unknown 'processes cannot be read any more' processes-unreadable; }
too_many() { ((total >= threshold_count)); }

# Measures anew once those that were stopped have been reaped, which pid 1 may take some time for; at most SECONDS.
measure_settled() {
  local end=$((SECONDS + $1)) before=-1
  while measure && too_many && ((zombies > 0 && zombies != before && SECONDS < end)); do
    before=$zombies
    wait_tenths 5
  done
}

# --- whose they are ---

# Sets kind to the number of what the identified process runs, as whom, in which unit. Numbers, for these are words that it chose.
declare -A kinds=()
set_kind() {
  local words="x${commands[*]-}/${users[*]}/$unit"
  kind=${kinds[$words]-}
  if [[ -z $kind ]]; then
    kind=$((${#kinds[@]} + 1))
    kinds[$words]=$kind
  fi
}

# Looks at every process: who it is, and why it must not be stopped (refusal_of; empty if it may be).
judge_all() {
  local pid end=$((SECONDS + longest_judging_seconds))
  refusal_of=() kind_of=() user_of=() unit_of=()
  for pid in "${!start_of[@]}"; do
    ((SECONDS < end)) || break
    if ! identify "$pid" || ! is_same "$pid"; then continue; fi
    refuse_process "$pid"
    set_kind
    refusal_of[pid]=$refusal kind_of[pid]=$kind user_of[pid]=${users[1]} unit_of[pid]=${unit:-none}
  done
}

may_be_stopped() { [[ -n ${refusal_of[$1]+judged} && -z ${refusal_of[$1]} ]]; }

# Sets source_of each process that may be stopped, and size_of each source. What belongs together: a tree of processes that all may be
# stopped; trees of one kind in one process group, as those are whose parents have ended; or, where these are too few to be worth it,
# all of one kind. So a source may be large though no tree in it is.
declare -A size_of=()
find_sources() {
  local pid top parent source climbed root_of=()
  local -A group_size=()
  least=$(((total - threshold_count + 1) * minimum_share_percent))
  source_of=() size_of=()
  for pid in "${!refusal_of[@]}"; do
    may_be_stopped "$pid" || continue
    top=$pid climbed=()
    while [[ -z ${root_of[top]-} ]]; do
      climbed+=("$top") parent=${parent_of[top]}
      # A parent is older than its children: one that is not got the pid after the parent had gone (S16).
      if may_be_stopped "$parent" && ((start_of[parent] <= start_of[top] && ${#climbed[@]} < 5000)); then
        top=$parent
      else
        root_of[top]=$top
      fi
    done
    for parent in "${climbed[@]}"; do root_of[parent]=${root_of[top]}; done
    top=${root_of[pid]}
    source=${group_of[top]}:${kind_of[top]}
    group_size[$source]=$((${group_size[$source]-0} + 1))
  done
  for pid in "${!root_of[@]}"; do
    top=${root_of[pid]}
    source=${group_of[top]}:${kind_of[top]}
    if ((${group_size[$source]} * 100 < least)); then source=any:${kind_of[top]}; fi
    source_of[pid]=$source
    size_of[$source]=$((${size_of[$source]-0} + 1))
  done
}

# Sets births_of each source: how many of it were not there before the sample.
declare -A births_of=()
find_births() {
  local pid source
  births_of=()
  for pid in "${!source_of[@]}"; do
    source=${source_of[pid]}
    [[ ${earlier[pid]-} == "${start_of[pid]}" ]] || births_of[$source]=$((${births_of[$source]-0} + 1))
  done
}

# Sets candidate to the source to stop next, if there is one: what multiplies before what does not, the larger before the smaller. To stop
# it must be expected to free a share of what is too many (S15).
declare -A tried=()
choose_source() {
  local source rank best=0
  candidate=
  for source in "${!size_of[@]}"; do
    [[ -z ${tried[$source]-} ]] || continue
    ((${size_of[$source]} * 100 >= least)) || continue
    rank=${size_of[$source]}
    if ((${births_of[$source]-0} > 2)); then rank=$((rank + 10000000)); fi
    if ((rank > best)); then best=$rank candidate=$source; fi
  done
}

# --- holding all of a source ---

# Of the candidate: who belonged to it when it was found and of what groups and kinds these were, whom of it we leave alone; by pid of
# those that are held their start times.
declare -A member=() member_groups=() member_kinds=() excluded=()
held=()

# Holds PID, which was read and identified; recorded first, for an attempt that is killed here.
hold_one() {
  start_of[$1]=$process_start name_of[$1]=$process_name
  held[$1]=$process_start user_of[$1]=${users[1]} unit_of[$1]=${unit:-none}
  [[ $process_state != T ]] || return 0 # somebody else holds it, and will know why
  printf '%s %s\n' "$1" "$process_start" >>"$state_folder/held"
  signal_process STOP "$1" || true
}

# True if the PID that was read belongs to the source, as far as it can be told before it is identified.
may_belong() {
  local parent=$process_parent
  [[ -n ${member[$1:$process_start]-} || $candidate == any:* || -n ${member_groups[$process_group]-} ]] ||
    { [[ -n ${held[$parent]-} ]] && ((held[parent] <= process_start)); }
}

# True if the identified PID that was read belongs to the source: it did when the source was found; a member started it; or it is of
# its kind and in its group.
belongs() {
  local parent=$process_parent
  [[ -z ${member[$1:$process_start]-} ]] || return 0
  if [[ -n ${held[$parent]-} ]] && ((held[parent] <= process_start)); then return 0; fi
  [[ -n ${member_kinds[$kind]-} ]] && [[ $candidate == any:* || -n ${member_groups[$process_group]-} ]]
}

# Holds PID if it belongs to the candidate and may be stopped. Counts in found those that the source itself started, and that were gone
# before they were held.
look_at() {
  local parent
  read_process "$1" || return 0
  [[ ${held[$1]-} != "$process_start" && -z ${excluded[$1:$process_start]-} ]] || return 0
  if has_ended || ((process_flags & 0x200000)) || ! may_belong "$1"; then return 0; fi # PF_KTHREAD
  parent=$process_parent
  if identify "$1"; then
    set_kind
    belongs "$1" || return 0
    refuse_process "$1"
    [[ -z $refusal ]] || return 0
    hold_one "$1"
  fi
  # Who is started from outside does not show that the source multiplies.
  if ((parent == 1)) || [[ -n ${held[parent]-} ]]; then found=$((found + 1)); fi
}

# Holds all of the candidate, again and again until twice no new one appears: who is held starts no others. Sets multiplies to how
# often some were new. Where each starts the next and ends, the newest pids are looked at too: a list of all is old when it is read.
# Starts no process.
hold_source() {
  local entry last chases quiet=0 found end=$((SECONDS + longest_hold_seconds))
  multiplies=0
  while ((quiet < 2 && SECONDS < end)); do
    found=0
    for entry in /proc/[0-9]*; do look_at "${entry##*/}"; done
    for ((chases = multiplies > 1 ? 40 : 4; chases > 0; chases--)); do
      { read -r last </proc/sys/kernel/ns_last_pid || read -r _ _ _ _ last </proc/loadavg; } 2>/dev/null || break
      for ((entry = last; entry > last - 4 && entry > 1; entry--)); do look_at "$entry"; done
    done
    if ((found > 0)); then multiplies=$((multiplies + 1)) quiet=0; else quiet=$((quiet + 1)); fi
  done
}

# Looks at all that is held once more, now that it can change no more, and lets go of what may not be stopped after all.
verify_held() {
  local pid
  for pid in "${!held[@]}"; do
    if is_same "$pid" && identify "$pid"; then
      refuse_process "$pid"
      [[ -n $refusal ]] || continue
      signal_process CONT "$pid" || true
    fi
    unset "held[$pid]"
  done
}

# Waits until none of those that are held is there any more, at most TENTHS of a second. Takes those that have gone off the list, and
# counts them in gone.
wait_for_held() {
  local pid tenths
  for ((tenths = $1; ; tenths--)); do
    for pid in "${!held[@]}"; do
      is_same "$pid" && continue
      unset "held[$pid]"
      gone=$((gone + 1))
    done
    ((${#held[@]} > 0 && tenths > 0)) || return 0
    wait_tenths 1
  done
}

signal_held() {
  local pid
  for pid in "${!held[@]}"; do signal_process "$1" "$pid" || true; done
}

# --- stopping it ---

# Has the managers of units restart those whose main process belongs to the source: they would start it again behind our back. Where a
# unit holds what may not be stopped its main process is left alone. What the restarted unit starts is of the same kind, and no member.
restart_units() {
  local pid main its_unit code
  local -A asked=()
  command -v systemctl >/dev/null || return 0
  for pid in "${!source_of[@]}"; do
    its_unit=${unit_of[pid]}
    if [[ ${source_of[pid]} != "$candidate" || $its_unit != *.service || -n ${asked[$its_unit]-} ]] || ((parent_of[pid] != 1)); then continue; fi
    main=$(timeout -k 1 10 systemctl show -p MainPID "$its_unit" 2>/dev/null 9>&-) || main=
    if [[ $main != "MainPID=$pid" ]] || ! is_same "$pid"; then continue; fi
    asked[$its_unit]=yes
    if ! unit_is_expendable "$its_unit"; then
      excluded["$pid:${start_of[pid]}"]=yes
      report_left 'main process of a unit that holds processes that are not expendable' 1
      continue
    fi
    is_same "$pid" || continue
    code=0
    timeout -k 1 60 systemctl restart "$its_unit" >/dev/null 2>&1 9>&- || code=$?
    case $code in
    0) how=restarted ;;
    124 | 137) how=restart-asked ;; # the manager goes on with it
    *) report_left 'unit that would not restart' 1 ;;
    esac
    member_groups=() member_kinds=()
    ((${#asked[@]} < 3)) || return 0
  done
}

# Stops the candidate: holds all of it, then TERM and, after a wait, KILL; KILL at once where it multiplies faster than it is held.
# Sets how, to the last that was needed, leader (its oldest process), gone and, of what would not stop, stuck.
stop_source() {
  local pid
  how='' gone=0 stuck=0 leader='' held=() member=() member_groups=() member_kinds=() excluded=()
  tried[$candidate]=yes
  for pid in "${!source_of[@]}"; do
    [[ ${source_of[pid]} == "$candidate" ]] || continue
    member["$pid:${start_of[pid]}"]=yes member_groups["${group_of[pid]}"]=yes member_kinds["${kind_of[pid]}"]=yes
    if [[ -z $leader ]] || ((start_of[pid] < start_of[leader])); then leader=$pid; fi
  done
  leader_name=${name_of[leader]} leader_user=${user_of[leader]} leader_unit=${unit_of[leader]}
  restart_units
  : >"$state_folder/held"
  hold_source
  verify_held
  if ((multiplies < 3 && ${#held[@]} > 0)); then
    how=terminated
    signal_held TERM
    signal_held CONT
    wait_for_held $((term_wait_seconds * 10))
    for pid in "${!held[@]}"; do member["$pid:${held[pid]}"]=yes; done
    held=()
    hold_source
    verify_held
  fi
  if ((${#held[@]} > 0)); then
    how=killed
    signal_held KILL
    wait_for_held 20
    stuck=${#held[@]} # waiting in the kernel, where no signal reaches
  fi
  let_go_of_held
}

# --- what is done, what multiplies first ---

look_up_listed "$expendable"
look_up_listed "$protected"
# Among a thousand that want the CPU we would get a thousandth of it.
renice -n -20 -p $$ >/dev/null 2>&1 9>&- || true
measure
earlier=()
for pid in "${!start_of[@]}"; do earlier[pid]=${start_of[$pid]}; done
wait_tenths $((sample_seconds * 10))
measure
too_many || finish already-healthy "no longer unhealthy: processes: $total, limit $threshold_count"
before=$total
judge_all
find_sources
find_births
count_seen
seen_before=("${seen[@]}")

stopped=0 processes_stopped=0 leaders=() told=()
while too_many && ((stopped < maximum_kills)); do
  choose_source
  [[ -n $candidate ]] || break
  find_starter
  births=${births_of[$candidate]-0} stopped=$((stopped + 1))
  stop_source
  processes_stopped=$((processes_stopped + gone))
  leaders+=("$leader" "$leader_name" "$leader_user" "$leader_unit" "${how:-gone}" "$gone" "$births" "$starter" "$starter_refusal")
  report_left 'would not stop' "$stuck"
  measure_settled 5
  judge_all
  find_sources
done

# --- what was done ---

# Before anything is told, for which processes are started.
unread='' seen=()
if take_census; then
  judge_all
  count_seen
else
  unread=yes
fi
report_evidence_lines mostBefore < <(seen_lines "${seen_before[@]}")
for ((place = 0; place < ${#leaders[@]}; place += 9)); do
  pid=${leaders[place]} name_of[pid]=${leaders[place + 1]}
  change_process "${leaders[place + 4]}" "$pid" "${leaders[place + 2]}" processes "${leaders[place + 5]}"
  line="$pid $(printable_name "${leaders[place + 1]}"), unit $(printable_name "${leaders[place + 3]}"): ${leaders[place + 5]} ${leaders[place + 4]}"
  line+=", new in $sample_seconds s: ${leaders[place + 6]}"
  [[ -z ${leaders[place + 7]} ]] || line+=", started by $(process_words "${leaders[place + 7]}"): ${leaders[place + 8]}"
  told+=("$line")
done
((${#told[@]} == 0)) || report_evidence_lines sources < <(printf '%s\n' "${told[@]}")
[[ -z $unread ]] || finish unknown 'processes cannot be read any more' processes-unreadable
report_evidence_lines mostAfter < <(seen_lines "${seen[@]}")
report_count stopped "$stopped"
report_count processesStopped "$processes_stopped"
if too_many; then tell_left; else report_left 'below the limit' "$total"; fi
course="processes $before -> $total, limit $threshold_count; sources stopped: $stopped, processes in them: $processes_stopped"
if ((stopped == 0)); then finish nothing-to-do "$course"; fi
finish changed "$course"
