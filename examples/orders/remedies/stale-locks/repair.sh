#!/usr/bin/env bash
# Removes those old locks in SSM_LockFolder whose owner is gone, and no other: a lock names its owner by pid and start time.
# shellcheck disable=SC2154 # the preamble sets what is not set here
most=1000

begin_repair
require_parameter LockFolder "${SSM_LockFolder=/srv/orders/locks}" '/srv(/[A-Za-z0-9][A-Za-z0-9._-]{0,60}){1,6}'
require_parameter AgeMinutes "${SSM_AgeMinutes=60}" '[1-9][0-9]{0,4}'
# A link on the way would lead elsewhere. From here on every name is relative to the folder that was entered.
if ! cd -P -- "$SSM_LockFolder" || [[ $(env pwd -P) != "$SSM_LockFolder" ]]; then
  finish refused "$SSM_LockFolder is not its own resolved path" folder-not-resolved
fi

# Prints what was found, NUL-terminated, by the FORMAT of find.
old_locks() {
  timeout -k 1 20 find . -maxdepth 1 -ignore_readdir_race -type f -name '*.lock' -mmin "+$SSM_AgeMinutes" -printf "$1\0"
}

# Prints the owner "<pid> <start time>" of LOCK; false if it names none. A lock is small: no more than a line of it is read.
read_owner() {
  local line
  line=$(dd if="$1" iflag=nofollow,nonblock bs=64 count=1 status=none 2>/dev/null | tr '\0' '?') || return 1
  [[ $line =~ ^[1-9][0-9]{0,9}\ [0-9]{1,19}$ ]] && printf '%s\n' "$line"
}

# A pid alone may be another's by now; with its start time it is one process, and gone is gone for ever (S16).
is_gone() {
  local pid=${1% *} start=${1#* }
  ! read_process "$pid" || [[ $process_start != "$start" || $process_state == [ZX] ]]
}

# True if a process has LOCK open, such as one in a container, which knows itself by another pid than we do.
is_held() {
  [[ -n $(find -L /proc/[0-9]*/fd -maxdepth 1 -samefile "$1" -print -quit 2>/dev/null) ]]
}

# Gives the lock that is aside its NAME back, unless somebody took it meanwhile.
give_back() {
  ln -T -- ".removing.$1" "./$1" 2>/dev/null || true
  rm -f -- ".removing.$1"
}

# Removes the lock of NAME if it is OWNER's still: nobody takes a lock that is there, but a person may have removed it, and a batch
# taken it anew, since it was read. So it goes aside by one rename, is read again, and is given back if it changed hands.
remove_lock() {
  mv -f -T -- "./$1" ".removing.$1" 2>/dev/null || return 1
  if [[ $(read_owner ".removing.$1") == "$2" ]]; then
    rm -f -- ".removing.$1"
    return
  fi
  give_back "$1"
  return 1
}

# An attempt that was killed may have left a lock aside that had changed hands.
for aside in .removing.*; do
  if owner=$(read_owner "$aside") && ! is_gone "$owner"; then give_back "${aside#.removing.}"; fi
done

report_evidence_lines oldest < <(old_locks '%TY-%Tm-%Td %TH:%TM %f' | sort -z | head -z -n 10 | tr '\n\0' ' \n')
removed=0
while IFS= read -r -d '' lock; do
  if ! owner=$(read_owner "./$lock"); then
    report_left 'names no owner' 1
  elif ! is_gone "$owner"; then
    report_left 'its owner is alive' 1
  elif is_held "./$lock"; then
    report_left 'held open by a process' 1
  elif ((removed >= most)); then
    report_left 'more than are removed at once' 1
  elif remove_lock "$lock" "$owner"; then
    removed=$((removed + 1))
    ((${#changes[@]} >= 20)) || changes+=("{\"what\":\"removed\",\"lock\":$(json_string "$lock"),\"pid\":${owner% *}}")
  else
    report_left 'changed hands, or could not be removed' 1
  fi
done < <(old_locks %f)

report_count removed "$removed"
((removed > 0)) || finish nothing-to-do 'no old lock was found whose owner is gone'
finish changed "locks removed: $removed"
