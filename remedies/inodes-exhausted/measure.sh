#!/usr/bin/env bash
# Prints the values of the metric inodes_used_percent: for each local file system that counts inodes and can be written, how many
# percent of them are used, and its mount path. One that does not answer gives none; fails where there is none at all.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
most_mounts=20 # each is a metric that is paid for

# The paths come from the kernel's list, as pid 1 sees it: the timer's service sees everything as read-only. Only local file systems
# are asked, for a mount whose server is gone answers to nobody.
seen_devices=' ' count=0 printed=0
while read -r _ _ device place path options rest; do
  # No here-string: bash keeps it in a file, for which there may be no inode.
  rest=${rest##*- }
  type=${rest%% *} super=${rest##* }
  case $type in
  ext2 | ext3 | ext4 | xfs | f2fs | jfs | reiserfs | zfs) ;;
  tmpfs)
    # Not the system's own, nor a container's: there is nothing in them that could be cleaned.
    case $path in /run | /run/* | /dev | /dev/* | /sys/* | /proc/* | /var/lib/* | /var/run/* | /snap/*) continue ;; esac
    ;;
  *) continue ;;
  esac
  # One value a file system: a part of it that is mounted elsewhere, too, says nothing new. What is read-only cannot fill up.
  [[ ($place == / || $path == /) && ,$options, == *,rw,* && ,$super, == *,rw,* && $seen_devices != *" $device "* ]] || continue
  if ! [[ $path =~ ^/[A-Za-z0-9._/-]{0,200}$ ]]; then
    printf 'not measured, for its path has other characters: %q\n' "$path" >&2
    continue
  fi
  seen_devices+="$device "
  count=$((count + 1))
  if ((count > most_mounts || SECONDS > 12)); then
    printf 'not all file systems were measured\n' >&2
    break
  fi
  read -r total free < <(timeout -k 1 5 stat -f -c '%c %d' -- "$path") || true
  if ! [[ ${total-} =~ ^[0-9]+$ && ${free-} =~ ^[0-9]+$ ]]; then
    printf 'no answer from %s\n' "$path" >&2
    continue
  fi
  # btrfs and the like make inodes as they need them, and say 0
  ((total > 0)) || continue
  printf '%d %s\n' $(((total - free) * 100 / total)) "$path"
  printed=$((printed + 1))
done </proc/1/mountinfo
((printed > 0))
