#!/usr/bin/env bash
# Puts those orders back into the queue whose worker is gone: work/<pid>-<start time>/<order> becomes queue/<order>, by one rename.
# shellcheck disable=SC2154 # the preamble sets what is not set here
most=5000

begin_repair
require_parameter SpoolFolder "${SSM_SpoolFolder=/srv/orders/spool}" '/srv(/[A-Za-z0-9][A-Za-z0-9._-]{0,60}){1,6}'
require_parameter AgeMinutes "${SSM_AgeMinutes=15}" '[1-9][0-9]{0,4}'
# A link on the way would lead elsewhere. From here on every name is relative to the folder that was entered.
if ! cd -P -- "$SSM_SpoolFolder" || [[ $(env pwd -P) != "$SSM_SpoolFolder" ]]; then
  finish refused "$SSM_SpoolFolder is not its own resolved path" folder-not-resolved
fi
if [[ ! -d queue || -L queue || ! -d work || -L work ]]; then
  finish refused 'the spool has no folders queue and work' no-spool
fi
# From one mount to another mv copies and deletes: an order could be there twice, or half.
if awk -v spool="$SSM_SpoolFolder/" 'index($5, spool) == 1 { found = 1 } END { exit !found }' /proc/self/mountinfo; then
  finish refused 'something is mounted inside the spool: no rename leads out of it' mounted-inside
fi

# True if the worker that FOLDER is named for is gone: with its start time a pid is one process, and gone is gone for ever (S16).
is_gone() {
  local pid=${1%-*} start=${1#*-}
  ! read_process "$pid" || [[ $process_start != "$start" || $process_state == [ZX] ]]
}

# Moves work/WORKER/ORDER into the queue, never into another order's place; an older mv says nothing where -n kept it from moving.
put_back() {
  [[ ! -e queue/$2 && ! -L queue/$2 ]] && mv -n -T -- "work/$1/$2" "queue/$2" 2>/dev/null && [[ ! -e work/$1/$2 ]]
}

returned=0
while IFS= read -r -d '' path; do
  worker=${path%%/*} order=${path#*/}
  if ! [[ $worker =~ ^[1-9][0-9]{0,9}-[0-9]{1,19}$ ]]; then
    report_left 'its folder names no worker' 1
  elif ! is_gone "$worker"; then
    report_left 'its worker is alive' 1
  elif ((returned >= most)); then
    report_left 'more than are put back at once' 1
  elif put_back "$worker" "$order"; then
    returned=$((returned + 1))
    ((${#changes[@]} >= 20)) || changes+=("{\"what\":\"put back\",\"order\":$(json_string "$order"),\"pid\":${worker%-*}}")
  elif [[ -e queue/$order || -L queue/$order ]]; then
    report_left 'another order of that name is in the queue' 1
  else
    report_left 'could not be put back' 1
  fi
done < <(timeout -k 1 20 find work -mindepth 2 -maxdepth 2 -ignore_readdir_race -type f -mmin "+$SSM_AgeMinutes" -printf '%P\0')

# The folder of a worker that is gone goes with its last order: rmdir takes an empty one only.
while IFS= read -r -d '' worker; do
  if [[ $worker =~ ^[1-9][0-9]{0,9}-[0-9]{1,19}$ ]] && is_gone "$worker"; then rmdir -- "work/$worker" 2>/dev/null || true; fi
done < <(find work -mindepth 1 -maxdepth 1 -type d -empty -printf '%P\0')

report_count returned "$returned"
((returned > 0)) || finish nothing-to-do 'no order was found whose worker is gone'
finish changed "orders put back into the queue: $returned"
