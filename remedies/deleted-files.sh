#!/usr/bin/env bash
# Files that were deleted while a process held them open: their room comes back when they are closed, or cut to nothing through the
# descriptor that holds them. What may be done with them says the parameter DeletedOpenFiles. Stands behind cleaning.sh.
# shellcheck disable=SC2154,SC2034 # what is set here is used by the scripts that follow, and the other way round
deleted_open_files=${SSM_DeletedOpenFiles-report}
# Smaller ones are not worth a line.
least_deleted_kibibytes=1024
longest_restart_seconds=60 most_restarts=2

require_deleted_parameters() {
  require_parameter DeletedOpenFiles "$deleted_open_files" 'report|truncate|restart'
  [[ $deleted_open_files != restart ]] || require_services
}

# By number, biggest first: bytes of room, inode, who holds it (`pid/fd/number`, or `pid/map_files/range`), name, size, time of change.
deleted_bytes=() deleted_inode=() deleted_holders=() deleted_name=() deleted_size=() deleted_changed=()

# Finds the deleted files on the sick device that are held open or mapped.
find_deleted() {
  local blocks inode size changed place name last='' n=-1
  deleted_bytes=() deleted_inode=() deleted_holders=() deleted_name=() deleted_size=() deleted_changed=()
  while read -r blocks inode size changed place; do
    if [[ $inode != "$last" ]]; then
      ((${#deleted_inode[@]} < 20)) || break
      last=$inode n=$((n + 1))
      deleted_bytes[n]=$((blocks * 512)) deleted_inode[n]=$inode deleted_size[n]=$size deleted_changed[n]=$changed deleted_holders[n]=''
      # With its newlines: the x guards them.
      name=$(readlink -- "/proc/$place" && printf x) || name=
      name=${name%$'\n'x}
      deleted_name[n]=${name% (deleted)}
    fi
    deleted_holders[n]+=" $place"
  done < <(printf '%s\0' /proc/[0-9]*/fd /proc/[0-9]*/map_files |
    timeout -k 1 30 xargs -0 -n 4000 sh -c 'exec find -L "$@" -maxdepth 1 -type f -links 0 -printf "%D %b %i %s %T@ %p\n"' find 2>/dev/null |
    awk -v device="$sick_device" -v least="$least_deleted_kibibytes" \
      '$1 == device && $2 >= least * 2 { sub(/^[0-9]+ /, ""); sub(/\/proc\//, ""); print }' |
    sort -k1,1nr -k2,2n -k5,5 -T "$work" || true)
}

# Who holds a deleted file, each once: `name pid unit`, at most three of them. Sets the first one's pid.
name_holders() {
  local place pid shown=() seen=''
  holder_pid=
  for place in $1; do
    pid=${place%%/*}
    [[ " $seen " != *" $pid "* ]] || continue
    seen+=" $pid"
    identify "$pid" || continue
    holder_pid=${holder_pid:-$pid}
    start_of[pid]=$process_start name_of[pid]=$process_name
    if ((${#shown[@]} < 3)); then shown+=("$(printable_name "$process_name") $pid${unit:+ $(printable_name "$unit")}"); fi
  done
  local IFS=,
  holders=${shown[*]-gone}
}

# One line of each of the biggest: MiB, who holds it, and its name.
deleted_lines() {
  local number
  for number in ${deleted_inode[@]+"${!deleted_inode[@]}"}; do
    ((number < 8)) || break
    name_holders "${deleted_holders[number]}"
    printf '%s MiB held by %s: %s\n' $((deleted_bytes[number] >> 20)) "$holders" "${deleted_name[number]//$'\n'/ }"
  done
}

report_deleted() {
  find_deleted
  ((${#deleted_inode[@]} == 0)) || report_evidence_lines deletedButOpen < <(deleted_lines)
}

# True if NAME is a log's: what writes it does not need what it wrote.
is_log_name() {
  [[ $1 == /var/log/* && $1 != /var/log/audit/* && $1 != /var/log/journal/* ]] || return 1
  [[ ${1##*/} =~ ^(messages|syslog|.*\.log)([.-][0-9]{1,8})?$ ]]
}

# Sets why_not to why the deleted file NUMBER must not be cut; empty if it may be: a log, or each of those that hold it may be stopped.
refuse_cut() {
  local place pid
  why_not=
  for place in ${deleted_holders[$1]}; do
    pid=${place%%/*}
    # What is mapped is read as memory: cutting it would end who reads it.
    if [[ $place == */map_files/* ]]; then
      why_not='a process has it mapped'
      return
    fi
    if is_log_name "${deleted_name[$1]}"; then continue; fi
    if ! identify "$pid"; then continue; fi
    refuse_process "$pid"
    if [[ -n $refusal ]]; then why_not="its holder is $refusal"; fi
  done
}

# Cuts INODE to nothing through PLACE. What is opened there is looked at once it is open, and only that is cut: the descriptor's number
# may have been given to another file (S16).
cut_deleted() {
  local pid=${2%%/*}
  is_same "$pid" || return 1
  # shellcheck disable=SC2016 # the inner bash's
  timeout -k 1 10 bash -c 'exec 7>>"/proc/$1" && [[ $(stat -L -c "%d %i %h %F" /proc/$$/fd/7) == "$2 $3 0 regular"*file ]] &&
    truncate -s 0 /proc/$$/fd/7' bash "$2" "$sick_device" "$1" 2>/dev/null 8>&- 9>&-
}

files_cut=0
cut_deleted_files() {
  local number place name
  [[ $deleted_open_files != report ]] || return 0
  ! has_room || return 0
  find_deleted
  for number in ${deleted_inode[@]+"${!deleted_inode[@]}"}; do
    ! has_room || break
    name_holders "${deleted_holders[number]}"
    [[ -n $holder_pid ]] || continue
    refuse_cut "$number"
    if [[ -z $why_not ]]; then
      why_not='could not be cut'
      for place in ${deleted_holders[number]}; do
        if cut_deleted "${deleted_inode[number]}" "$place"; then
          why_not=
          break
        fi
      done
    fi
    # What a restart may free is told after the restarts.
    if [[ -n $why_not ]]; then
      [[ $deleted_open_files == restart ]] || report_left "deleted but held open: $why_not" 1
      continue
    fi
    files_cut=$((files_cut + 1))
    name=${deleted_name[number]}
    note_in_manifest "${deleted_size[number]}" $((deleted_bytes[number] / 512)) "${deleted_changed[number]}" "$name"
    ((${#changes[@]} >= 20)) || changes+=("{\"what\":\"cut deleted file\",\"path\":$(json_string "$name"),\"bytesFreed\":${deleted_bytes[number]},\"pid\":$holder_pid,\"comm\":$(json_string "$(printable_name "${name_of[$holder_pid]}")")}")
  done
}

# Restarts the services that the configuration names and that hold deleted files, biggest first, one at a time, while there is not enough room.
holders_restarted=0
restart_holders() {
  local number place pid service service_of=() asked=''
  [[ $deleted_open_files == restart ]] || return 0
  ! has_room || return 0
  for service in ${service_units[@]+"${service_units[@]}"}; do
    read_service "$service"
    service_processes "$service"
    for pid in ${service_pids[@]+"${!service_pids[@]}"}; do service_of[pid]=$service; done
  done
  find_deleted
  for number in ${deleted_inode[@]+"${!deleted_inode[@]}"}; do
    ! has_room || return 0
    why_not='its holder is not among the services'
    for place in ${deleted_holders[number]}; do
      pid=${place%%/*}
      service=${service_of[pid]-}
      [[ -n $service ]] || continue
      why_not=
      [[ " $asked " != *" $service "* ]] || continue
      # Still one that holds it: the room that this frees is why it is disturbed.
      [[ $(stat -L -c '%d %i %h' -- "/proc/$place" 2>/dev/null) == "$sick_device ${deleted_inode[number]} 0" ]] || continue
      if ((holders_restarted >= most_restarts)); then
        why_not='limit of restarts'
        break
      fi
      asked+=" $service"
      restart_service "$service" "$longest_restart_seconds"
      [[ -n $how ]] || continue
      holders_restarted=$((holders_restarted + 1)) why_not=''
      change_service "$how" "$service"
    done
    [[ -z $why_not ]] || report_left "deleted but held open: $why_not" 1
  done
}

# What of this a person has to do: who holds what is in the evidence.
leave_deleted() {
  [[ $deleted_open_files == report ]] || return 0
  ! has_room || return 0
  # As they were found at first: nothing was done about them.
  report_left 'deleted but held open: DeletedOpenFiles says report' "${#deleted_inode[@]}"
}
