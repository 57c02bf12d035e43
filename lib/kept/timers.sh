#!/usr/bin/env bash
# Timers that are ours: a service and the timer that starts it.
# shellcheck disable=SC2154 # the other parts set them

units=/etc/systemd/system

# NAME SERVICE TIMER: both units are as told, and the timer runs now and after a boot.
keep_timer() {
  local before=${#changed[@]}
  command -v systemctl >/dev/null || fail 'there is no systemd here'
  keep_file "$units/$1.service" "$2"
  keep_file "$units/$1.timer" "$3"
  if ((${#changed[@]} > before)); then
    systemctl daemon-reload
    # One that ran by what stood there before goes on by that.
    systemctl stop "$1.timer"
  fi
  if ! systemctl --quiet is-enabled "$1.timer" >/dev/null 2>&1 || ! systemctl --quiet is-active "$1.timer"; then
    systemctl enable --now "$1.timer" >/dev/null 2>&1 || fail "$1.timer could not be started"
    if ((${#changed[@]} == before)); then changed+=("$1.timer"); fi
  fi
}

# NAME
drop_timer() {
  local before=${#changed[@]}
  if is_ours "$units/$1.timer"; then systemctl disable --now "$1.timer" >/dev/null 2>&1 || fail "$1.timer could not be stopped"; fi
  drop_file "$units/$1.timer"
  drop_file "$units/$1.service"
  if ((${#changed[@]} > before)); then systemctl daemon-reload; fi
}
