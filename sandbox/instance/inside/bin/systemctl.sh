#!/usr/bin/env bash
# Stand-in for systemctl inside an instance, for services in /etc/sandbox-units/<name>.service with one ExecStart line of plain words;
# of the rest, and of drop-ins in /etc/systemd/system, it knows Requires, Restart, RestartSec, StartLimitBurst,
# StartLimitIntervalSec, TimeoutStopSec and UnitFileState, which is told and not found out. What it starts it names by pid and start
# time in /run/sandbox-units. Each service has a keeper, which waits for its end as systemd does. What a service and its keeper say
# is in <name>.log there, for journalctl.
set -u

units=/etc/sandbox-units
state=/run/sandbox-units

start_ticks() { # pid -> its start time, empty where there is no such process or it is a zombie
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  # The name, in parentheses, may hold spaces.
  local -a fields
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" = Z ] || printf '%s' "${fields[19]}"
}

noted_pid() { # file -> the process that it names, or 0
  local pid started
  if read -r pid started 2>/dev/null <"$1" && [ -n "$started" ] && [ "$(start_ticks "$pid")" = "$started" ]; then
    printf '%s' "$pid"
  else
    printf 0
  fi
}

# What `show` tells of a unit is of one moment: its main process, and when that started.
shown_main='' shown_start=0
show_now() { # unit
  shown_main=$(noted_pid "$state/$1.pid") shown_start=0
  [ "$shown_main" = 0 ] || read -r _ shown_start <"$state/$1.pid"
}

main_pid() { # unit -> its main process, or 0
  if [ -n "$shown_main" ]; then printf '%s' "$shown_main"; else noted_pid "$state/$1.pid"; fi
}

drop_ins() { # unit -> the files that say more of it
  local file
  for file in "/etc/systemd/system/$1.service.d"/*.conf; do [ ! -e "$file" ] || printf '%s\n' "$file"; done
}

setting() { # unit, key[, default] -> value of the unit's files, the last one's
  local key value file found=${3-}
  while IFS= read -r file; do
    while IFS='=' read -r key value; do
      if [ "$key" = "$2" ]; then found=$value && break; fi
    done <"$file"
  done < <(printf '%s\n' "$units/$1.service" && drop_ins "$1")
  printf '%s' "$found"
}

say() { printf '%s.service: %s\n' "$1" "$2" >>"$state/$1.log"; }

ended() { # unit, result, exit code as systemd counts it (1 exited, 2 killed), status
  printf '%s %s %s\n' "$2" "$3" "$4" >"$state/$1.ended.part" && mv -f -- "$state/$1.ended.part" "$state/$1.ended"
}

result_of() { # unit, place of the word -> result, exit code or status of its last end
  local -a words=(success 0 0)
  [ ! -e "$state/$1.ended" ] || read -ra words <"$state/$1.ended"
  printf '%s' "${words[$2]}"
}

may_start() { # unit -> false once it was started too often, by whomever
  local since
  since=$(($(date +%s) - $(setting "$1" StartLimitIntervalSec 10)))
  if [ "$(awk -v since="$since" '$1 > since' "$state/$1.starts" 2>/dev/null | wc -l)" -ge "$(setting "$1" StartLimitBurst 5)" ]; then
    say "$1" 'Start request repeated too quickly.'
    say "$1" "Failed with result 'start-limit-hit'."
    ended "$1" start-limit-hit "$(result_of "$1" 1)" "$(result_of "$1" 2)"
    return 1
  fi
  date +%s >>"$state/$1.starts"
}

keep() { # unit: runs it, and again as Restart says
  local -a argv
  local code restarts=0 result
  read -ra argv <<<"$(setting "$1" ExecStart)"
  printf 0 >"$state/$1.restarts"
  while :; do
    # In a session of its own: `stop` ends the session, and nothing else.
    setsid -- "${argv[@]}" </dev/null >>"$state/$1.log" 2>&1 &
    # Whole at once: who reads it sees the old process or the new one.
    printf '%s %s\n' "$!" "$(start_ticks "$!")" >"$state/$1.pid.part" && mv -f -- "$state/$1.pid.part" "$state/$1.pid"
    wait "$!"
    code=$? result=success
    if [ "$code" -gt 128 ]; then
      case $((code - 128)) in 1 | 2 | 13 | 15) ;; *) result=signal ;; esac
      say "$1" "Main process exited, code=killed, status=$((code - 128))"
      ended "$1" "$result" 2 "$((code - 128))"
    else
      [ "$code" = 0 ] || result=exit-code
      say "$1" "Main process exited, code=exited, status=$code"
      ended "$1" "$result" 1 "$code"
    fi
    case $(setting "$1" Restart no):$result in
      always:* | on-failure:signal | on-failure:exit-code) ;;
      *) return 0 ;;
    esac
    sleep "$(setting "$1" RestartSec 0.1)"
    restarts=$((restarts + 1))
    printf '%s' "$restarts" >"$state/$1.restarts"
    may_start "$1" || return 0
  done
}

start_unit() { # unit; false where it could not be started
  local other waited
  [ "$(main_pid "$1")" = 0 ] || return 0
  for other in $(setting "$1" Requires); do
    start_unit "${other%.service}"
    if [ "$(main_pid "${other%.service}")" = 0 ]; then
      printf 'A dependency job for %s.service failed.\n' "$1" >&2
      return 1
    fi
  done
  if ! may_start "$1"; then
    printf 'Job for %s.service failed.\n' "$1" >&2
    return 1
  fi
  rm -f -- "$state/$1.pid" "$state/$1.ended"
  # As systemd would: nothing of the caller's environment, and none of its descriptors.
  env -i "PATH=$PATH" setsid -- bash "$0" keep "$1" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  printf '%s %s\n' "$!" "$(start_ticks "$!")" >"$state/$1.keeper"
  for ((waited = 0; waited < 500; waited++)); do
    [ ! -s "$state/$1.pid" ] || return 0
    sleep 0.02
  done
}

stop_unit() {
  local pid keeper deciseconds
  keeper=$(noted_pid "$state/$1.keeper")
  [ "$keeper" = 0 ] || kill -KILL "$keeper"
  pid=$(main_pid "$1")
  rm -f -- "$state/$1.pid" "$state/$1.keeper"
  if [ "$pid" != 0 ]; then
    # One that was stopped is woken, so that it can take notice.
    pkill -TERM -s "$pid"
    pkill -CONT -s "$pid"
    for ((deciseconds = $(setting "$1" TimeoutStopSec 5) * 10; deciseconds > 0; deciseconds--)); do
      pgrep -s "$pid" >/dev/null || break
      sleep 0.1
    done
    pkill -KILL -s "$pid"
  fi
  ended "$1" success 0 0
}

active_state() {
  if [ "$(main_pid "$1")" != 0 ]; then
    printf active
  elif [ "$(noted_pid "$state/$1.keeper")" != 0 ]; then
    printf activating
  elif [ "$(result_of "$1" 0)" != success ]; then
    printf failed
  else
    printf inactive
  fi
}

property() { # unit, name -> value
  case $2 in
    Id | Names) printf '%s.service' "$1" ;;
    MainPID) main_pid "$1" ;;
    ActiveState) active_state "$1" ;;
    SubState)
      case $(active_state "$1") in active) printf running ;; activating) printf auto-restart ;; failed) printf failed ;; *) printf dead ;; esac
      ;;
    LoadState) if [ -e "$units/$1.service" ]; then printf loaded; else printf not-found; fi ;;
    UnitFileState) [ ! -e "$units/$1.service" ] || setting "$1" UnitFileState enabled ;;
    Result) result_of "$1" 0 ;;
    ExecMainCode) result_of "$1" 1 ;;
    ExecMainStatus) result_of "$1" 2 ;;
    NRestarts) cat -- "$state/$1.restarts" 2>/dev/null || printf 0 ;;
    ExecMainStartTimestampMonotonic) printf '%s' "$((shown_start * 10000))" ;;
    FragmentPath) printf '%s' "$units/$1.service" ;;
    DropInPaths) drop_ins "$1" | tr '\n' ' ' ;;
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

command='' quiet='' bare='' now='' properties=() operands=() rest=''
while [ $# -gt 0 ]; do
  # Behind `--` nothing is an option.
  case $rest$1 in
    operand*) operands+=("${1%.service}") ;;
    --) rest=operand ;;
    -q | --quiet) quiet=yes ;;
    --value) bare=yes ;;
    --now) now=yes ;;
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

timer() { # verb, timer: timers are noted and never elapse, the sandbox puts by itself what they would
  local place=$state/$2
  case $1 in
    enable) touch -- "$place.enabled" ;;
    disable) rm -f -- "$place.enabled" ;;
    is-enabled) [ -e "$place.enabled" ] ;;
    start) touch -- "$place.active" ;;
    stop) rm -f -- "$place.active" ;;
    is-active) [ -e "$place.active" ] ;;
    *) printf 'Unknown command verb %s of a timer.\n' "$1" >&2 && return 1 ;;
  esac
}

if [[ ${operands[0]-} == *.timer ]]; then
  timer "$command" "${operands[0]}" || exit
  case ${now:+$command} in enable) timer start "${operands[0]}" ;; disable) timer stop "${operands[0]}" ;; esac
  exit
fi

case ${command:-list-units} in
  start | stop | restart | try-restart | is-active | show | kill)
    code=0
    for unit in ${operands[@]+"${operands[@]}"}; do
      if [ "$command" = show ]; then
        show_now "$unit"
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
          start) start_unit "$unit" || code=1 ;;
          *) stop_unit "$unit" && start_unit "$unit" || code=1 ;;
        esac
      fi
    done
    exit "$code"
    ;;
  keep) keep "${operands[0]}" ;;
  list-units) list_units ;;
  whoami) unit_of "${operands[0]:-$PPID}" ;;
  reset-failed)
    for unit in ${operands[@]+"${operands[@]}"}; do
      rm -f -- "$state/$unit.starts"
      [ "$(active_state "$unit")" != failed ] || ended "$unit" success 0 0
    done
    ;;
  daemon-reload) ;;
  is-system-running) printf 'running\n' ;;
  *)
    printf 'Unknown command verb %s.\n' "$command" >&2
    exit 1
    ;;
esac
