#!/usr/bin/env bash
# Are there at least SSM_ThresholdCount zombies that nobody reaps within SSM_SampleSeconds?
# shellcheck disable=SC2154 # the preamble sets what is not set here
verdict=2
seen='processes could not be read'
# Whatever ends this script, one line and a verdict: a crash must not look like "unhealthy".
trap 'printf "%.80s\n" "$seen"; exit "$verdict"' EXIT

limit=${SSM_ThresholdCount-10}
seconds=${SSM_SampleSeconds-5}
if ! [[ $limit =~ ^[1-9][0-9]{0,6}$ && $seconds =~ ^[1-9][0-9]?$ ]]; then
  seen='a parameter is not of its pattern'
  exit
fi
sample_zombies "$seconds" || exit
if ((zombies >= limit)); then verdict=1; else verdict=0; fi
seen="zombies: $zombies, limit $limit"
if ((zombies > 0)); then
  seen+=", most of $(parent_name "${by_zombies[0]}"): ${zombies_of[${by_zombies[0]}]}"
fi
