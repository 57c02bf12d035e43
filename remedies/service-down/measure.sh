#!/usr/bin/env bash
# Prints of each service of SSM_Services that is installed and not turned off on this instance whether it is down: `1 orders.service`, else `0 …`. One that
# cannot be asked is left out. All are asked at once: one that hangs holds up no other. Stands alone; check.sh means the same by down.
set -o nounset -o pipefail
export LC_ALL=C
services=${SSM_Services-}
probe_seconds=${SSM_ProbeSeconds-5} stopped_services=${SSM_StoppedServices-leave} maximum_restarts=${SSM_MaximumRestarts-3}
[[ $services =~ ^[A-Za-z0-9@._:/=,\;-]*$ && $probe_seconds =~ ^[1-9]$ && $maximum_restarts =~ ^[1-9]$ ]] || exit 1

# True if PROGRAM may be run as root: it is root's, and only root can write to it or to a folder on its way.
is_roots_own() {
  local part=$1 owner mode
  [[ -f $1 && -x $1 ]] || return 1
  while [[ -n $part ]]; do
    read -r owner mode < <(stat -L -c '%u %a' -- "$part" 2>/dev/null) || return 1
    [[ $owner == 0 && ! ${mode: -1} =~ [2367] ]] || return 1
    part=${part%/*}
  done
}

# Prints 0 if PROBE is well, 1 if it is not, nothing if it could not be asked.
probe() {
  local said='' code=0 target=${1#*=}
  case $1 in
  '') printf 0 ;;
  command=*)
    is_roots_own "$target" || return 0
    timeout -k 1 "$probe_seconds" "$target" </dev/null >/dev/null 2>&1 || code=$?
    case $code in 0) printf 0 ;; 126 | 127) ;; *) printf 1 ;; esac
    ;;
  *)
    # shellcheck disable=SC2016 # the inner bash's
    said=$(timeout -k 1 "$probe_seconds" bash -c 'exec 3<>"/dev/tcp/127.0.0.1/${1%%/*}" || exit 1
      [[ $1 == */* ]] || { echo "HTTP/ 200" && exit; }
      printf "GET /%s HTTP/1.0\r\nHost: localhost\r\nUser-Agent: self-healing\r\nConnection: close\r\n\r\n" "${1#*/}" >&3 || exit 1
      IFS= read -r -n 200 line <&3 || [[ -n $line ]] || exit 1
      printf %s "$line"' bash "$target" </dev/null 2>&1 | tr -d '\0')
    if [[ $said =~ ^HTTP/[0-9.]*\ [23][0-9][0-9]([[:space:]]|$) ]]; then
      printf 0
    elif [[ $said != *'/dev/tcp/'*'No such file'* ]]; then
      printf 1
    fi
    ;;
  esac
}

# Prints whether UNIT with PROBE and CONTROL is down, or nothing.
measure() {
  local key value code=0 uptime load='' active='' sub='' enabled='' restarts=0 began=0
  if [[ -n $3 && ! -d /run/systemd/system ]]; then
    is_roots_own "$3" || return 0
    timeout -k 1 10 "$3" status </dev/null >/dev/null 2>&1 || code=$?
    case $code in
    0) active=active ;;
    1 | 2) active=failed ;;
    3) active=inactive ;;
    esac
  else
    while IFS='=' read -r key value; do
      case $key in
      LoadState) load=$value ;;
      ActiveState) active=$value ;;
      SubState) sub=$value ;;
      UnitFileState) enabled=$value ;;
      NRestarts) [[ ! $value =~ ^[0-9]+$ ]] || restarts=$value ;;
      ExecMainStartTimestampMonotonic) [[ ! $value =~ ^[0-9]+$ ]] || began=$value ;;
      esac
    done < <(timeout -k 1 10 systemctl show -p LoadState -p ActiveState -p SubState -p UnitFileState -p NRestarts \
      -p ExecMainStartTimestampMonotonic -- "$1" 2>/dev/null)
  fi
  case $load:$active:$sub in
  not-found:inactive:* | ::) ;;
  *:failed:* | *:activating:auto-restart*) printf 1 ;;
  *:active:* | *:reloading:* | *:refreshing:*)
    read -r uptime _ </proc/uptime
    if ((restarts >= maximum_restarts && began > 0 && ${uptime%%.*} - began / 1000000 < 60)); then printf 1; else probe "$2"; fi
    ;;
  *:inactive:*)
    # One that is turned off here is none of this instance's.
    [[ $enabled != disabled && $load$enabled != *masked* ]] || return 0
    if [[ $stopped_services == restart ]]; then printf 1; else printf 0; fi
    ;;
  *) printf 0 ;;
  esac
}

IFS=';' read -r -a entries < <(printf '%s' "$services") || true
for entry in ${entries[@]+"${entries[@]}"}; do
  IFS=, read -r -a fields < <(printf '%s' "$entry") || true
  unit='' probe='' control=''
  for field in "${fields[@]}"; do
    case $field in
    unit=*) unit=${field#unit=} ;;
    tcp=* | http=* | command=*) probe=$field ;;
    control=*) control=${field#control=} ;;
    esac
  done
  {
    value=$(measure "$unit" "$probe" "$control")
    [[ -z $value ]] || printf '%s %s\n' "$value" "$unit"
  } &
done
wait
