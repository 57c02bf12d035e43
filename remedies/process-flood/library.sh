#!/usr/bin/env bash
# What check.sh, repair.sh and undo.sh share: how many processes there are, and letting go of those that are held.
# Where there are too many of them no other may be to be had: between the lock and the last signal nothing here starts one.
# shellcheck disable=SC2034,SC2154 # the scripts read what is set here, and the preamble sets the rest

# Reads all processes. Sets total, as the agent counts them; how many of these are kernel_threads and zombies; by pid of the others
# start_of, name_of, parent_of and group_of (the process group). False if processes cannot be read.
take_census() {
  local entry pid
  total=0 kernel_threads=0 zombies=0 start_of=() name_of=() parent_of=() group_of=()
  for entry in /proc/[0-9]*; do
    pid=${entry##*/}
    read_process "$pid" || continue
    total=$((total + 1))
    if ((process_flags & 0x200000)); then # PF_KTHREAD
      kernel_threads=$((kernel_threads + 1))
    elif has_ended; then
      zombies=$((zombies + 1))
    else
      start_of[pid]=$process_start name_of[pid]=$process_name parent_of[pid]=$process_parent group_of[pid]=$process_group
    fi
  done
  # The script itself is the test of the reading.
  [[ -n ${start_of[$$]-} ]]
}

# Sets tally_id to the number of WORD in the tally, which has tally_words and tally_counts by that number, and counts it. A word that
# somebody else chose is a key of a list and nothing more: in arithmetic bash would carry out what it says.
tally_words=() tally_counts=()
declare -A tally_ids=()
clear_tally() { tally_words=() tally_counts=() tally_ids=(); }
count_word() {
  tally_id=${tally_ids[x$1]-} # a key must not be empty
  if [[ -z $tally_id ]]; then
    tally_id=${#tally_words[@]}
    tally_ids[x$1]=$tally_id tally_words[tally_id]=$1 tally_counts[tally_id]=0
  fi
  tally_counts[tally_id]=$((tally_counts[tally_id] + 1))
}

# Sets most to the numbers of the COUNT words that were counted most often, these first.
find_most() {
  local id best n
  local -A taken=()
  most=()
  for ((n = $1; n > 0; n--)); do
    best=
    for id in "${!tally_counts[@]}"; do
      [[ -z ${taken[$id]-} ]] || continue
      if [[ -z $best ]] || ((tally_counts[id] > tally_counts[best])); then best=$id; fi
    done
    [[ -n $best ]] || return 0
    taken[$best]=yes most+=("$best")
  done
}

# Lets those go on that an attempt holds by SIGSTOP, or left held when it was killed: they stand in the record, by pid and start
# time, since before they were held. Sets let_go to how many. Starts no process.
let_go_of_held() {
  local pid start
  let_go=0
  [[ -s $state_folder/held ]] || return 0
  while read -r pid start; do
    [[ "$pid $start" =~ ^[0-9]+\ [0-9]+$ ]] || continue
    start_of[pid]=$start
    if is_same "$pid" && [[ $process_state == T ]] && kill -s CONT "$pid" 2>/dev/null; then let_go=$((let_go + 1)); fi
  done <"$state_folder/held"
  : >"$state_folder/held"
}

# --- what is told ---

# Sets seen to what most processes have in common, by name, user, unit and parent: `by`, word and count by turns. Starts no process.
count_seen() {
  local by pid id word
  seen=()
  for by in name user unit parent; do
    clear_tally
    for pid in "${!start_of[@]}"; do
      case $by in
      name) word=${name_of[pid]} ;;
      user) word=${user_of[pid]-unseen} ;;
      unit) word=${unit_of[pid]-unseen} ;;
      parent) word=${parent_of[pid]} ;;
      esac
      count_word "$word"
    done
    find_most 3
    for id in ${most[@]+"${most[@]}"}; do
      word=${tally_words[id]}
      [[ $by != parent || -z ${name_of[word]-} ]] || word+=" ${name_of[word]}"
      seen+=("$by" "$word" "${tally_counts[id]}")
    done
  done
}

# PID NAME, as it may be shown.
process_words() { printf '%s %s' "${1%% *}" "$(printable_name "${1#* }")"; }

# A line each of what was seen. Arguments are left out, for they carry passwords (S31).
seen_lines() {
  local last='' word
  while (($# > 0)); do
    word=$2
    [[ $1 != user || $word == unseen ]] || word=$(user_name "$word")
    if [[ $1 == parent ]]; then word=$(process_words "$word"); else word=$(printable_name "$word"); fi
    if [[ $1 == "$last" ]]; then printf ', %s %s' "$word" "$3"; else printf '%sby %s: %s %s' "${last:+$'\n'}" "$1" "$word" "$3"; fi
    last=$1
    shift 3
  done
  printf '\n'
}

# Counts, of the processes of a source, those that a process outside of it started: sets starter to the one that started most.
find_starter() {
  local pid parent
  clear_tally
  starter='' starter_refusal=''
  for pid in "${!source_of[@]}"; do
    parent=${parent_of[pid]}
    if [[ ${source_of[pid]} == "$candidate" && ${source_of[parent]-} != "$candidate" ]] && ((parent > 1)); then count_word "$parent"; fi
  done
  find_most 1
  ((${#most[@]} > 0)) || return 0
  parent=${tally_words[${most[0]}]}
  starter="$parent ${name_of[parent]-unseen}" starter_refusal=${refusal_of[parent]-unseen}
}

# Reports what is left of what may not be stopped, where there is so much of one kind that it would have been worth it.
tell_left() {
  local pid source
  local -A kind_size=()
  for pid in "${!refusal_of[@]}"; do
    [[ -z ${own[pid]-} ]] || continue
    may_be_stopped "$pid" || kind_size[${kind_of[pid]}]=$((${kind_size[${kind_of[pid]}]-0} + 1))
  done
  for pid in "${!refusal_of[@]}"; do
    if may_be_stopped "$pid" || [[ -n ${own[pid]-} ]] || ((${kind_size[${kind_of[pid]}]} * 100 < least)); then continue; fi
    report_left "${refusal_of[pid]}" 1
  done
  for source in "${!size_of[@]}"; do
    if [[ -n ${tried[$source]-} ]]; then report_left 'there again after it was stopped' "${size_of[$source]}"
    elif ((${size_of[$source]} * 100 < least)); then report_left 'too few to be worth it' "${size_of[$source]}"
    else report_left 'limit of stopped sources' "${size_of[$source]}"
    fi
  done
  report_left 'zombies: their parents have to reap them' "$zombies"
  report_left 'kernel threads' "$kernel_threads"
  report_left 'not looked at in time' $((${#start_of[@]} - ${#refusal_of[@]}))
}
