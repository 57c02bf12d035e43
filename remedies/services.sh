#!/usr/bin/env bash
# Services, for every script that looks at those that the configuration names, or restarts them: which there are, in what order they
# come back, how one is, whether it may be restarted. Stands behind processes.sh in the documents that take the parameter `Services`.
# shellcheck disable=SC2034,SC2154 # what is set here is used by the scripts that follow, and the other way round

services=${SSM_Services-}
# How long one probe may take.
probe_seconds=${SSM_ProbeSeconds-5}

# Units in the order in which they come back, each behind those that it comes after; by unit what the configuration says of it.
service_units=()
declare -A service_memory=() service_probe=() service_control=() service_after=()

# Reads the parameter Services; false if it is not of its pattern. Piece by piece: as one pattern it would be too much for the C library.
parse_services() {
  local entry field service other placed entries=() fields=() named=()
  local name='[A-Za-z0-9@._:-]{1,92}\.service' path='(/[A-Za-z0-9._-]{1,60}){1,6}'
  service_units=() service_memory=() service_probe=() service_control=() service_after=()
  [[ -n $services ]] || return 0
  [[ $services =~ ^[A-Za-z0-9@._:/=,\;-]+$ && $services != *[\;,] ]] || return 1
  IFS=';' read -r -a entries < <(printf '%s' "$services") || true
  for entry in "${entries[@]}"; do
    IFS=, read -r -a fields < <(printf '%s' "$entry") || true
    service=${fields[0]-} service=${service#unit=}
    [[ ${fields[0]-} == unit=* && $service =~ ^$name$ && " ${named[*]-} " != *" $service "* ]] || return 1
    named+=("$service")
    for field in "${fields[@]:1}"; do
      if [[ $field =~ ^memory=([1-9][0-9]{0,6})$ ]]; then
        service_memory[$service]=${BASH_REMATCH[1]}
      elif [[ $field =~ ^(tcp=[1-9][0-9]{0,4}|http=[1-9][0-9]{0,4}(/[A-Za-z0-9._-]{0,60}){1,6}|command=$path)$ ]]; then
        service_probe[$service]=$field
      elif [[ $field =~ ^control=($path)$ ]]; then
        service_control[$service]=${BASH_REMATCH[1]}
      elif [[ $field =~ ^after=($name)$ ]]; then
        service_after[$service]+=" ${BASH_REMATCH[1]}"
      else
        return 1
      fi
    done
  done
  while ((${#service_units[@]} < ${#named[@]})); do
    placed=${#service_units[@]}
    for service in "${named[@]}"; do
      [[ " ${service_units[*]-} " != *" $service "* ]] || continue
      for other in ${service_after[$service]-}; do
        [[ " ${service_units[*]-} " == *" $other "* ]] || continue 2
      done
      service_units+=("$service")
    done
    ((placed < ${#service_units[@]})) || return 1 # each comes after the other, or after what is not named
  done
}

# Refuses the attempt unless the parameters that are read here are of their pattern.
require_services() {
  require_parameter ProbeSeconds "$probe_seconds" '[1-9]'
  parse_services || finish refused 'parameter Services is not of its pattern' bad-parameter
}

# True if the configuration names SERVICE: no other is ever restarted.
is_named() { [[ " ${service_units[*]-} " == *" $1 "* ]]; }

# --- how a service is ---

# True if SERVICE is started and stopped by its own program: there is one, and systemd does not run this instance (as sd_booted(3) tells).
uses_control() { [[ -n ${service_control[$1]-} && ! -d /run/systemd/system ]]; }

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

# Reads how SERVICE is. Sets service_state:
#   running
#   starting  it is on its way up or down
#   failed    it ended and should not have; service_retried: its manager is about to start it again
#   stopped   it ended as it should, was never started, or somebody turned it off
#   absent    it is not installed here
#   unknown   it could not be asked, and service_problem says why
# and service_main (pid, 0: none), service_began (in microseconds since boot), service_restarts (by its manager, one after the other),
# service_result, service_exit, service_enabled, service_slice.
read_service() {
  local key value code=0 load='' active='' sub='' exit_code='' exit_status=''
  service_state=unknown service_main=0 service_restarts=0 service_result='' service_exit='' service_slice='' service_problem=''
  service_began=0 service_enabled='' service_retried=''
  if uses_control "$1"; then
    if [[ ! -e ${service_control[$1]} ]]; then
      service_state=absent
    elif ! is_roots_own "${service_control[$1]}"; then
      service_problem="${service_control[$1]} is not root's alone, or cannot be run"
    else
      timeout -k 1 10 "${service_control[$1]}" status </dev/null >/dev/null 2>&1 9>&- || code=$?
      # As init scripts answer: 0 runs, 1 to 3 does not. https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/iniscrptact.html
      case $code in
      0) service_state=running ;;
      1 | 2) service_state=failed service_result="status $code" ;;
      3) service_state=stopped service_result="status $code" ;;
      *) service_problem="its program's status ended with $code" ;;
      esac
    fi
    return 0
  fi
  if ! command -v systemctl >/dev/null; then
    service_problem='there is neither systemd nor a program for it'
    return 0
  fi
  while IFS='=' read -r key value; do
    case $key in
    LoadState) load=$value ;;
    ActiveState) active=$value ;;
    SubState) sub=$value ;;
    UnitFileState) service_enabled=$value ;;
    Result) service_result=$value ;;
    Slice) service_slice=$value ;;
    ExecMainCode) exit_code=$value ;;
    ExecMainStatus) exit_status=$value ;;
    MainPID) [[ ! $value =~ ^[0-9]+$ ]] || service_main=$value ;;
    NRestarts) [[ ! $value =~ ^[0-9]+$ ]] || service_restarts=$value ;;
    ExecMainStartTimestampMonotonic) [[ ! $value =~ ^[0-9]+$ ]] || service_began=$value ;;
    esac
  done < <(timeout -k 1 10 systemctl show -p LoadState -p ActiveState -p SubState -p UnitFileState -p Result -p Slice -p ExecMainCode \
    -p ExecMainStatus -p MainPID -p NRestarts -p ExecMainStartTimestampMonotonic -- "$1" 2>/dev/null 9>&- || true)
  case $exit_code in
  1) service_exit="exited $exit_status" ;;
  2 | 3) service_exit="killed by signal $exit_status" ;;
  esac
  case $load:$active:$sub in
  not-found:inactive:*) service_state=absent ;;
  masked:inactive:*) service_state=stopped service_enabled=masked ;;
  *:failed:*) service_state=failed ;;
  *:activating:auto-restart*) service_state=failed service_retried=yes ;;
  *:active:* | *:reloading:* | *:refreshing:*) service_state=running ;;
  *:activating:* | *:deactivating:* | *:maintenance:*) service_state=starting ;;
  *:inactive:*) service_state=stopped ;;
  *) service_problem='systemd did not answer' ;;
  esac
}

# Sets service_pids, by pid the start time of each process of SERVICE, which was read: those of its control group, its main process,
# and all below that one.
service_pids=()
service_processes() {
  local entry pid parent_of=() more
  service_pids=()
  while IFS= read -r entry; do
    pid=${entry//[!0-9]/}
    if identify "$pid" && [[ $unit == "$1" ]] && ! has_ended; then service_pids[pid]=$process_start; fi
  done < <(grep -lsF -- "/$1" /proc/[0-9]*/cgroup || true)
  ((service_main > 0)) || return 0
  for entry in /proc/[0-9]*/stat; do
    pid=${entry//[!0-9]/}
    if read_process "$pid" && ! has_ended; then
      parent_of[pid]=$process_parent
      ((pid != service_main)) || service_pids[pid]=$process_start
    fi
  done
  more=yes
  while [[ -n $more ]]; do
    more=
    for pid in "${!parent_of[@]}"; do
      if [[ -z ${service_pids[pid]-} && -n ${service_pids[parent_of[pid]]-} ]] && read_process "$pid"; then
        service_pids[pid]=$process_start more=yes
      fi
    done
  done
}

# Asks SERVICE what its probe asks, on this instance alone: true if it is well or has no probe, 2 if it could not be asked. Sets probe_seen.
probe_service() {
  local probe=${service_probe[$1]-} port path said='' code=0
  probe_seen='no probe'
  case $probe in
  tcp=* | http=*)
    port=${probe#*=} port=${port%%/*} path=${probe#*=}
    probe_seen="${probe%%=*} $port"
    # Of a stopped process the kernel still takes connections: only what answers shows that somebody is there.
    # shellcheck disable=SC2016 # the inner bash's
    said=$(timeout -k 1 "$probe_seconds" bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
      [[ $2 == */* ]] || exit 0
      printf "GET /%s HTTP/1.0\r\nHost: localhost\r\nUser-Agent: self-healing\r\nConnection: close\r\n\r\n" "${2#*/}" >&3 || exit 1
      IFS= read -r -n 200 line <&3 || [[ -n $line ]] || exit 1
      printf %s "$line"' bash "$port" "$path" </dev/null 2>&1 9>&- | tr -d '\0') || code=$?
    if [[ $said == *'/dev/tcp/'*'No such file'* ]]; then
      probe_seen='this bash opens no connections'
      return 2
    fi
    if [[ $probe == tcp=* ]] && ((code == 0)); then return 0; fi
    if [[ $said =~ ^HTTP/[0-9.]+\ ([0-9]{3})([[:space:]]|$) ]]; then
      probe_seen+=" answered ${BASH_REMATCH[1]}"
      [[ ${BASH_REMATCH[1]} == [23]* ]]
      return
    fi
    ((code != 0)) || said='something else than HTTP'
    ;;
  command=*)
    probe_seen=probe
    if ! is_roots_own "${probe#command=}"; then
      probe_seen="the probe is not root's alone, or cannot be run"
      return 2
    fi
    timeout -k 1 "$probe_seconds" "${probe#command=}" </dev/null >/dev/null 2>&1 9>&- || code=$?
    case $code in
    0) return 0 ;;
    126 | 127)
      probe_seen='the probe cannot be run'
      return 2
      ;;
    124 | 137) ;;
    *)
      probe_seen+=" ended with $code"
      return 1
      ;;
    esac
    ;;
  *) return 0 ;;
  esac
  case $code in
  0) probe_seen+=" answered $said" ;;
  124 | 137) probe_seen+=" did not answer within $probe_seconds s" ;;
  *) probe_seen+=' does not answer' ;;
  esac
  return 1
}

# Prints the last COUNT lines that SERVICE wrote to the journal.
service_journal() { timeout -k 1 10 journalctl -q --no-pager -o cat -n "$2" -u "$1" 2>/dev/null 9>&- || true; }

# --- restarting ---

# Sets refusal to why SERVICE, which was read, must not be restarted; empty if it may be. To be named by the configuration is enough, and
# its processes need not be expendable; but what is never touched is not touched as a part of it either (S15).
refuse_service() {
  local pid
  refusal=
  if ! is_named "$1"; then
    refusal=not-named
    return 0
  fi
  # The unit itself, which may have no process left.
  any_names=("${1%.service}") commands=() users=('') slices=("$service_slice") unit=$1 process_flags=0
  case ${1%.service} in
  ssh | sshd@* | docker | containerd@* | snap.amazon-ssm-agent.*) refusal=protected ;;
  esac
  if [[ -n $refusal ]] || is_protected 0; then
    refusal=protected
    return 0
  fi
  service_processes "$1"
  for pid in ${service_pids[@]+"${!service_pids[@]}"}; do
    if identify "$pid" && ! has_ended && is_protected "$pid"; then
      refusal=protected
      return 0
    fi
  done
}

# Prints how often SERVICE was restarted by us within the last MINUTES; what cannot be read counts as very often.
restarts_within() {
  local since place=$state_folder/restarts/$1
  since=$(($(date +%s) - $2 * 60))
  [[ -e $place ]] || { printf 0 && return; }
  awk -v since="$since" '$1 >= since { count++ } END { printf "%d", count }' "$place" 2>/dev/null || printf 999
}

# Notes a restart of SERVICE, before it is done: one that is killed on the way counts. False if it cannot be noted.
note_restart() {
  local place=$state_folder/restarts/$1
  mkdir -p -- "$state_folder/restarts" &&
    { tail -n 49 -- "$place" 2>/dev/null || true; } >"$place.part" &&
    printf '%s %s\n' "$(date +%s)" "$SSM_AttemptId" >>"$place.part" && mv -f -- "$place.part" "$place"
}

# Restarts SERVICE within SECONDS. Sets how: restarted; restart-asked: its manager goes on with it; restart-failed: it was stopped and did
# not come back. Else why_not: nothing was done. 9 is our lock, which a daemon must not inherit.
restart_service() {
  local code=0 end=$((SECONDS + $2)) control=${service_control[$1]-}
  how='' why_not=''
  read_service "$1"
  refuse_service "$1"
  if [[ -n $refusal ]]; then
    why_not=$refusal
  elif [[ $service_state == absent || $service_state == unknown ]]; then
    why_not=${service_problem:-not installed here}
  elif ! note_restart "$1"; then
    why_not='the restart cannot be noted'
  fi
  [[ -z $why_not ]] || return 0
  tell_evidence
  if uses_control "$1"; then
    timeout -k 1 "$2" "$control" stop </dev/null >/dev/null 2>&1 9>&- || true
    read_service "$1"
    how=restart-failed
    [[ $service_state != running ]] || return 0
    timeout -k 1 $((end > SECONDS ? end - SECONDS : 1)) "$control" start </dev/null >/dev/null 2>&1 9>&- || code=$?
  else
    # Without this a unit that reached its limit of starts refuses every further one.
    timeout -k 1 10 systemctl reset-failed -- "$1" >/dev/null 2>&1 9>&- || true
    timeout -k 1 "$2" systemctl restart -- "$1" </dev/null >/dev/null 2>&1 9>&- || code=$?
  fi
  case $code in
  0) how=restarted ;;
  124 | 137) how=restart-asked ;;
  *) how=restart-failed ;;
  esac
}

# Reports a change: WHAT was done to SERVICE.
change_service() { changes+=("{\"what\":\"$1\",\"unit\":$(json_string "$2")}"); }
