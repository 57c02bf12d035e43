#!/usr/bin/env bash
# Files that are kept as they are told, and how to tell that a file is ours.
# shellcheck disable=SC2034,SC2154 # the document and the other parts set and read them

# Every file that we write bears it in its first or second line.
marker='# Kept by self-healing through State Manager: what is changed here is put back.'
changed=()
notes=()
programs=/usr/local/lib/self-healing

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# True where PATH is a regular file of root's that bears the marker.
is_ours() {
  local first='' second=''
  [[ -f $1 && ! -L $1 && -O $1 ]] || return 1
  { read -r first && read -r second; } <"$1" || true
  [[ $first == "$marker" || $second == "$marker" ]]
}

is_there() { [[ -e $1 || -L $1 ]]; }

# A folder that only root can change; made where there is none.
keep_folder() {
  if ! is_there "$1"; then mkdir -m 755 -- "$1" || fail "the folder $1 could not be made"; fi
  [[ -d $1 && ! -L $1 && -O $1 && $(($(stat -c '0%a' -- "$1") & 022)) == 0 ]] || fail "$1 is not a folder that only root can change"
}

# PATH TEXT: whole or not at all, and only what is ours is replaced.
keep_file() {
  if is_there "$1"; then
    is_ours "$1" || fail "$1 is there, and is not ours"
    if [[ $(<"$1") == "$2" && $(stat -c %a -- "$1") == 644 ]]; then return 0; fi
  fi
  rm -f -- "$1.part"
  if ! { (set -o noclobber && printf '%s\n' "$2" >"$1.part") && chmod 644 -- "$1.part" && mv -fT -- "$1.part" "$1"; }; then
    rm -f -- "$1.part"
    fail "$1 could not be written"
  fi
  changed+=("$1")
}

# Takes away PATH where it is ours.
drop_file() {
  is_ours "$1" || return 0
  rm -f -- "$1"
  changed+=("-$1")
}
