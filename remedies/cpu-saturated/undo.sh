#!/usr/bin/env bash
# Gives back the priorities that repair.sh lowered, where the process is still the same one, and forgets the record.
# shellcheck disable=SC2154 # the preamble sets what is not set here
eased_nice=10

begin_undo
restored=0
if [[ -f $state_folder/eased ]]; then
  while read -r pid start nice name; do
    [[ "$pid $start $nice" =~ ^[0-9]+\ [0-9]+\ -?[0-9]+$ ]] || continue
    if ! read_process "$pid" || [[ $process_start != "$start" ]]; then
      report_left 'gone since' 1
    elif renice_threads "$pid" "$eased_nice" "$nice"; then
      restored=$((restored + 1))
      ((${#changes[@]} >= 20)) || changes+=("{\"what\":\"restored\",\"pid\":$pid,\"comm\":$(json_string "$name"),\"nice\":$nice}")
    else
      report_left 'its priority was changed since' 1
    fi
  done <"$state_folder/eased"
  rm -f -- "$state_folder/eased"
fi
report_count restored "$restored"
((restored > 0)) || finish nothing-to-do 'no priority was to be given back'
finish changed "priority given back to processes: $restored"
