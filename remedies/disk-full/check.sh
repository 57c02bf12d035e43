#!/usr/bin/env bash
# Is the file system at SSM_MountPath fuller than SSM_ThresholdPercent? As df counts: used of used and available, so that what is
# reserved for root counts as used.
# shellcheck disable=SC2154 # the preamble sets what is not set here
verdict=2
seen='the disk could not be read'
# Whatever ends this script, one line and a verdict: a crash must not look like "unhealthy".
trap 'printf "%.80s\n" "$seen"; exit "$verdict"' EXIT

mount_path=${SSM_MountPath-}
limit=${SSM_ThresholdPercent-90}
if ! [[ $mount_path =~ ^/[A-Za-z0-9._/-]{0,200}$ && $limit =~ ^[1-9][0-9]?$ ]]; then
  seen='a parameter is not of its pattern'
  exit
fi
show "$mount_path"
((${#shown} <= 34)) || shown=${shown:0:31}...
# A mount whose server is gone answers to nobody: hence the timeouts.
if ! timeout -k 1 10 mountpoint -q -- "$mount_path" 2>/dev/null; then
  seen="not a mount point: $shown"
  exit
fi
{ read -r _ && read -r used available; } < <(timeout -k 1 10 df -B1 --output=used,avail -- "$mount_path" 2>/dev/null) || true
if ! [[ ${used-} =~ ^[0-9]+$ && ${available-} =~ ^[0-9]+$ ]] || ((used + available == 0)); then
  seen="df gives no numbers for $shown"
  exit
fi
if ((used * 100 >= limit * (used + available))); then verdict=1; else verdict=0; fi
seen="$shown $(tenths $((used * 1000 / (used + available)))) % used, $((available >> 20)) MiB free, limit $limit %"
