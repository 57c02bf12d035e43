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
