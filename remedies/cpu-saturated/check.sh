#!/usr/bin/env bash
# Is the CPU, over SSM_SampleSeconds, at least SSM_ThresholdPercent busy? Busy is all but idle and waiting for a disk.
# shellcheck disable=SC2154 # the preamble sets what is not set here
verdict=2
seen='the cpu could not be read'
# Whatever ends this script, one line and a verdict: a crash must not look like "unhealthy".
trap 'printf "%.80s\n" "$seen"; exit "$verdict"' EXIT

limit=${SSM_ThresholdPercent-95}
seconds=${SSM_SampleSeconds-3}
if ! [[ $limit =~ ^[1-9][0-9]?$ && $seconds =~ ^[1-9][0-9]?$ ]]; then
  seen='a parameter is not of its pattern'
  exit
fi
sample_cpu "$seconds" || exit
if ((busy_tenths >= limit * 10)); then verdict=1; else verdict=0; fi
seen="cpu $(tenths "$busy_tenths") % busy"
if ((${#by_share[@]} > 0)); then
  # The name alone: arguments carry passwords (S31).
  pid=${by_share[0]}
  seen+=", top $(printable_name "${name_of[$pid]}") $((share_tenths[pid] / 10)) %"
  ! is_brief "$pid" || seen+=' by short-lived children'
fi
