#!/usr/bin/env bash
# Fills the file system at SSM_MountPath to about 95 % with what a neglected instance gathers, all of it older than the limits, and
# with decoys that a repair must spare. For the sandbox and for tests; may be run again.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
mount_path=${SSM_MountPath:?the file system to fill}
prefix=${mount_path%/}
decoy_list=/run/sandbox-decoys
device=$(stat -c %d -- "$mount_path")

# Prints the room that is missing for 95 %, in KiB; at least 0.
room_kibibytes() {
  local used available
  read -r used available < <(df -B1024 --output=used,avail -- "$mount_path" | tail -n 1)
  echo $(((used + available) * 95 / 100 > used ? (used + available) * 95 / 100 - used : 0))
}

# place PATH KIBIBYTES AGE: writes a file if its folder is on the file system to fill.
place() {
  mkdir -p -- "${1%/*}"
  [[ $(stat -c %d -- "${1%/*}") == "$device" && $2 -gt 0 ]] || return 0
  fallocate -l "$2KiB" -- "$1" 2>/dev/null || head -c "$(($2 * 1024))" /dev/zero >"$1" || true
  touch -d "$3" -- "$1"
}

# decoy PATH AGE: writes a small file with content of its own and puts it on the list.
decoys=()
decoy() {
  mkdir -p -- "${1%/*}"
  [[ -e $1 ]] || printf 'decoy %s\n%s\n' "$1" "$(seq 1 2000)" >"$1"
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
  held=/tmp/session-held-open.dat
  decoy "$held" '3 days ago'
  decoy /tmp/upload-in-progress.part now
  decoy /var/tmp/export-of-today.csv now
  decoy /var/lib/ledger/records.db '90 days ago'
  decoy /home/operator/thesis.txt '400 days ago'
else
  held=$prefix/cache/session-held-open.dat
  decoy "$held" '3 days ago'
  decoy "$prefix/cache/download-in-progress.part" now
  decoy "$prefix/ledger/records.db" '90 days ago'
fi
hold "$held"
sha256sum -- "${decoys[@]}" >"$decoy_list"

# Little in what is cleaned first, so that a repair has to come to the later categories.
room=$(room_kibibytes)
if [[ -z $prefix ]]; then
  for number in 1 2 3; do
    place "/var/cache/apt/archives/libexample${number}_1.${number}-1_amd64.deb" $((room * 2 / 100)) '20 days ago'
    place "/var/log/application/application.log.$number.gz" $((room * 3 / 100)) "$((number + 2)) days ago"
  done
  for number in {1..8}; do
    place "/tmp/render-$number.tmp" $((room * 8 / 100)) '3 days ago'
    place "/var/tmp/import-$number/rows.csv" $((room * 2 / 100)) '3 days ago'
  done
  place /tmp/core.4242 "$(room_kibibytes)" '2 days ago'
else
  for number in {1..16}; do
    place "$prefix/cache/thumbnails/$((number % 4))/tile $number.webp" $((room * 6 / 100)) "$((number + 2)) days ago"
  done
  place "$prefix/cache/index.old" "$(room_kibibytes)" '9 days ago'
fi
df -P -B1024 -- "$mount_path" | tail -n 1
