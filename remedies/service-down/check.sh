#!/usr/bin/env bash
# Is SSM_Service down: did it end and should not have, does it keep ending, or does it not do what its probe asks?
# shellcheck disable=SC2154 # the preamble sets what is not set here
code=2
seen='the service could not be read'
# Whatever ends this script, one line and a verdict: a crash must not look like "unhealthy".
trap 'printf "%.80s\n" "$seen"; exit "$code"' EXIT

if ! [[ $service =~ ^[A-Za-z0-9@._:-]{1,92}\.service$ && $probe_seconds =~ ^[1-9]$ && $maximum_restarts =~ ^[1-9]$ &&
  $window_minutes =~ ^[1-9][0-9]{0,3}$ && $stopped_services =~ ^(leave|restart)$ && ${SSM_ThresholdCount-1} == 1 ]] || ! parse_services; then
  seen='a parameter is not of its pattern'
  exit
fi
shown=$(printable_name "$service")
((${#shown} <= 34)) || shown=${shown:0:31}...
if ! is_named "$service"; then
  seen="$shown is none of the configured services"
  exit
fi
judge_settled "$service" 20 "$maximum_probes"
case $verdict in
well | stopped | off) code=0 ;;
down | ended | starting) code=1 ;;
esac
seen="$shown $seen"
