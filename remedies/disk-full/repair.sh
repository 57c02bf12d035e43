#!/usr/bin/env bash
# Frees room on the file system at SSM_MountPath, least harm first, until it is at SSM_StopAtPercent: `remedies/cleaning.sh` deletes,
# and what follows shortens.
# shellcheck disable=SC2154,SC2034 # the preamble sets what is not set here, and reads what is not read here
oversized_log_mebibytes=${SSM_OversizedLogMebibytes-100}
journal_mebibytes=${SSM_JournalMebibytes-200}

core_dump_age_minutes=${SSM_CoreDumpAgeMinutes-10080}

begin_repair
require_cleaning_parameters
require_deleted_parameters
require_container_parameters
require_kernel_parameters
require_stopping_parameters
require_parameter CoreDumpAgeMinutes "$core_dump_age_minutes" '[0-9]{1,6}'
require_parameter OversizedLogMebibytes "$oversized_log_mebibytes" '[1-9][0-9]{0,6}'
require_parameter JournalMebibytes "$journal_mebibytes" '[1-9][0-9]{0,6}'

# --- what the disk says ---

# Sets df_line to what df says of it, and used and available to the bytes in that.
read_usage() {
  df_line=
  { read -r _ && IFS= read -r df_line; } < <(timeout -k 1 10 df -P -B1024 -- "$mount_path" 2>/dev/null) || true
  [[ $df_line =~ ^.*\ ([0-9]+)\ +([0-9]+)\ +[0-9]+%\ +/ ]] || finish unknown "df stopped answering for $mount_path" disk-unreadable
  used=$((BASH_REMATCH[1] << 10)) available=$((BASH_REMATCH[2] << 10)) usage_of=${files_deleted-}:${#changes[@]}:${files_cut-}:${images_removed-}:$SECONDS
}

# True once there is no need to delete more. Asked before every folder and every log: never more than needed. The disk is asked again
# where something was done since, or a second went by.
has_room() {
  [[ ${usage_of-} == "${files_deleted-}:${#changes[@]}:${files_cut-}:${images_removed-}:$SECONDS" ]] || read_usage
  ((used * 100 <= stop_at_percent * (used + available)))
}

read_usage
used_before=$used percent_before=$(tenths $((used * 1000 / (used + available))))
report_evidence dfBefore "$df_line"

# --- logs that grew too large ---

# Run by find in the log's own folder: keeps the last MiB of FILE, in place, so that who writes it goes on writing it. With LINES only
# whole ones.
shorten_log() {
  local size end=$work/end
  ! has_room || return 0
  size=$(stat -c %s -- "$1") && ((size > largest_log_mebibytes << 20)) || return 0
  # nofollow and nocreat: a link put in its place since is neither read nor written.
  if dd if="$1" of="$end" iflag=nofollow,nonblock,skip_bytes skip=$((size - 1048576)) bs=65536 status=none 2>/dev/null &&
    { [[ $2 != lines ]] || { tail -n +2 -- "$end" >"$end.lines" && mv -f -- "$end.lines" "$end"; }; } &&
    dd if="$end" of="$1" oflag=nofollow,nonblock conv=nocreat bs=65536 status=none 2>/dev/null; then
    printf 's%s\t%s\t%s\0' "$size" "$(stat -c %s -- "$end")" "$PWD/${1#./}" >>"$work/shortened"
  else
    printf 'f\0' >>"$work/shortened"
  fi
  rm -f -- "$end"
}

# shorten_logs_in FOLDER MEBIBYTES lines|bytes NAME_TEST...: shortens the folder's logs that are larger.
logs_shortened=0
shorten_logs_in() {
  local folder=$1 largest_log_mebibytes=$2 by=$3 outside=() entry before
  shift 3
  [[ -e $folder ]] || return 0
  ! has_room || return 0
  enter_folder "$folder" built-in || return 0
  leave_out_mounts "$folder"
  : >"$work/shortened"
  export -f shorten_log has_room read_usage
  export work mount_path stop_at_percent largest_log_mebibytes
  # shellcheck disable=SC2016 # $1 is of the inner bash
  find . "$@" -xdev -type f ${outside[@]+"${outside[@]}"} -links 1 -size "+$((largest_log_mebibytes << 10))k" \
    -execdir timeout -k 1 60 bash -c 'finish() { exit 1; }; shorten_log "$1" "$2"' bash '{}' "$by" \; 2>/dev/null 8>&- || true
  cd /
  while IFS= read -r -d '' entry; do
    case $entry in
    s*)
      logs_shortened=$((logs_shortened + 1))
      before=${entry%%$'\t'*} before=${before#s} entry=${entry#*$'\t'}
      ((${#changes[@]} >= 20)) || changes+=("{\"what\":\"shortened\",\"path\":$(json_string "${entry#*$'\t'}"),\"bytesBefore\":$before,\"bytesAfter\":${entry%%$'\t'*}}")
      ;;
    *) report_left 'logs that could not be shortened' 1 ;;
    esac
  done <"$work/shortened"
}

shrink_journal() {
  local before=$used
  ! has_room || return 0
  [[ -d /var/log/journal && $(stat -c %d /var/log/journal) == "$sick_device" ]] && command -v journalctl >/dev/null || return 0
  before=$used
  timeout -k 1 120 journalctl --vacuum-size="${journal_mebibytes}M" >/dev/null 2>&1 8>&- 9>&- || true
  read_usage
  ((used < before)) || return 0
  changes+=("{\"what\":\"journal shrunk\",\"bytesFreed\":$((before - used))}")
}

# --- core dumps ---

# clean_cores FOLDER FIRST_BYTES NAME_TEST...: deletes the folder's old files whose first bytes, in hexadecimal, match.
clean_cores() {
  local folder=$1 bytes=$2
  shift 2
  # shellcheck disable=SC2016 # the inner bash's
  clean coreDumps built-in "$folder" "$core_dump_age_minutes" modification -mmin "+$core_dump_age_minutes" "$@" \
    -execdir bash -c '[[ $(head -c 18 -- "$1" | od -An -v -t x1 | tr -d " \n") =~ ^($2) ]]' bash '{}' "$bytes" \;
}

clean_core_dumps() {
  # An ELF file of the type core (4), in either byte order; systemd-coredump's are compressed by zstd, lz4 or xz.
  local elf_core='7f454c46.{24}(0400|0004)' pattern=''
  clean_cores /var/lib/systemd/coredump "$elf_core|28b52ffd|04224d18|fd377a585a00" -name 'core.*'
  clean_cores /var/crash "$elf_core|4b44554d50202020" \( -name 'core*' -o -name 'vmcore*' \)
  # Where this kernel puts them, if it is told a folder: https://man7.org/linux/man-pages/man5/core.5.html
  read -r pattern </proc/sys/kernel/core_pattern || true
  [[ $pattern != /?*/* ]] || clean_cores "${pattern%/*}" "$elf_core" \( -name 'core*' -o -name '*.core' \)
}

# --- the order, least harm first ---

sick_device=$(stat -c %d -- "$mount_path")
report_deleted
report_kernels
begin_cleaning
use_ballast "$sick_device"
clean_package_caches
clean_rotated_logs
shrink_journal
clean_core_dumps
clean_container_caches
clean_cleanable_folders
clean_temporary_files
remove_kernels
shorten_logs_in /var/log "$oversized_log_mebibytes" bytes ! -path './audit/*' \( -name '*.log' -o -name messages -o -name syslog \)
shorten_container_logs
cut_deleted_files
restart_holders
leave_deleted
leave_kernels

# --- what was done ---

end_cleaning
read_usage
percent_after=$(tenths $((used * 1000 / (used + available))))
bytes_freed=$((used_before > used ? used_before - used : 0))
report_evidence dfAfter "$df_line"
report_count coreDumps "${deleted_by[coreDumps]-0}"
report_count oversizedLogs "$logs_shortened"
report_count containerImages "$images_removed"
report_count kernelsRemoved "$kernels_removed"
report_count deletedFilesCut "$files_cut"
report_count servicesRestarted "$holders_restarted"

course="$mount_path $percent_before % -> $percent_after % used"
if [[ -n $kernel_trouble ]]; then finish unknown "$kernel_trouble; $course" kernel-trouble; fi
if ((files_deleted == 0 && ${#changes[@]} == 0)); then
  finish nothing-to-do "$course: nothing was found that may be deleted"
fi
finish changed "$course: $((bytes_freed >> 20)) MiB freed; files deleted: $files_deleted, logs shortened: $logs_shortened"
