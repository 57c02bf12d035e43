#!/usr/bin/env bash
# A chore: cleans an instance that is well, by allow-list and age alone, however full its disks are. Stands behind `cleaning.sh` and
# before the chore's own `clean.sh`. Its document sets `act`: `clean` deletes, `preview` counts what would be deleted.
# shellcheck disable=SC2154,SC2034 # the preamble and cleaning.sh set what is not set here, and read what is not read here

# What the instance is for comes first: one finder, at the lowest priority.
finders=1
renice -n 19 -p $$ >/dev/null 2>&1 || true
ionice -c 3 -p $$ >/dev/null 2>&1 || true

# However full the disk is: by age alone.
has_room() { false; }

if [[ $act == preview ]]; then
  # It deletes nothing, and keeps nothing of itself.
  deleting=()
  finish() { decline "$@"; }
fi

begin_chore() {
  if [[ $act == preview ]]; then
    if ! work=$(mktemp -d /run/self-healing-preview.XXXXXXXX 2>/dev/null); then
      decline refused '/run cannot be written' state-folder-unusable
    fi
    trap 'rm -rf -- "$work"' EXIT
    trap 'exit 143' TERM INT HUP
    exec 9>"$work/lock"
  else
    take_turn
  fi
  # Long before the document's time-out, which would cut the report; what is left is for the next run.
  begin_cleaning 300
}

finish_chore() {
  local mebibytes
  end_cleaning
  mebibytes=$((bytes_deleted >> 20))
  if [[ $act == preview ]]; then manifest=; else bytes_freed=$bytes_deleted; fi
  if ((files_deleted == 0)); then finish nothing-to-do 'nothing that may be deleted is old enough'; fi
  if [[ $act == preview ]]; then finish would-change "would delete $files_deleted files, $mebibytes MiB"; fi
  finish changed "files deleted: $files_deleted; $mebibytes MiB freed"
}
