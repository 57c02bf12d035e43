#!/usr/bin/env bash
# Uses up about 95 % of the inodes of the file system at SSM_MountPath with what a neglected instance gathers, small old files and old
# empty folders, and with decoys that a repair must spare. For the sandbox and for tests; may be run again.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
mount_path=${SSM_MountPath:?the file system whose inodes to use up}
prefix=${mount_path%/}
decoy_list=/run/sandbox-decoys-inodes-exhausted

# decoy PATH AGE: writes a small file with content of its own and puts it on the list.
decoys=()
decoy() {
  mkdir -p -- "${1%/*}"
  [[ -e $1 ]] || printf 'decoy %s\n%s\n' "$1" "$(seq 1 100)" >"$1"
  touch -d "$2" -- "$1"
  decoys+=("$1")
}

# hold PATH: leaves a process named decoy-holder that keeps PATH open.
hold() {
  local entry
  for entry in /proc/[0-9]*/fd/3; do
    [[ ! $entry -ef $1 ]] || return 0
  done
  mkdir -p /run/sandbox-faults
  cp -f -- "$(readlink -f -- "$(command -v sleep)")" /run/sandbox-faults/decoy-holder 2>/dev/null || true
  setsid /run/sandbox-faults/decoy-holder infinity 3<"$1" </dev/null >/dev/null 2>&1 9>&- &
}

if [[ -z $prefix ]]; then
  sessions=/tmp/sessions old_tree=/var/tmp/render held=/tmp/sessions/sess_held
  decoy /tmp/sessions/sess_of_now now
  decoy /var/tmp/report-in-progress.part now
  decoy /var/lib/ledger/journal.0001 '90 days ago'
  decoy /home/operator/notes.txt '400 days ago'
else
  sessions=$prefix/cache/sessions old_tree=$prefix/cache/render held=$sessions/sess_held
  decoy "$sessions/sess_of_now" now
  decoy "$prefix/ledger/journal.0001" '90 days ago'
fi
decoy "$held" '3 days ago'
hold "$held"
sha256sum -- "${decoys[@]}" >"$decoy_list"

read -r total free < <(stat -f -c '%c %d' -- "$mount_path")
missing=$((total * 95 / 100 - (total - free)))
if ((missing > 0)); then
  # One in twenty is an empty folder.
  mkdir -p -- "$old_tree"
  seq 1 $((missing / 20)) | sed "s|^|$old_tree/frame-$BASHPID-|" | xargs mkdir -p --
  seq 1 $((missing - missing / 20)) | sed "s|^|$sessions/sess_$BASHPID-|" | xargs touch -d '3 days ago' --
fi
find "$old_tree" -depth -type d -exec touch -d '3 days ago' -- {} +
df -P -i -- "$mount_path" | tail -n 1
