#!/usr/bin/env bash
# The manifest of a cleaning: every deleted file, listed on a file system that is not the sick one. Stands before cleaning.sh.
# shellcheck disable=SC2154,SC2034 # the preamble and the others set what is not set here, and read what is not read here
manifest_place=
manifest_limit=0
manifest_entries=0
open_manifest() {
  local folder room
  exec 8>/dev/null
  ((${#deleting[@]} > 0)) || return 0
  for folder in /var/lib/self-healing "$state_folder" /dev/shm/self-healing; do
    [[ -d ${folder%/*} && $(stat -c %d -- "${folder%/*}") != "$sick_device" ]] || continue
    [[ -d $folder ]] || mkdir -m 0700 -- "$folder" 2>/dev/null || true
    # A name that is anybody's to make in /dev/shm: ours only if it is root's alone.
    [[ ! -L $folder && $(stat -c '%u %a' -- "$folder" 2>/dev/null) == '0 700' ]] || continue
    mkdir -p -- "$folder/manifests" 2>/dev/null || continue
    { read -r _ && read -r room; } < <(df -B1 --output=avail -- "$folder") || continue
    # Never more than half of the room that is left there.
    manifest_limit=$((room / 2))
    ((manifest_limit > 65536)) || continue
    manifest_place=$folder/manifests/$SSM_AttemptId.gz
    break
  done
  [[ -n $manifest_place ]] || return 0
  mkfifo -- "$work/manifest"
  # What a full place, or gzip, does not take any more is drained: it must not stop the deleting.
  {
    {
      gzip -1c && written=0 || written=$?
      cat >/dev/null
      exit "$written"
    } <"$work/manifest" |
      {
        head -c $((manifest_limit + 1)) >"$manifest_place" && written=0 || written=$?
        cat >/dev/null
        exit "$written"
      }
  } 2>/dev/null 9>&- &
  manifest_writer=$!
  exec 8>"$work/manifest"
}

# Adds a line of BYTES BLOCKS TIME PATH for what find did not delete; a PATH that is no file's is a name, which is in no folder.
note_in_manifest() {
  local path=${4//%/%25} folder=-
  path=${path//$'\n'/%0A}
  [[ $path != /* ]] || folder=${path%/*}
  printf 'in\t%s\n%s\t%s\t%s\t%s\n' "$folder" "$1" "$2" "$3" "${path##"$folder/"}" >&8
  manifest_entries=$((manifest_entries + 1))
}

# Bytes, blocks of 512 bytes, time of change, path: one file a line, a folder's with a / behind it; in the path % is %25 and a newline
# %0A. A path is in the folder that the last line of `in` and a folder names; behind `in` and `-` stand the names of what is no file.
# Root alone may read it, so paths are not redacted.
close_manifest() {
  local digest json omitted=
  exec 8>&-
  if [[ -z $manifest_place ]]; then
    manifest='{"omitted":"no other file system has room for it"}'
    return
  fi
  if ! wait "$manifest_writer"; then omitted='it could not be written where it could be kept'
  elif (($(stat -c %s -- "$manifest_place") > manifest_limit)); then omitted='it would take more than half of the room where it could be kept'
  fi
  if [[ -n $omitted ]]; then
    rm -f -- "$manifest_place"
    manifest="{\"omitted\":\"$omitted\"}"
    return
  fi
  if ((manifest_entries == 0)); then
    rm -f -- "$manifest_place"
    return
  fi
  digest=$(sha256sum -- "$manifest_place")
  json_text "$manifest_place"
  manifest="{\"place\":$json,\"sha256\":\"${digest:0:64}\",\"entries\":$manifest_entries}"
  keep_newest 20 "${manifest_place%/*}"
}
