#!/usr/bin/env bash
# Are there SSM_ThresholdCount or more locks in SSM_LockFolder that are older than SSM_AgeMinutes?
# shellcheck disable=SC2154 # the preamble sets what is not set here
verdict=2
seen='the locks could not be read'
# Whatever ends this script, one line and a verdict: a crash must not look like "unhealthy".
trap 'printf "%.80s\n" "$seen"; exit "$verdict"' EXIT

folder=${SSM_LockFolder-/srv/orders/locks}
age_minutes=${SSM_AgeMinutes-60}
limit=${SSM_ThresholdCount-1}
if ! [[ $folder =~ ^/srv(/[A-Za-z0-9][A-Za-z0-9._-]{0,60}){1,6}$ && $age_minutes =~ ^[1-9][0-9]{0,4}$ && $limit =~ ^[1-9][0-9]{0,6}$ ]]; then
  seen='a parameter is not of its pattern'
  exit
fi
if [[ ! -d $folder || -L $folder ]]; then
  seen="no folder $folder"
  exit
fi
old=$(timeout -k 1 20 find "$folder" -maxdepth 1 -ignore_readdir_race -type f -name '*.lock' -mmin "+$age_minutes" -printf x | wc -c) || exit
if ((old >= limit)); then verdict=1; else verdict=0; fi
seen="$old locks older than $age_minutes min, limit $limit"
