#!/usr/bin/env bash
# Frees inodes of the file system at SSM_MountPath, least harm first, until SSM_StopAtPercent of them are used: `remedies/cleaning.sh`
# deletes old files, and in the same passes the old folders that are empty.
# shellcheck disable=SC2154,SC2034 # the preamble and cleaning.sh set what is not set here, and read what is not read here
empty_folders=${SSM_EmptyFolders-temporary}

begin_repair
require_cleaning_parameters
require_parameter EmptyFolders "$empty_folders" 'temporary|all|none'

# --- what the file system says ---

read_inodes() {
  total=
  read -r total free < <(timeout -k 1 10 stat -f -c '%c %d' -- "$mount_path" 2>/dev/null) || true
  [[ $total =~ ^[1-9][0-9]*$ && $free =~ ^[0-9]+$ ]] || finish unknown "$mount_path stopped telling its inodes" disk-unreadable
  used=$((total - free))
}

# True once there is no need to delete more. Asked before every folder: never more than needed.
has_room() {
  read_inodes
  ((used * 100 <= stop_at_percent * total))
}

# Lines of "<inodes> <folder>", most first: each folder with what lies directly in it. A walk that takes too long is cut, and says so.
crowded_folders() {
  local walked=0
  nice -n 19 timeout -k 1 20 du --inodes -x -S -0 -- "$mount_path" 2>/dev/null 8>&- >"$work/crowded" || walked=$?
  # A name may hold a newline, and mawk cannot read NUL.
  sed -z 's/\n/?/g' <"$work/crowded" | tr '\0' '\n' | sort -k1,1nr -T "$work" | awk 'NR <= 6 { sub(/\t/, " "); print }'
  ((walked != 124)) || printf 'not all folders were counted within 20 s\n'
  rm -f -- "$work/crowded"
}

read_inodes
used_before=$used percent_before=$(tenths $((used * 1000 / total)))
report_evidence inodesBefore "$used of $total used"
report_evidence_lines mostInodes < <(crowded_folders)

# --- empty folders ---

# Prints the inodes of the folders on DEVICE (any: on all) that a process is in, has for its root or holds open; false if that cannot be
# told. Where this script stands is the test of the reading.
held_folders() {
  local held=$work/held-folders self
  self=$(stat -L -c '%d %i' .)
  { printf '%s\0' /proc/[0-9]*/cwd /proc/[0-9]*/root | timeout -k 1 30 xargs -0 -n 4000 stat -L -c '%d %i' -- 2>/dev/null || true; } >"$held"
  { printf '%s\0' /proc/[0-9]*/fd |
    timeout -k 1 30 xargs -0 -n 4000 sh -c 'exec find -L "$@" -mindepth 1 -maxdepth 1 -type d -printf "%D %i\n"' find 2>/dev/null ||
    true; } >>"$held"
  grep -qxF -- "$self" "$held" || return 1
  awk -v device="$1" 'device == "any" || $1 == device { print $2 }' "$held" | sort -n -u -T "$work"
}

# Asked by clean, in the folder that it cleans: adds to its find expression the folders that go when they are old and empty. find goes
# bottom up and knows each folder's age from before it went in, so that a folder goes together with the last old file in it.
also_remove() {
  local held=() is_held=()
  case $empty_folders:$1 in
  temporary:temporaryFiles | all:temporaryFiles | all:cleanableFolders) ;;
  *) return 0 ;;
  esac
  if ! held_folders "$2" >"$work/inodes" || ! mapfile -t held <"$work/inodes" || ! test_held d; then
    report_left 'empty folders left, for it cannot be told which are in use' 1
    return 0
  fi
  # A service's private /tmp is mounted in its own namespace only, and looks empty and old from here; sockets' folders are made at boot.
  also=(-o -type d ! -name . ! -path './systemd-private-*' ! -path './snap*' ! -path './.*-unix'
    ${outside[@]+"${outside[@]}"} "${age[@]}" ! '(' "${is_held[@]}" ')' -empty -delete -printf 'e%T@\t%P')
}

# --- the order, least harm first ---

begin_cleaning 600
clean_package_caches
clean_rotated_logs
clean_cleanable_folders
clean_temporary_files

# --- what was done ---

end_cleaning
read_inodes
percent_after=$(tenths $((used * 1000 / total)))
report_evidence inodesAfter "$used of $total used"
report_count emptyFolders "$folders_removed"
report_count inodesFreed "$((used_before > used ? used_before - used : 0))"

course="$mount_path $percent_before % -> $percent_after % of inodes used"
if ((files_deleted + folders_removed == 0)); then
  finish nothing-to-do "$course: nothing was found that may be deleted"
fi
finish changed "$course; files deleted: $files_deleted, empty folders: $folders_removed"
