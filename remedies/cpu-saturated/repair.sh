#!/usr/bin/env bash
# Stops what the configuration calls expendable, worst first, one at a time and no more than needed; eases the rest.
# shellcheck disable=SC2154 # the preamble sets what is not set here
threshold_percent=${SSM_ThresholdPercent-95}
sample_seconds=${SSM_SampleSeconds-3}
minimum_share_percent=${SSM_MinimumSharePercent-10}
maximum_kills=${SSM_MaximumKills-3}
term_wait_seconds=${SSM_TermWaitSeconds-10}
expendable=${SSM_Expendable-}
protected=${SSM_Protected-}
eased_nice=10
maximum_eased=5

begin_repair
list_pattern='((user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100}(;(user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100})*)?'
require_parameter ThresholdPercent "$threshold_percent" '[1-9][0-9]?'
require_parameter SampleSeconds "$sample_seconds" '[1-9][0-9]?'
require_parameter MinimumSharePercent "$minimum_share_percent" '[1-9][0-9]?'
require_parameter MaximumKills "$maximum_kills" '[0-9]{1,2}'
require_parameter TermWaitSeconds "$term_wait_seconds" '[1-9][0-9]?'
require_parameter Expendable "$expendable" "$list_pattern"
require_parameter Protected "$protected" "$list_pattern"

# --- who a process is ---

# Sets the names, users, unit and slices of PID. False if it is gone.
#
# What makes a process expendable must not be a name that it, or the data it works on, chose (S15). So `command` is the base name
# of the program file. Of an interpreter, whose file says nothing, it is the script's, if the kernel itself took the process's
# name from that script, as it does for one that is run by its own #! line. A title (argv[0]) or a name set later never counts.
# What protects is the other way round: any name that the process bears will do.
identify() {
  local pid=$1 line key value path arguments=() argument path_parts=()
  commands=() any_names=() users=() unit='' slices=()
  read_process "$pid" || return 1
  any_names=("$process_name")
  path=$(readlink -- "/proc/$pid/exe") || path=
  path=${path% (deleted)}
  if [[ -n $path ]]; then
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
  while IFS=$'\t' read -r key value; do
    # Real, effective, saved, file system: one who borrowed another's rights is not simply that user.
    [[ $key != Uid: ]] || read -r -a users < <(printf '%s' "$value") || true
  done 2>/dev/null <"/proc/$pid/status" || return 1
  ((${#users[@]} == 4)) || return 1
  # The unit is the first one below the slices: what a unit or a user names below its own is their own affair.
  while IFS= read -r line; do
    [[ $line == 0::* || $line == *:name=systemd:* ]] || continue
    unit='' slices=()
    IFS=/ read -r -a path_parts < <(printf '%s' "${line#*:*:}") || true
    for value in ${path_parts[@]+"${path_parts[@]}"}; do
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
  done 2>/dev/null <"/proc/$pid/cgroup" || true
}

# Prints the name of user id UID, or the number; the directory that knows it may not answer.
user_name() {
  local line
  line=$(timeout -k 1 5 getent passwd "$1" 2>/dev/null) || line=
  printf '%s' "${line%%:*}" | grep . || printf '%s' "$1"
}

# True if the identified process matches an entry of LIST. KIND expendable: strictly, by all its user ids; protected: by any.
listed() {
  local entry value name line code entries=()
  IFS=';' read -r -a entries < <(printf '%s' "$2") || true
  for entry in ${entries[@]+"${entries[@]}"}; do
    value=${entry#*=} code=0
    case $entry in
    user=*)
      # 2: there is no such user here. Any other failure: it cannot be told, and then nobody is harmed.
      line=$(timeout -k 1 5 getent passwd "$value" 2>/dev/null) || code=$?
      if ((code == 2)); then continue; fi
      if ((code != 0)); then
        [[ $1 == protected ]]
        return
      fi
      IFS=: read -r _ _ name _ < <(printf '%s' "$line") || true
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

# True if PID is still the process that was measured (S16).
is_same() {
  read_process "$1" && [[ $process_start == "${start_of[$1]}" && $process_state != [ZX] ]]
}

# --- stopping ---

# Signals PID by its start time, checked right before: no process is started in between.
signal_process() { is_same "$2" && kill -s "$1" "$2" 2>/dev/null; }

# True if all processes of UNIT may be stopped: a restart of a unit stops every one of them, not its main process alone.
unit_is_expendable() {
  local wanted=$1 entry pid
  for entry in /proc/[0-9]*; do
    pid=${entry##*/}
    if ! identify "$pid" || [[ $unit != "$wanted" ]]; then continue; fi
    if is_protected "$pid" || ! listed expendable "$expendable"; then return 1; fi
  done
}

# Sets how PID was stopped: terminated, killed, restarted, restart-asked (it did not end in our time); empty if it was gone,
# none if it would not stop, shared if its unit holds what may not be stopped.
stop_process() {
  local pid=$1 tries main='' its_unit=$unit code=0
  how=
  if [[ $unit == *.service ]] && command -v systemctl >/dev/null; then
    main=$(timeout -k 1 10 systemctl show -p MainPID "$unit" 2>/dev/null 9>&-) || main=
  fi
  if [[ $main == "MainPID=$pid" ]]; then
    is_same "$pid" || return 0
    if ! unit_is_expendable "$its_unit"; then
      how=shared
      return 0
    fi
    is_same "$pid" || return 0
    # Through its manager, or that would start it again behind our back. 9 is our lock, which a daemon must not inherit.
    timeout -k 1 60 systemctl restart "$its_unit" >/dev/null 2>&1 9>&- || code=$?
    case $code in
    0) how=restarted ;;
    124 | 137) how=restart-asked ;; # the manager goes on with it
    *) how=none ;;
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
  how=none # waiting in the kernel, where no signal reaches
}

change() { # WHAT PID
  changes+=("{\"what\":\"$1\",\"pid\":$2,\"comm\":$(json_string "$(printable_name "${name_of[$2]}")"),\"user\":$(json_string "$(user_name "${users[1]}")"),\"cpuPercent\":$(tenths "${share_tenths[$2]}")}")
}

why_left=()
tell_left() {
  local pid
  for pid in "${!why_left[@]}"; do report_left "${why_left[$pid]}" 1; done
}

measure() {
  if ! sample_cpu "$sample_seconds"; then
    tell_left
    finish unknown 'the cpu cannot be read any more' cpu-unreadable
  fi
}

is_saturated() { ((busy_tenths >= threshold_percent * 10)); }

# Names and shares alone: arguments and environments carry passwords (S31).
top_processes() {
  local pid
  for pid in ${by_share[@]+"${by_share[@]:0:10}"}; do
    identify "$pid" || continue
    printf '%s %s %s %s %%\n' "$pid" "$(printable_name "${name_of[$pid]}")" "$(user_name "${users[1]}")" "$(tenths "${share_tenths[$pid]}")"
  done
}

measure
report_evidence busyBefore "$(tenths "$busy_tenths") %"
report_evidence_lines topBefore < <(top_processes)
busy_before=$busy_tenths

# A deficit is at most the whole CPU, so who uses the minimum share of the whole frees at least that share of the deficit (S15).
stopped=0
declare -A tried=()
while is_saturated; do
  candidate=
  for pid in ${by_share[@]+"${by_share[@]}"}; do
    [[ -z ${tried[$pid:${start_of[$pid]}]-} ]] || continue
    if ! identify "$pid" || ! is_same "$pid"; then continue; fi
    if is_protected "$pid"; then
      ((share_tenths[pid] < minimum_share_percent * 10)) || why_left[pid]=protected
    elif ! listed expendable "$expendable"; then
      ((share_tenths[pid] < minimum_share_percent * 10)) || why_left[pid]=not-expendable
    elif ((share_tenths[pid] < minimum_share_percent * 10)); then
      why_left[pid]=below-share
    elif ((stopped >= maximum_kills)); then
      why_left[pid]=limit
    else
      candidate=$pid candidate_users=("${users[@]}")
      break
    fi
  done
  [[ -n $candidate ]] || break
  tried[$candidate:${start_of[$candidate]}]=yes
  unset "why_left[$candidate]"
  stop_process "$candidate"
  case $how in
  '') ;;
  none) why_left[candidate]='would not stop' ;;
  shared) why_left[candidate]='its unit holds processes that are not expendable' ;;
  *)
    stopped=$((stopped + 1))
    users=("${candidate_users[@]}") # stopping looked at others meanwhile
    change "$how" "$candidate"
    ;;
  esac
  measure
done

# --- easing what may not be stopped ---

# Lowers the priority of PID's threads that have the process's own; a priority is a thread's, and renice takes one at a time.
# Recorded first, so that even an attempt that is killed here can be undone.
eased=0
if is_saturated; then
  for pid in ${by_share[@]+"${by_share[@]}"}; do
    ((eased < maximum_eased && share_tenths[pid] >= minimum_share_percent * 10)) || break
    if ! identify "$pid" || ! is_same "$pid" || is_protected "$pid" || ((process_nice >= eased_nice)); then continue; fi
    nice=$process_nice
    printf '%s %s %s %s\n' "$pid" "$process_start" "$nice" "$(printable_name "$process_name")" >>"$state_folder/eased"
    renice_threads "$pid" "$nice" "$eased_nice" || continue
    eased=$((eased + 1))
    change eased "$pid"
  done
  ((eased == 0)) || measure
fi

# --- what was done ---

report_evidence busyAfter "$(tenths "$busy_tenths") %"
report_count stopped "$stopped"
report_count eased "$eased"
tell_left
course="cpu $(tenths "$busy_before") % -> $(tenths "$busy_tenths") % busy"
if ((stopped + eased == 0)); then
  finish nothing-to-do "$course: nothing was found that may be stopped or eased"
fi
finish changed "$course; processes stopped: $stopped, eased: $eased"
