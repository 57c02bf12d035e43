#!/usr/bin/env bash
# Stand-in for systemctl inside an instance, for services in /etc/sandbox-units/<name>.service with one
# ExecStart line of plain words. What it starts it names by pid and start time in /run/sandbox-units.
set -u

units=/etc/sandbox-units
state=/run/sandbox-units
stop_deciseconds=50

start_ticks() { # pid -> its start time, empty where there is no such process or it is a zombie
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  # The name, in parentheses, may hold spaces.
  local -a fields
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" = Z ] || printf '%s' "${fields[19]}"
}

main_pid() { # unit -> its main process, or 0
  local pid started
  if read -r pid started 2>/dev/null <"$state/$1.pid" && [ "$(start_ticks "$pid")" = "$started" ]; then
    printf '%s' "$pid"
  else
    printf 0
  fi
}

setting() { # unit, key -> value of the unit's file
  local key value
  while IFS='=' read -r key value; do
    if [ "$key" = "$2" ]; then printf '%s' "$value" && return; fi
  done <"$units/$1.service"
}

start_unit() {
  local -a argv
  [ "$(main_pid "$1")" = 0 ] || return 0
  read -ra argv <<<"$(setting "$1" ExecStart)"
  # In a session of its own: `stop` ends the session, and nothing else.
  setsid -- "${argv[@]}" </dev/null >/dev/null 2>&1 &
  printf '%s %s\n' "$!" "$(start_ticks "$!")" >"$state/$1.pid"
}

stop_unit() {
  local pid
  pid=$(main_pid "$1")
  rm -f -- "$state/$1.pid"
  [ "$pid" != 0 ] || return 0
  pkill -TERM -s "$pid"
  for ((waited = 0; waited < stop_deciseconds; waited++)); do
    pgrep -s "$pid" >/dev/null || return 0
    sleep 0.1
  done
  pkill -KILL -s "$pid"
}

active_state() { if [ "$(main_pid "$1")" = 0 ]; then printf inactive; else printf active; fi; }

property() { # unit, name -> value
  case $2 in
    Id | Names) printf '%s.service' "$1" ;;
    MainPID) main_pid "$1" ;;
    ActiveState) active_state "$1" ;;
    SubState) if [ "$(main_pid "$1")" = 0 ]; then printf dead; else printf running; fi ;;
    LoadState) if [ -e "$units/$1.service" ]; then printf loaded; else printf not-found; fi ;;
    FragmentPath) printf '%s' "$units/$1.service" ;;
    Slice) printf system.slice ;;
    Description) setting "$1" Description ;;
  esac
}

list_units() {
  local file name
  for file in "$units"/*.service; do
    [ -e "$file" ] || continue
    name=${file##*/} name=${name%.service}
    printf '%s.service loaded %s %s %s\n' "$name" "$(active_state "$name")" "$(property "$name" SubState)" \
      "$(setting "$name" Description)"
  done
}

unit_of() { # pid -> the unit whose session it belongs to
  local file name session
  session=$(ps -o sess= -p "$1") || return 1
  for file in "$state"/*.pid; do
    name=${file##*/} name=${name%.pid}
    if [ "$(main_pid "$name")" = "${session// /}" ]; then printf '%s.service\n' "$name" && return; fi
  done
  return 1
}

command='' quiet='' bare='' properties=() operands=()
while [ $# -gt 0 ]; do
  case $1 in
    -q | --quiet) quiet=yes ;;
    --value) bare=yes ;;
    -p | --property) properties+=("${2-}") && shift ;;
    -P) properties+=("${2-}") && bare=yes && shift ;;
    --property=*) properties+=("${1#*=}") ;;
    -p*) properties+=("${1#-p}") ;;
    -t | --type | --state | -n | --lines) shift ;;
    -*) ;;
    *) if [ -z "$command" ]; then command=$1; else operands+=("${1%.service}"); fi ;;
  esac
  shift
done

case ${command:-list-units} in
  start | stop | restart | try-restart | is-active | show | kill)
    code=0
    for unit in ${operands[@]+"${operands[@]}"}; do
      if [ "$command" = show ]; then
        IFS=, read -ra names <<<"$(IFS=, && printf '%s' "${properties[*]-}")"
        for name in "${names[@]:-Id}"; do
          if [ -n "$bare" ]; then printf '%s\n' "$(property "$unit" "$name")"; else printf '%s=%s\n' "$name" "$(property "$unit" "$name")"; fi
        done
      elif [ "$command" = is-active ]; then
        [ -n "$quiet" ] || printf '%s\n' "$(active_state "$unit")"
        [ "$(active_state "$unit")" = active ] || code=3
      elif [ ! -e "$units/$unit.service" ]; then
        printf 'Failed to %s %s.service: Unit %s.service not found.\n' "$command" "$unit" "$unit" >&2
        code=5
      else
        case $command in
          stop) stop_unit "$unit" ;;
          # Session 0 would be the caller's own.
          kill) [ "$(main_pid "$unit")" = 0 ] || pkill -TERM -s "$(main_pid "$unit")" ;;
          start) start_unit "$unit" ;;
          *) stop_unit "$unit" && start_unit "$unit" ;;
        esac
      fi
    done
    exit "$code"
    ;;
  list-units) list_units ;;
  whoami) unit_of "${operands[0]:-$PPID}" ;;
  daemon-reload | reset-failed) ;;
  is-system-running) printf 'running\n' ;;
  *)
    printf 'Unknown command verb %s.\n' "$command" >&2
    exit 1
    ;;
esac
