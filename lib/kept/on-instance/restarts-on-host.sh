#!/usr/bin/env bash
# Prints, for each unit of SSM_Units that is here, how often systemd restarted it by itself since this was asked last; fails where
# none is here. What it saw last is kept in memory.
# shellcheck disable=SC2154 # the runner sets SSM_Units
set -o errexit -o nounset -o pipefail
export LC_ALL=C
seen=${TMPDIR:-/run}/restarts-on-host
# A measurement that begins later than the instance did would take for new what is old.
read -r up_seconds _ </proc/uptime
begins_with_boot=$((${up_seconds%.*} < 600))

declare -A last=()
if [[ -f $seen ]]; then
  while read -r unit restarts; do last[$unit]=$restarts; done <"$seen"
fi
lines=() kept=()
for unit in $SSM_Units; do
  [[ $(systemctl show --value -p LoadState -- "$unit") == loaded ]] || continue
  restarts=$(systemctl show --value -p NRestarts -- "$unit")
  [[ $restarts =~ ^[0-9]{1,9}$ ]] || continue
  before=${last[$unit]-$((begins_with_boot ? 0 : restarts))}
  # Who starts it by hand makes systemd count anew.
  if ((restarts < before)); then before=0; fi
  lines+=("$((restarts - before)) $unit")
  kept+=("$unit $restarts")
done
((${#lines[@]} > 0))
printf '%s\n' "${kept[@]}" >"$seen.part"
mv -f -- "$seen.part" "$seen"
printf '%s\n' "${lines[@]}"
