#!/usr/bin/env bash
# Processes, for every script that looks at them or signals them: who one is, whether it may be stopped, and how it is.
# Stands behind the preamble in the command document.
# shellcheck disable=SC2034,SC2154 # what is set here is used by the scripts that follow, and the other way round

# What a script measured of processes, by pid: when each started and its name. A pid alone may change hands (S16).
start_of=() name_of=()

# Sets process_* of PID from its stat line; false if it is gone. The name may hold spaces, brackets and newlines: the fields follow the last ')'.
read_process() {
  local line='' fields=()
  { IFS= read -r -d '' line <"/proc/$1/stat"; } 2>/dev/null || true
  [[ $line == *') '* ]] || return 1
  process_name=${line#*\(}
  process_name=${process_name%)*}
  # shellcheck disable=SC2206
  fields=(${line##*) })
  process_parent=${fields[1]} process_group=${fields[2]} process_flags=${fields[6]} process_nice=${fields[16]} process_start=${fields[19]}
  process_state=${fields[0]} process_ticks=$((fields[11] + fields[12])) process_children_ticks=$((fields[13] + fields[14])) process_threads=${fields[17]}
}

# True if the process that was read has ended and waits for its parent. The first thread of a process may end before the others:
# it looks the same, but then the process lives on, and no parent can reap it.
has_ended() { [[ $process_state == X ]] || { [[ $process_state == Z ]] && ((process_threads <= 1)); }; }

# --- who a process is ---

# Sets path to the program file of PID; false if it has none or cannot be read. Without starting a process where that can be: the
# file that is mapped first is nearly always the program, and the kernel says whether it is the same file under that name.
program_file() {
  local line
  path=
  if ((process_flags & 0x200000)); then return 1; fi # PF_KTHREAD
  { IFS= read -r line <"/proc/$1/maps"; } 2>/dev/null || line=
  path=/${line#*/}
  [[ $line != */* || $path == *\\* || ! $path -ef /proc/$1/exe ]] || return 0
  path=$(readlink -- "/proc/$1/exe") || path=
  path=${path% (deleted)}
  [[ -n $path ]]
}

# Sets the names, users, unit, slices and container of PID. False if it is gone. Starts no process, mostly: none may be to be had.
#
# What makes a process expendable must not be a name that it, or the data it works on, chose (S15). So `command` is the base name
# of the program file. Of an interpreter, whose file says nothing, it is the script's, if the kernel itself took the process's
# name from that script, as it does for one that is run by its own #! line. A title (argv[0]) or a name set later never counts.
# What protects is the other way round: any name that the process bears will do.
identify() {
  local pid=$1 line='' value groups='' path='' arguments=() argument
  commands=() any_names=() users=() unit='' slices=() container='' is_first=''
  read_process "$pid" || return 1
  any_names=("$process_name")
  if program_file "$pid"; then
    commands=("${path##*/}")
    any_names+=("${path##*/}")
  fi
  while ((${#arguments[@]} < 4)) && IFS= read -r -d '' argument; do arguments+=("$argument"); done 2>/dev/null <"/proc/$pid/cmdline" || true
  any_names+=("${arguments[0]-}")
  argument=${arguments[0]-}
  any_names+=("${argument##*/}")
  case ${path##*/} in
  bash | sh | dash | ash | ksh* | zsh | busybox | python* | perl* | ruby* | node | nodejs | php* | lua* | tclsh*)
    for argument in ${arguments[@]+"${arguments[@]:1}"}; do
      argument=${argument##*/}
      [[ ${argument:0:15} != "$process_name" ]] || commands+=("$argument")
    done
    ;;
  esac
  # In one read: the kernel writes the file anew for every read.
  line=''
  { IFS= read -r -d '' line <"/proc/$pid/status"; } 2>/dev/null || true
  value=${line#*$'\nUid:'}
  # Real, effective, saved, file system: one who borrowed another's rights is not simply that user.
  # shellcheck disable=SC2206 # numbers
  users=(${value%%$'\n'*})
  ((${#users[@]} == 4)) || return 1
  # Its pid in each namespace, from ours inwards: pid 1 of one below ours.
  value=${line#*$'\nNSpid:'}
  [[ ! ${value%%$'\n'*} =~ ^[[:blank:]][0-9].*[[:blank:]]1$ ]] || is_first=yes
  # The unit is the first one below the slices: what a unit or a user names below its own is their own affair.
  { IFS= read -r -d '' groups <"/proc/$pid/cgroup"; } 2>/dev/null || true
  groups=${groups%$'\n'}$'\n'
  while [[ -n $groups ]]; do
    line=${groups%%$'\n'*} groups=${groups#*$'\n'}
    [[ $line == 0::* || $line == *:name=systemd:* ]] || continue
    line=${line#*:*:}
    read_container "$line"
    unit='' slices=() line+=/
    while [[ -n $line ]]; do
      value=${line%%/*} line=${line#*/}
      case $value in
      *.slice) slices+=("$value") ;;
      *.service | *.scope)
        unit=$value
        break
        ;;
      '') ;;
      *) break ;;
      esac
    done
    [[ -z $unit ]] || break
  done
}

# Sets container to the first 12 digits of the container's id where PATH, a control group, is one of Docker, Podman, containerd,
# CRI-O, ECS or Kubernetes: …/docker-<id>.scope, /docker/<id>, /ecs/<task>/<id>, /kubepods/…/<id>.
read_container() {
  case $1 in
  */docker/* | */ecs/* | */kubepods/* | */kubepods.slice/* | */libpod_parent/* | */docker-*.scope* | */libpod-*.scope* | */cri-containerd-*.scope* | */crio-*.scope*)
    container=unnamed
    [[ ! $1 =~ [0-9a-f]{64} ]] || container=${BASH_REMATCH[0]:0:12}
    ;;
  esac
}

# True if the identified process that was read is the first one of a container: pid 1 of a process namespace below ours, or, in a
# container that shares ours, the one that its runtime started. With it all of the container ends, and what then is the runtime's affair.
is_container_init() {
  local parent=$process_parent line=''
  [[ -z $is_first ]] || return 0
  [[ -n $container ]] || return 1
  { IFS= read -r line <"/proc/$parent/comm"; } 2>/dev/null || return 1
  [[ $line == containerd-shim* || $line == conmon* || $line == docker-containe* || $line == crun || $line == runc* ]]
}

# Prints the name of user id UID, or the number; the directory that knows it may not answer.
user_name() {
  local line
  line=$(timeout -k 1 5 getent passwd "$1" 2>/dev/null) || line=
  printf '%s' "${line%%:*}" | grep . || printf '%s' "$1"
}

# What the configuration says may be stopped, what never, how many at most, and the time between TERM and KILL.
expendable=${SSM_Expendable-} protected=${SSM_Protected-}
maximum_kills=${SSM_MaximumKills-3} term_wait_seconds=${SSM_TermWaitSeconds-10}

# Refuses the attempt unless all of these are of their pattern.
require_stopping_parameters() {
  local entry='(user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100}'
  require_parameter MaximumKills "$maximum_kills" '[0-9]'
  require_parameter TermWaitSeconds "$term_wait_seconds" '[1-9][0-9]?'
  require_parameter Expendable "$expendable" "($entry(;$entry)*)?"
  require_parameter Protected "$protected" "($entry(;$entry)*)?"
}

# Sets user_ids[NAME] to the user's id, `none` if there is no such user here, `unknown` if it cannot be told. Asked once.
declare -A user_ids=()
look_up_user() {
  local line code=0
  [[ -z ${user_ids[$1]-} ]] || return 0
  line=$(timeout -k 1 5 getent passwd "$1" 2>/dev/null 9>&-) || code=$?
  line=${line#*:*:} line=${line%%:*}
  if ((code == 0)) && [[ $line =~ ^[0-9]+$ ]]; then user_ids[$1]=$line
  elif ((code == 2)); then user_ids[$1]=none
  else user_ids[$1]=unknown
  fi
}

# Looks up the users that LIST names, for a script that must not have to start a process later.
look_up_listed() {
  local entry rest="$1${1:+;}"
  while [[ -n $rest ]]; do
    entry=${rest%%;*} rest=${rest#*;}
    [[ $entry != user=* ]] || look_up_user "${entry#user=}"
  done
}

# True if the identified process matches an entry of LIST. KIND expendable: strictly, by all its user ids; protected: by any.
listed() {
  local entry value name rest="$2${2:+;}"
  while [[ -n $rest ]]; do
    entry=${rest%%;*} rest=${rest#*;}
    value=${entry#*=}
    case $entry in
    user=*)
      look_up_user "$value"
      name=${user_ids[$value]}
      if [[ $name == none ]]; then continue; fi
      # It cannot be told: then nobody is harmed.
      if [[ $name == unknown ]]; then
        [[ $1 == protected ]]
        return
      fi
      if [[ $1 == protected ]]; then
        [[ " ${users[*]} " != *" $name "* ]] || return 0
      elif [[ ${users[*]} == "$name $name $name $name" ]]; then
        return 0
      fi
      ;;
    command=*)
      if [[ $1 == protected ]]; then
        for name in "${any_names[@]}" ${commands[@]+"${commands[@]}"}; do
          # A pattern that is longer than the 15 bytes that the kernel keeps of a name matches by them.
          # shellcheck disable=SC2053 # a pattern is meant
          [[ $name != $value && $name != "${value:0:15}" ]] || return 0
        done
      else
        for name in ${commands[@]+"${commands[@]}"}; do
          # shellcheck disable=SC2053
          [[ $name != $value ]] || return 0
        done
      fi
      ;;
    unit=*)
      # shellcheck disable=SC2053
      [[ -z $unit || $unit != $value ]] || return 0
      ;;
    slice=*)
      for name in ${slices[@]+"${slices[@]}"}; do
        # shellcheck disable=SC2053
        [[ $name != $value ]] || return 0
      done
      ;;
    esac
  done
  return 1
}

# This script and all that led to it. An ancestor outside our process namespace shows as 0.
own=()
ancestor=$$
while [[ $ancestor -gt 1 && -z ${own[$ancestor]-} ]] && read_process "$ancestor"; do
  own[ancestor]=yes
  ancestor=$process_parent
done

# True if the identified PID is never touched: pid 1, kernel threads, ourselves, what the instance is reached and run by.
is_protected() {
  local name
  [[ $1 -ne 1 && -z ${own[$1]-} ]] || return 0
  if ((process_flags & 0x200000)); then return 0; fi # PF_KTHREAD; pid 2 says it only outside a process namespace
  for name in "${any_names[@]}"; do
    case $name in
    # Some are cut, for the kernel keeps 15 bytes of a name.
    sshd* | amazon-ssm-age* | ssm-agent-work* | ssm-document-w* | ssm-session-wo* | amazon-cloudwat*) return 0 ;;
    containerd | containerd-shim* | dockerd | docker-containe* | crio | conmon | podman | kubelet | runc) return 0 ;;
    systemd* | '(sd-pam)' | dbus-daemon | dbus-broker* | agetty | init) return 0 ;;
    esac
  done
  listed protected "$protected"
}

# Sets refusal to why the identified PID must not be stopped; empty if it may be.
refuse_process() {
  refusal=
  if is_protected "$1"; then refusal=protected; elif ! listed expendable "$expendable"; then refusal=not-expendable; fi
  if [[ -z $refusal ]] && is_container_init; then refusal="pid 1 of a container: its runtime's affair"; fi
}

# True if PID is still the process that was measured.
is_same() {
  read_process "$1" && [[ $process_start == "${start_of[$1]}" ]] && ! has_ended
}

# --- stopping ---

# Signals PID by its start time, checked right before: no process is started in between.
signal_process() { is_same "$2" && kill -s "$1" "$2" 2>/dev/null; }

# True if all processes of UNIT may be stopped: a restart of a unit stops every one of them, not its main process alone.
unit_is_expendable() {
  local wanted=$1 entry pid
  for entry in /proc/[0-9]*; do
    pid=${entry##*/}
    # What has ended already, nothing can harm.
    if ! read_process "$pid" || has_ended || ! identify "$pid" || [[ $unit != "$wanted" ]]; then continue; fi
    refuse_process "$pid"
    [[ -z $refusal ]] || return 1
  done
}

# Stops the identified PID: TERM, wait, then KILL; the main process of a unit through its manager. Sets how it was stopped:
# terminated, killed, restarted, restart-asked (it did not end in our time); else why_not, or neither if it was gone.
stop_process() {
  local pid=$1 tries main='' its_unit=$unit code=0
  how='' why_not=''
  tell_evidence
  if [[ $unit == *.service ]] && command -v systemctl >/dev/null; then
    main=$(timeout -k 1 10 systemctl show -p MainPID "$unit" 2>/dev/null 9>&-) || main=
  fi
  if [[ $main == "MainPID=$pid" ]]; then
    is_same "$pid" || return 0
    if ! unit_is_expendable "$its_unit"; then
      why_not='its unit holds processes that are not expendable'
      return 0
    fi
    is_same "$pid" || return 0
    # Through its manager, or that would start it again behind our back. 9 is our lock, which a daemon must not inherit.
    timeout -k 1 60 systemctl restart "$its_unit" >/dev/null 2>&1 9>&- || code=$?
    case $code in
    0) how=restarted ;;
    124 | 137) how=restart-asked ;; # the manager goes on with it
    *) why_not='would not stop' ;;
    esac
    return 0
  fi
  signal_process TERM "$pid" || return 0
  for ((tries = term_wait_seconds * 10; tries > 0; tries--)); do
    if ! is_same "$pid"; then
      how=terminated
      return 0
    fi
    sleep 0.1
  done
  if signal_process KILL "$pid"; then how=killed; else how=terminated; fi
  for ((tries = 20; tries > 0; tries--)); do
    is_same "$pid" || return 0
    sleep 0.1
  done
  how='' why_not='would not stop' # waiting in the kernel, where no signal reaches
}

# Reports a change: WHAT was done to PID of user id USER, and of its own kind NAME and VALUE.
change_process() {
  changes+=("{\"what\":\"$1\",\"pid\":$2,\"comm\":$(json_string "$(printable_name "${name_of[$2]}")"),\"user\":$(json_string "$(user_name "$3")"),\"$4\":$5}")
}
