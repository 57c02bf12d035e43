#!/usr/bin/env bash
# The ballast, and the timer that gives it up. The document sets: ballast_mebibytes (empty where none is wanted),
# full_at_percent, give_up, ballast_service and ballast_timer; before it stands remedies/ballast.sh.
# shellcheck disable=SC2154 # the document and the other parts set them

keep_ballast() {
  if [[ -z $ballast_mebibytes ]]; then
    drop_timer self-healing-ballast
    drop_file "$programs/give-up-ballast"
    rmdir -- "$programs" 2>/dev/null || true
    if is_ballast; then
      rm -f -- "$ballast"
      changed+=("-$ballast")
    fi
    return 0
  fi
  keep_folder "$programs"
  keep_file "$programs/give-up-ballast" "$give_up"
  keep_timer self-healing-ballast "$ballast_service" "$ballast_timer"
  # A remedy that makes room must not meet one who takes it.
  exec {turn}>>/run/self-healing/lock
  if ! flock -w 5 "$turn"; then
    notes+=('the ballast is as it was: a remedy is acting')
    return 0
  fi
  make_ballast
}

make_ballast() {
  local total used available wanted held=0
  if ! is_there "${ballast%/*}"; then mkdir -m 0700 -- "${ballast%/*}"; fi
  [[ $(readlink -e -- "${ballast%/*}") == "${ballast%/*}" && $(stat -c '%F %u %a' -- "${ballast%/*}") == 'directory 0 700' ]] ||
    fail "${ballast%/*} is not a folder of root alone"
  rm -f -- "$ballast.part"
  if is_there "$ballast"; then
    is_ballast || fail "$ballast is there, and is not ours"
    held=$(($(stat -c %b -- "$ballast") * 512))
  fi
  read -r total used available < <(df -B1 --output=size,used,avail -- "${ballast%/*}" | tail -n 1)
  wanted=$((ballast_mebibytes << 20))
  # Never more than a fiftieth of the disk.
  if ((wanted > total / 50)); then wanted=$((total / 50)); fi
  wanted=$((wanted >> 20 << 20))
  if ((wanted == 0)); then
    notes+=('no ballast: a fiftieth of the disk is less than 1 MiB')
    return 0
  fi
  # A file system may take some more for it than it holds.
  if ((held >= wanted && held < wanted + 1048576)); then return 0; fi
  # Some way from where it would be given up at once.
  if (((used - held + wanted) * 100 > (full_at_percent - 5) * (used + available))); then
    notes+=("no ballast of $((wanted >> 20)) MiB: with it the disk would be more than $((full_at_percent - 5)) % full")
    return 0
  fi
  rm -f -- "$ballast"
  if ! fallocate -l "$wanted" -- "$ballast.part" || (($(stat -c %b -- "$ballast.part") * 512 < wanted)); then
    rm -f -- "$ballast.part"
    fail 'no ballast: the file system does not set room aside'
  fi
  chmod 600 -- "$ballast.part"
  mv -fT -- "$ballast.part" "$ballast"
  changed+=("$ballast")
}
