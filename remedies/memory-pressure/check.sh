#!/usr/bin/env bash
# Is at least SSM_ThresholdPercent of the memory not available?
# shellcheck disable=SC2154 # the preamble sets what is not set here
verdict=2
seen='memory could not be read'
# Whatever ends this script, one line and a verdict: a crash must not look like "unhealthy".
trap 'printf "%.80s\n" "$seen"; exit "$verdict"' EXIT

limit=${SSM_ThresholdPercent-95}
if ! [[ $limit =~ ^[1-9][0-9]?$ ]]; then
  seen='a parameter is not of its pattern'
  exit
fi
if ! read_memory || ! sample_memory; then exit; fi
if ((used_tenths >= limit * 10)); then verdict=1; else verdict=0; fi
seen="memory $(tenths "$used_tenths") % used, limit $limit %"
if ((${memory[SwapTotal]-0} > 0)); then
  seen+=", swap $((100 * (memory[SwapTotal] - ${memory[SwapFree]-0}) / memory[SwapTotal])) %"
fi
if ((${#by_memory[@]} > 0)); then
  # The name alone: arguments carry passwords (S31).
  pid=${by_memory[0]}
  seen+=", top $(printable_name "${name_of[$pid]}") $(mebibytes "${held_kib[$pid]}") MiB"
fi
