#!/usr/bin/env bash
# Keeps /proc/meminfo and /proc/zoneinfo of the instance that it runs in as if the instance had SSM_MemoryMiB of its own, in which
# are its processes' anonymous memory, its /dev/shm and caches of /run/views/cached MiB, until somebody drops them.
# Processes of less than 4 MiB are not counted: who looks at the memory changes nothing of it. /run/views/more has more lines, such as of swap.
set -uo pipefail
total=$((${SSM_MemoryMiB:?how much the instance is said to have} * 1024))
mkdir -p /run/views
# What the kernel keeps back for itself, and what of the caches it wants to keep: 1 MiB and 4 MiB.
printf 'Node 0, zone   Normal\n  pages free 9\n        min      64\n        low      1024\n        high     256\n        managed  %d\n        protection: (0, 0)\n' \
  $((total / 4)) >/run/views/zoneinfo
feed() {
  local anonymous=0 shared cached=0 free available kib
  while read -r _ kib _; do ((kib < 4096)) || anonymous=$((anonymous + kib)); done < <(grep -hs '^RssAnon:' /proc/[0-9]*/status)
  read -r shared < <(df -k --output=used /dev/shm | tail -n 1)
  [[ -s /run/drop_caches ]] || { read -r cached </run/views/cached && cached=$((cached * 1024)); } 2>/dev/null
  ((anonymous + shared <= total)) || anonymous=$((total - shared))
  ((cached <= total - anonymous - shared)) || cached=$((total - anonymous - shared))
  free=$((total - anonymous - shared - cached))
  available=$((free - 1024 + cached - (cached / 2 < 4096 ? cached / 2 : 4096)))
  ((available >= 0)) || available=0
  {
    printf '%-15s %9d kB\n' MemTotal: "$total" MemFree: "$free" MemAvailable: "$available" Buffers: 0 \
      Cached: $((cached + shared)) AnonPages: "$anonymous" Shmem: "$shared" SReclaimable: 0
    cat /run/views/more 2>/dev/null
  } >/run/views/next
  # in place: a mount is of this file
  cat /run/views/next >/run/views/meminfo
}
feed
for file in meminfo zoneinfo; do mount -n --bind /run/views/$file /proc/$file; done
exec {rest}<> <(:)
while :; do
  read -r -t 0.2 -u "$rest"
  feed
done
