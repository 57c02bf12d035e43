#!/usr/bin/env bash
# What systemd restarts by itself, within a second and without an alarm. The document sets: restarting, the units.
# shellcheck disable=SC2154 # the document and the other parts set them

drop_in=50-self-healing.conf

keep_restarts() {
  local unit path
  shopt -s nullglob
  for path in "$units"/*.service.d/"$drop_in"; do
    unit=${path%/*} unit=${unit##*/} unit=${unit%.d}
    if [[ " ${restarting[*]-} " != *" $unit "* ]]; then drop_restarts "$path"; fi
  done
  for unit in ${restarting[@]+"${restarting[@]}"}; do keep_restarts_of "$unit"; done
  if ((${#changed[@]} > 0)); then systemctl daemon-reload; fi
}

keep_restarts_of() {
  local path=$units/$1.d/$drop_in why
  command -v systemctl >/dev/null || fail 'there is no systemd here'
  why=$(why_not_restarted "$1")
  if [[ -n $why ]]; then
    notes+=("$1: $why")
    drop_restarts "$path"
    return 0
  fi
  keep_folder "${path%/*}"
  keep_file "$path" "$marker
[Unit]
# After five starts within ten minutes systemd gives up, and the alarm takes over.
StartLimitIntervalSec=600
StartLimitBurst=5
[Service]
Restart=on-failure
RestartSec=200ms"
}

# PATH
drop_restarts() {
  drop_file "$1"
  rmdir -- "${1%/*}" 2>/dev/null || true
}

# Says why UNIT is left to itself; nothing where it is not.
why_not_restarted() {
  local own
  if [[ $(systemctl show --value -p LoadState -- "$1") != loaded ]]; then
    echo 'no such unit here'
  elif [[ $(systemctl show --value -p Type -- "$1") == oneshot ]]; then
    echo 'it runs once and ends (oneshot)'
  else
    own=$(own_restarts "$1")
    if [[ -n $own ]]; then echo "its own files say how it is restarted: $own"; fi
  fi
}

# The first line by which somebody else says when UNIT is restarted; ours would override it.
own_restarts() {
  local path line
  local -a files
  read -r -a files < <(systemctl show --value -p FragmentPath -p DropInPaths -- "$1" | tr '\n' ' ') || true
  for path in ${files[@]+"${files[@]}"}; do
    if [[ $path == "$units/$1.d/$drop_in" || ! -f $path ]]; then continue; fi
    line=$(grep -E -m 1 '^[[:space:]]*(Restart|RestartSec|StartLimit[A-Za-z]*)[[:space:]]*=' -- "$path") || continue
    line=${line//[^A-Za-z0-9=.-]/}
    printf '%s\n' "${line:0:60}"
    return 0
  done
}
