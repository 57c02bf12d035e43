#!/usr/bin/env bash
# Leaves two old locks of batches that are gone, and decoys that a repair must spare. For the sandbox and for tests; may be run again.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
folder=/srv/orders/locks
mkdir -p -- "$folder" /srv/orders/archive /run/sandbox-faults

# Prints "<pid> <start time>" of PID, as a batch writes it into its lock.
owner_of() {
  local stat fields
  stat=$(</proc/"$1"/stat)
  # shellcheck disable=SC2206
  fields=(${stat##*) })
  printf '%s %s\n' "$1" "${fields[19]}"
}

# A batch that died with its lock: this shell's child, gone as soon as it has written its name.
for name in invoices 'price list'; do
  (owner_of "$BASHPID" >"$folder/$name.lock")
  touch -d '3 hours ago' -- "$folder/$name.lock"
done

# A batch that works: its lock is young, and its owner alive.
if [[ ! -e /run/sandbox-faults/night-run.pid ]]; then
  cp -f -- "$(readlink -f -- "$(command -v sleep)")" /run/sandbox-faults/night-run
  setsid /run/sandbox-faults/night-run infinity </dev/null >/dev/null 2>&1 9>&- &
  printf '%s\n' "$!" >/run/sandbox-faults/night-run.pid
fi
owner_of "$(</run/sandbox-faults/night-run.pid)" >"$folder/night-run.lock"
# The same batch's old lock, archived; a young lock whose owner just died, and may come back; what is no lock.
owner_of 1 >/srv/orders/archive/invoices.lock
(owner_of "$BASHPID" >"$folder/just-died.lock")
printf 'how locks work here\n' >"$folder/README"
touch -d '30 days ago' -- "$folder/README" /srv/orders/archive/invoices.lock
sha256sum -- "$folder"/{night-run.lock,just-died.lock,README} /srv/orders/archive/invoices.lock >/run/sandbox-decoys-stale-locks
owner_of "$(</run/sandbox-faults/night-run.pid)" | sed 's/$/ night-run/' >>/run/sandbox-decoys-stale-locks
find "$folder" -maxdepth 1 -name '*.lock' -mmin +60 -printf '%f '
