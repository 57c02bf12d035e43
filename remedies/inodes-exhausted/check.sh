#!/usr/bin/env bash
# Are SSM_ThresholdPercent or more of the inodes of the file system at SSM_MountPath used? As `df -i` counts.
# shellcheck disable=SC2154 # the preamble sets what is not set here
verdict=2
seen='the inodes could not be read'
# Whatever ends this script, one line and a verdict: a crash must not look like "unhealthy".
trap 'printf "%.80s\n" "$seen"; exit "$verdict"' EXIT

mount_path=${SSM_MountPath-}
limit=${SSM_ThresholdPercent-90}
if ! [[ $mount_path =~ ^/[A-Za-z0-9._/-]{0,200}$ && $limit =~ ^[1-9][0-9]?$ ]]; then
  seen='a parameter is not of its pattern'
  exit
fi
show "$mount_path"
((${#shown} <= 24)) || shown=${shown:0:21}...
# A mount whose server is gone answers to nobody: hence the timeouts.
if ! timeout -k 1 10 mountpoint -q -- "$mount_path" 2>/dev/null; then
  seen="not a mount point: $shown"
  exit
fi
read -r total free < <(timeout -k 1 10 stat -f -c '%c %d' -- "$mount_path" 2>/dev/null) || true
if ! [[ ${total-} =~ ^[0-9]+$ && ${free-} =~ ^[0-9]+$ ]]; then
  seen="no numbers of inodes for $shown"
  exit
fi
if ((total == 0)); then
  seen="$shown does not count inodes"
  exit
fi
used=$((total - free))
if ((used * 100 >= limit * total)); then verdict=1; else verdict=0; fi
seen="$shown $(tenths $((used * 1000 / total))) % of inodes used, $free free, limit $limit %"
