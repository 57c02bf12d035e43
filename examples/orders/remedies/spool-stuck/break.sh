#!/usr/bin/env bash
# Leaves five orders in the hands of two workers that died, and decoys that a repair must spare. For the sandbox and for tests; may
# be run again.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
spool=/srv/orders/spool
mkdir -p -- "$spool/queue" "$spool/work" "$spool/done" /run/sandbox-faults

# Prints "<pid> <start time>" of PID.
name_of() {
  local stat fields
  stat=$(</proc/"$1"/stat)
  # shellcheck disable=SC2206
  fields=(${stat##*) })
  printf '%s %s\n' "$1" "${fields[19]}"
}

# take WORKER ORDER AGE: an order in the hands of WORKER ("<pid> <start time>") since AGE.
take() {
  local folder=$spool/work/${1/ /-}
  mkdir -p -- "$folder"
  printf '{"order":"%s","lines":[{"article":"A-17","count":2}]}\n' "$2" >"$folder/$2"
  touch -d "$3" -- "$folder/$2"
}

# Workers that died: a subshell each, gone as soon as it has said who it was.
first=$(name_of "$BASHPID") second=$(name_of "$BASHPID")
for order in 1001 1002 1003; do take "$first" "$order.json" '2 hours ago'; done
take "$second" '1004 (express).json' '40 minutes ago'
take "$second" 1005.json '40 minutes ago'

# A worker that works on an order since a minute, another order that waits, and one that is done.
if [[ ! -e /run/sandbox-faults/order-worker.pid ]]; then
  cp -f -- "$(readlink -f -- "$(command -v sleep)")" /run/sandbox-faults/order-worker
  setsid /run/sandbox-faults/order-worker infinity </dev/null >/dev/null 2>&1 9>&- &
  printf '%s\n' "$!" >/run/sandbox-faults/order-worker.pid
fi
living=$(name_of "$(</run/sandbox-faults/order-worker.pid)")
take "$living" 1006.json '1 minute ago'
printf '{"order":"1007"}\n' >"$spool/queue/1007.json"
printf '{"order":"0999"}\n' >"$spool/done/0999.json"
touch -d '30 days ago' -- "$spool/queue/1007.json" "$spool/done/0999.json"
sha256sum -- "$spool/work/${living/ /-}/1006.json" "$spool/queue/1007.json" "$spool/done/0999.json" >/run/sandbox-decoys-spool-stuck
printf '%s order-worker\n' "$living" >>/run/sandbox-decoys-spool-stuck
find "$spool/work" -type f -mmin +15 -printf '%P '
