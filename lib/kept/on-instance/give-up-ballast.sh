#!/usr/bin/env bash
# Gives the ballast up where its disk has no room left: no command could reach the instance any more, and so no remedy.
# Before it stands remedies/ballast.sh.
# shellcheck disable=SC2154 # ballast.sh sets them
set -o errexit -o nounset -o pipefail
export LC_ALL=C

is_ballast || exit 0
# Blocks and inodes that root may still use: the agent is root's.
read -r size available < <(stat -f -c '%b %f' -- "$ballast")
((available * 100 < size)) || exit 0
give_up_ballast "$(stat -c %d -- "$ballast")"
printf '%s: gave up %d MiB\n' "$ballast" $((ballast_bytes >> 20))
# In memory, for the next repair's evidence.
printf '%d MiB at %s\n' $((ballast_bytes >> 20)) "$(date -u +%FT%TZ)" >/run/self-healing/ballast-given-up
