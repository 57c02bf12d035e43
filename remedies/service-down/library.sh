#!/usr/bin/env bash
# What check.sh and repair.sh share: whether a service does what it is there for.
# shellcheck disable=SC2034,SC2154 # the scripts read what is set here, and what stands before sets the rest
service=${SSM_Service-}
stopped_services=${SSM_StoppedServices-leave}
maximum_restarts=${SSM_MaximumRestarts-3} window_minutes=${SSM_WindowMinutes-60}
# One that runs for less than this, after its manager restarted it so often as we might, is one that keeps ending.
restless_seconds=60
maximum_probes=3

# Reads SERVICE and probes it, PROBES times at most. Sets seen, and verdict:
#   well
#   down      it ended, keeps ending, or does not answer
#   starting  it is on its way up or down
#   stopped   it ended well or was stopped, and such are left
#   ended     the same, but it was us who had restarted it
#   off       it is turned off on this instance
#   absent    it is not installed on this instance
#   unknown
judge() {
  local tries=$2 code uptime=0 age
  read_service "$1"
  case $service_state in
  running)
    if ((service_restarts >= maximum_restarts && service_began > 0)); then
      read -r uptime _ </proc/uptime || true
      age=$((${uptime%%.*} - service_began / 1000000))
      if ((age < restless_seconds)); then
        verdict=down seen="keeps ending: restarted $service_restarts times by its manager, last $age s ago"
        return 0
      fi
    fi
    while :; do
      code=0
      probe_service "$1" || code=$?
      ((code == 1 && --tries > 0)) || break
      sleep 1 9>&-
    done
    case $code in
    0) verdict=well ;;
    1) verdict=down ;;
    *) verdict=unknown ;;
    esac
    seen="runs, $probe_seen"
    ;;
  failed)
    verdict=down seen="failed: ${service_result:-unknown}${service_exit:+, $service_exit}"
    ;;
  starting) verdict=starting seen='its manager starts or stops it' ;;
  stopped)
    verdict=stopped seen='stopped'
    case $service_enabled in
    disabled | masked*) verdict=off seen='turned off' ;;
    *)
      if [[ $stopped_services == restart ]]; then
        verdict=down
      elif (($(restarts_within "$1" "$window_minutes") > 0)); then
        verdict=ended seen='ended again after our restart'
      fi
      ;;
    esac
    ;;
  absent) verdict=absent seen='not installed here' ;;
  *) verdict=unknown seen=${service_problem:-unknown} ;;
  esac
}

# Judges SERVICE as soon as its manager is done with it, or after SECONDS.
judge_settled() {
  local end=$((SECONDS + $2))
  judge "$1" "$3"
  while [[ $verdict == starting ]] && ((SECONDS < end)); do
    sleep 0.5 9>&-
    judge "$1" "$3"
  done
}
