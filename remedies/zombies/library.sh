#!/usr/bin/env bash
# What check.sh and repair.sh share: which zombies there are that their parents leave unreaped.
# shellcheck disable=SC2034,SC2154 # the scripts read what is set here, and the preamble sets the rest

# How many; by pid of each its start time and its parent; by pid of each parent how many it has; the parents, most zombies first.
zombies=0 zombie_start=() zombie_parent=() zombies_of=() by_zombies=()

# Finds the zombies that stay for SECONDS: for an instant, every process that ends is one. False if processes cannot be read.
sample_zombies() {
  local entry pid
  zombie_start=() start_of=() name_of=()
  for entry in /proc/[0-9]*/stat; do
    pid=${entry//[!0-9]/}
    if read_process "$pid" && has_ended; then zombie_start[pid]=$process_start; fi
  done
  sleep "$1" 9>&- # a sleep that outlives us must not hold our lock
  # The script itself is the test of the reading.
  read_process "$$" && count_zombies
}

# Counts those that were found and are still there, by the parent that each has now.
count_zombies() {
  local pid parent
  zombies=0 zombie_parent=() zombies_of=() by_zombies=()
  for pid in "${!zombie_start[@]}"; do
    if ! read_process "$pid" || ! has_ended || [[ $process_start != "${zombie_start[$pid]}" ]]; then
      unset "zombie_start[$pid]"
      continue
    fi
    zombies=$((zombies + 1)) parent=$process_parent
    zombie_parent[pid]=$parent zombies_of[parent]=$((${zombies_of[parent]-0} + 1))
    [[ -z ${start_of[parent]-} ]] || continue
    # A parent is older than its children: one that is not got the pid after the parent had gone (S16).
    if read_process "$parent" && ((process_start <= zombie_start[pid])); then
      start_of[parent]=$process_start name_of[parent]=$process_name
    fi
  done
  mapfile -t by_zombies < <(
    for parent in "${!zombies_of[@]}"; do printf '%s %s\n' "${zombies_of[$parent]}" "$parent"; done |
      sort -k1,1nr -k2,2n | cut -d ' ' -f 2
  )
}

# The name of PARENT as it may be shown: arguments carry passwords (S31).
parent_name() { printable_name "${name_of[$1]-unseen}"; }
