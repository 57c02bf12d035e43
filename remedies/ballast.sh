#!/usr/bin/env bash
# The ballast: a file of room that is given up first when a disk is full, since the SSM agent stops working where there is none
# left. State Manager puts it there, and back once there is room again.
# shellcheck disable=SC2034 # what is set here is used by the scripts that follow
ballast=/var/lib/self-healing/ballast

# True where it is what State Manager put there. Beneath /var/lib nothing else is ever deleted (S11), so all of it must be so:
# this path and no link's, a regular file of root's with one name, in a folder of root's alone, where nobody can swap it.
is_ballast() {
  [[ -f $ballast && ! -L $ballast && $(readlink -e -- "$ballast") == "$ballast" ]] &&
    [[ $(stat -c '%u %h' -- "$ballast") == '0 1' && $(stat -c '%u %a' -- "${ballast%/*}") == '0 700' ]]
}

# Sets ballast_bytes to what it held; 0 where there is none on DEVICE.
give_up_ballast() {
  ballast_bytes=0
  is_ballast && [[ $(stat -c %d -- "$ballast") == "$1" ]] || return 0
  ballast_bytes=$(($(stat -c %b -- "$ballast") * 512))
  rm -f -- "$ballast"
}

# In a repair of the disk DEVICE, before anything is deleted there: gives it up and tells so, or that the instance has done so before.
use_ballast() {
  local before=''
  give_up_ballast "$1"
  if ((ballast_bytes > 0)); then
    changes+=("{\"what\":\"ballast given up\",\"path\":\"$ballast\",\"bytesFreed\":$ballast_bytes}")
  elif { read -r before </run/self-healing/ballast-given-up; } 2>/dev/null; then
    report_evidence ballast "given up on the host before: $before"
  fi
}
