#!/bin/bash
# A container runtime for tests: docker or podman by its own name. It notes how it is called, and holds images, containers, volumes and
# events as files in /var/lib/<name>; images weigh what their files do.
name=${0##*/}
state=/var/lib/$name
printf '%s\n' "$*" >>"/run/$name-calls"
list() { for file in "$state/$1"/*; do [[ ! -e $file ]] || printf '%s\n' "${file##*/}"; done; }
case $* in
info*) echo "$state" ;;
'image ls --quiet --no-trunc --filter dangling=true') list dangling | sed 's/^/sha256:/' ;;
'image ls --all --quiet --no-trunc') { list dangling; list named; } | sed 's/^/sha256:/' ;;
'ps --all --quiet --no-trunc') list containers ;;
'inspect --type container'*) cat "$state/containers/${*: -1}" ;;
'image inspect'*)
  file=$state/dangling/${*: -1}
  file=${file/sha256:/}
  printf '%s|%s\n' "$(date -u -r "$file" +%Y-%m-%dT%H:%M:%S.123456789Z)" "$(stat -c %s "$file")"
  ;;
'image rm sha256:'*)
  id=${*: -1} id=${id#sha256:}
  ! grep -rqs "$id" "$state/containers" || exit 1
  rm "$state/dangling/$id"
  ;;
events*)
  [[ ! -e $state/events-fail ]] || exit 1
  since=0 until=0 kind=
  while (($# > 0)); do
    case $1 in
    --since) since=$2 ;;
    --until) until=$2 ;;
    --filter) kind=${2#type=} ;;
    esac
    shift
  done
  awk -v since="$since" -v until="$until" -v kind="$kind" '$1 >= since && $1 < until && (kind == "" || $2 == kind)' "$state/events"
  ;;
'builder prune --force --filter until=168h') find "$state/build-cache" -type f -mtime +7 -delete ;;
*) exit 1 ;;
esac
