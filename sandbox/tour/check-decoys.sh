#!/usr/bin/env bash
# Says whether everything that a fault's script set out to be spared is still there, unchanged. Runs inside an instance.
# Lists: "<sha256>  <path>" for files, "<pid> <start time> <name>" for processes. Prints "<spared> <of>".
set -o errexit -o nounset -o pipefail
spared=0 of=0
for list in /run/sandbox-decoys*; do
  [[ -f $list ]] || continue
  while IFS= read -r line; do
    of=$((of + 1))
    if [[ $line =~ ^[0-9a-f]{64}\  ]]; then
      if sha256sum --check --status <<<"$line" 2>/dev/null; then spared=$((spared + 1)); else printf 'lost: %s\n' "$line" >&2; fi
    else
      read -r pid start name <<<"$line"
      stat=$(cat "/proc/$pid/stat" 2>/dev/null) || stat=''
      rest=${stat##*) }
      # the fields after the name: the first is the state, the twentieth the start time; what was killed may stay as a zombie
      read -r -a fields <<<"$rest"
      if [[ ${fields[19]-} == "$start" && ${fields[0]} != Z ]]; then spared=$((spared + 1)); else printf 'lost: process %s %s\n' "$pid" "$name" >&2; fi
    fi
  done <"$list"
done
printf '%s %s\n' "$spared" "$of"
