#!/usr/bin/env bash
# Are there at least SSM_ThresholdCount processes? Counted as the agent does, with kernel threads and zombies.
# shellcheck disable=SC2154 # the preamble sets what is not set here
verdict=2
seen='processes could not be read'
# Whatever ends this script, one line and a verdict: a crash must not look like "unhealthy".
trap 'printf "%.80s\n" "$seen"; exit "$verdict"' EXIT

limit=${SSM_ThresholdCount-1000}
if ! [[ $limit =~ ^[1-9][0-9]{0,6}$ ]]; then
  seen='a parameter is not of its pattern'
  exit
fi
take_census || exit
if ((total >= limit)); then verdict=1; else verdict=0; fi
seen="processes: $total, limit $limit"
for pid in "${!name_of[@]}"; do count_word "${name_of[$pid]}"; done
find_most 1
# The verdict stands before this, for a process is started to take the name: where none is to be had, it is left out.
shown=$(printable_name "${tally_words[${most[0]}]}")
seen+=", most are $shown: ${tally_counts[${most[0]}]}"
