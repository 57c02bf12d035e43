#!/usr/bin/env bash
# Brings the instance to what is told, part by part: what fails in one stops no other. Changes nothing where all is as told.
# shellcheck disable=SC2154 # the document and the other parts set them
if [[ ${SSM_MustKeep-} != @(yes|no) ]]; then
  echo 'agent too old: parameters did not arrive as environment (SSM Agent 3.3.2746.0 or later is needed)' >&2
  exit 65
fi

folder=/run/self-healing
if ! is_there "$folder"; then mkdir -m 0700 -- "$folder"; fi
exec {lock}>"$folder/kept.lock"
flock -w 60 "$lock" || fail 'another run is under way since 60 s'

why=
find_protection
if [[ -n $why ]]; then
  printf 'left alone: %s\n' "$why"
  # The first instance is there to prove the roll-out, which one that was left alone does not.
  if [[ $SSM_MustKeep == yes ]]; then exit 1; fi
  exit 0
fi

# NAME: what it changed, or why it could not.
part() {
  local path
  "keep_$1"
  for path in ${changed[@]+"${changed[@]}"}; do
    case $path in
      -*) printf '%s: took away %s\n' "$1" "${path#-}" ;;
      *) printf '%s: wrote %s\n' "$1" "$path" ;;
    esac
  done
  for path in ${notes[@]+"${notes[@]}"}; do printf '%s: %s\n' "$1" "$path"; done
  if ((${#changed[@]} + ${#notes[@]} == 0)); then printf '%s: nothing to do\n' "$1"; fi
}

failed=
for name in measurements ballast restarts; do
  # In the background: where its failure were asked for right away, bash would not stop at the first command that fails.
  part "$name" {lock}>&- &
  wait "$!" || failed+=" $name"
done
if [[ -n $failed ]]; then fail "not kept:$failed"; fi
