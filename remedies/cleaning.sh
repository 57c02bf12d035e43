#!/usr/bin/env bash
# Cleaning a file system, for every repair that deletes files: which folders, by what age, never what is held open, and a list of all
# that was deleted. Only regular files, always relative to an open folder. Stands before the repair of a slice that `shares` it.
# Without SSM_MountPath it is about all file systems.
# The repair calls begin_cleaning, cleans, least harm first, and calls end_cleaning; its has_room says when enough was freed. One that
# has empty folders removed, too, defines also_remove.
# shellcheck disable=SC2154,SC2034 # the preamble and the repair set what is not set here, and read what is not read here
mount_path=${SSM_MountPath-}
age_by=${SSM_AgeBy-change}
temporary_age_minutes=${SSM_TemporaryAgeMinutes-1440}
rotated_log_age_minutes=${SSM_RotatedLogAgeMinutes-1440}
package_cache_age_minutes=${SSM_PackageCacheAgeMinutes-60}
cleanable_age_minutes=${SSM_CleanableAgeMinutes-1440}
cleanable_folders=${SSM_CleanableFolders-}
stop_at_percent=${SSM_StopAtPercent-80}
# What find does with a file that may go; a preview empties it.
deleting=(-delete)
# How many delete at once: two where there is a CPU for each, which halves the time that a full disk stays full.
finders=1
(($(nproc 2>/dev/null || printf 1) < 2)) || finders=2

# Refuses the attempt unless these are of their pattern.
require_cleaning_parameters() {
  require_parameter MountPath "$mount_path" '/[A-Za-z0-9._/-]{0,200}'
  require_parameter StopAtPercent "$stop_at_percent" '[1-9][0-9]?'
  require_parameter AgeBy "$age_by" 'change|modification'
  require_parameter TemporaryAgeMinutes "$temporary_age_minutes" '[0-9]{1,6}'
  require_parameter RotatedLogAgeMinutes "$rotated_log_age_minutes" '[0-9]{1,6}'
  require_parameter PackageCacheAgeMinutes "$package_cache_age_minutes" '[0-9]{1,6}'
  require_parameter CleanableAgeMinutes "$cleanable_age_minutes" '[0-9]{1,6}'
  require_parameter CleanableFolders "$cleanable_folders" '(/[A-Za-z0-9._/-]+(:/[A-Za-z0-9._/-]+)*)?'
}

# begin_cleaning [SECONDS]: what is not cleaned when these are over is left. Without them the script's own timeout ends it.
begin_cleaning() {
  cleaning_ends=${1:+$((SECONDS + $1))}
  if [[ -z $mount_path ]]; then sick_device=any; else sick_device=${sick_device-$(stat -c %d -- "$mount_path")}; fi
  : >"$work/largest"
  open_manifest
  tell_evidence
}

# --- which folders may be cleaned (S11) ---

# Mount points, one an entry, decoded: mountinfo writes blanks and the like in octal, and nothing else with a backslash.
read_mount_points() {
  local point
  mount_points=()
  while read -r _ _ _ _ point _; do
    printf -v point '%b' "$point"
    mount_points+=("$point")
  done </proc/self/mountinfo
}

# Sets refusal to why FOLDER, of ORIGIN built-in or operator, must not be cleaned as its path has it; empty if it may be.
refuse_folder() {
  local folder=$1 forbidden
  refusal=
  case $2:$folder in
  # What is cleaned in spite of where it lies: these whole paths, for one kind of file each.
  built-in:/var/lib/systemd/coredump | built-in:/var/lib/docker/containers) ;;
  *)
    for forbidden in /home /etc /var/lib /usr /boot /root /proc /sys /dev /run /bin /sbin /lib /lib64; do
      if [[ $folder == "$forbidden" || $folder == "$forbidden"/* ]]; then refusal='protected folder'; fi
      if [[ $folder == / || $forbidden == "$folder"/* ]]; then refusal='above a protected folder'; fi
    done
    ;;
  esac
  [[ -z $refusal ]] || return 0
  if [[ ! -e $folder && ! -L $folder ]]; then refusal='no such folder'
  elif ! is_resolved "$folder"; then refusal='not its own resolved path'
  elif [[ ! -d $folder ]]; then refusal='not a folder'
  fi
}

# True if the absolute PATH leads through no link, and has no . or .. and no slash too many.
is_resolved() {
  local part=$1
  [[ $1/ != *//* && $1/ != */./* && $1/ != */../* ]] || return 1
  while [[ -n $part ]]; do
    [[ ! -L $part ]] || return 1
    part=${part%/*}
  done
}

# --- deleting (S12) ---

files_deleted=0
folders_removed=0
bytes_deleted=0
declare -A deleted_by=() told=()

# Reports WHY once for PATH, however many categories look into it.
leave_once() {
  [[ -z ${told[$1]-} ]] || return 0
  told[$1]=yes
  report_left "$2" 1
}

# Enters FOLDER if it may be cleaned, and sets device. Where we are once it is open, by the kernel's own name for that, is what is judged:
# so it cannot be swapped for another in between.
# A built-in folder may be a mount of its own, as hardened images have /tmp: what it is for is known. An operator's may not.
enter_folder() {
  local place=
  refuse_folder "$1" "$2"
  read_mount_points
  if [[ -z $refusal ]]; then
    if ! cd -P -- "$1" 2>/dev/null ||
      ! { IFS= read -r place && read -r device; } < <(find /proc/self/cwd . -maxdepth 0 -printf '%D %l\n' 2>/dev/null) ||
      [[ ${place#* } != "$1" ]]; then
      refusal='changed while it was looked at'
    elif [[ $sick_device != any && $device != "$sick_device" ]]; then
      refusal='other file system'
    elif [[ $2 == operator ]]; then
      for place in "${mount_points[@]}"; do
        [[ $place != "$1" ]] || refusal='mount point'
      done
    fi
  fi
  [[ -n $refusal ]] || return 0
  cd /
  if [[ $refusal == 'other file system' ]]; then
    leave_once "$1" 'folders on another file system'
  else
    leave_once "$1" "refused $1: $refusal"
  fi
  return 1
}

# Sets outside: the part of a find expression that leaves out all that is mounted inside FOLDER. -xdev does not see a bind mount
# of the same file system, and -prune does nothing under -delete.
leave_out_mounts() {
  local point
  outside=()
  for point in "${mount_points[@]}"; do
    [[ $point == "$1"/* ]] || continue
    point=.${point#"$1"}
    point=${point//\\/\\\\} point=${point//\*/\\*} point=${point//\?/\\?} point=${point//\[/\\[}
    outside+=(! -path "$point" ! -path "$point/*")
    leave_once "$1$point" 'mounted inside a folder'
  done
}

# Adds what was told about the folder since it was entered, kind by kind, to the sums of CATEGORY.
add_tally() {
  local kind number bytes tally
  strange=
  for tally in "$work"/tally-*; do
    while read -r kind number bytes; do
      case $kind in
      deleted)
        files_deleted=$((files_deleted + number)) manifest_entries=$((manifest_entries + number)) bytes_deleted=$((bytes_deleted + bytes))
        deleted_by[$1]=$((${deleted_by[$1]-0} + number))
        ;;
      emptied) folders_removed=$((folders_removed + number)) manifest_entries=$((manifest_entries + number)) ;;
      young) report_left 'younger than the limit' "$number" ;;
      linked) report_left 'has another name elsewhere' "$number" ;;
      open) report_left 'held open by a process' "$number" ;;
      failed) report_left 'could not be deleted' "$number" ;;
      strange) strange=yes ;;
      esac
    done <"$tally"
  done
  ! compgen -G "$work/long-*" >/dev/null || cat -- "$work"/long-* >&8
  rm -f -- "$work"/tally-* "$work"/long-*
}

# also_remove CATEGORY DEVICE: adds to also what find shall do with all that is no file; may use outside and age. What it tells of each
# is a format that lacks its end. By itself: nothing.
also_remove() { :; }

# clean CATEGORY ORIGIN FOLDER AGE_MINUTES AGE_BY [NAME_TEST...]: deletes the folder's old files that nobody holds open.
#
# Old: neither written (mtime) nor, by "change", moved in, unpacked, renamed or linked (ctime) for so long. An archive unpacked a
# minute ago bears times of years ago. Rotated logs go by mtime alone, for each rotation renames all of them.
clean() {
  local category=$1 origin=$2 folder=$3 minutes=$4 by=$5 device='' beside held=() is_held=() outside=() also=() in_time=() age
  shift 5
  [[ -e $folder || $origin == operator ]] || return 0
  ! has_room || return 0
  if [[ -n $cleaning_ends ]]; then
    if ((SECONDS >= cleaning_ends)); then
      report_left 'folders left, for the time was over' 1
      return 0
    fi
    # In the foreground: whoever kills the script's process group ends find with it.
    in_time=(timeout --foreground -k 5 $((cleaning_ends - SECONDS)))
  fi
  enter_folder "$folder" "$origin" || return 0
  # On an overlay a file's device is that of its layer, not that of its folder.
  [[ $(stat -f -c %T .) != overlay* ]] || device=any
  leave_out_mounts "$folder"
  if ! held_inodes "$device" >"$work/inodes" || ! mapfile -t held <"$work/inodes" || ! test_held f; then
    report_left 'folders left, for it cannot be told what is open' 1
    cd /
    return 0
  fi
  age=(-mmin "+$minutes")
  [[ $by == modification ]] || age+=(-cmin "+$minutes")
  also_remove "$category" "$device"
  printf 'in\t%s\n' "$folder" >&8
  if ((finders < 2)); then
    delete_found all '\n' "$@" | tally_deleted all >&8
  else
    delete_found one '\n' "$@" | tally_deleted one >&8 &
    beside=$!
    delete_found other '\n' "$@" | tally_deleted other >&8
    wait "$beside"
  fi
  add_tally "$category"
  # Names with a newline need a slower way through the text tools, and a pass of their own: there are hardly ever any.
  if [[ -n $strange ]]; then
    delete_found all '\0' "$@" | sed -z -e 's/%/%25/g' -e 's/\n/%0A/g' | tr '\0' '\n' | tally_deleted strange escaped >&8 # mawk cannot read NUL
    add_tally "$category"
  fi
  cd /
  if [[ -e $work/late ]]; then
    rm -f -- "$work/late"
    report_left 'folders left half cleaned, for the time was over' 1
  fi
}

# Notes that find was ended by its time; anything else that it ends with was told file by file.
late() {
  (($1 != 124)) || : >"$work/late"
}

# delete_found SHARE END [NAME_TEST...]: deletes in the folder that was entered, and tells of each file what became of it, each ended by
# END: by a newline where no name holds one, and there is one that does; by NUL of those alone.
# -delete is unlinkat in the open folder, and find follows no link. A name is told only after its deletion.
# Of the shares one has what lies under the half of the names of subfolders, the other the rest. Each goes through all from the folder
# itself: were it given subfolders to begin at, -xdev would not see that one of them is another file system by now.
delete_found() {
  local end=$2 rest=() first=(! -path $'*\n*' -o) share=()
  case $1 in
  one) share=(-regex "$half_of_names") ;;
  other) share=(! -regex "$half_of_names") ;;
  esac
  shift 2
  [[ $end == '\0' ]] || first=(-path $'*\n*' -printf 's\n' -o)
  ((${#also[@]} == 0)) || rest=("${also[@]}$end")
  ${in_time[@]+"${in_time[@]}"} find . -xdev -ignore_readdir_race -regextype posix-extended ${share[@]+"${share[@]}"} \( \
    "${first[@]}" -type f ${outside[@]+"${outside[@]}"} "$@" \( \
    ! \( "${age[@]}" \) -printf "y$end" -o \
    -links +1 -printf "l$end" -o \
    \( "${is_held[@]}" \) -printf "o$end" -o \
    ${deleting[@]+"${deleting[@]}"} -printf "d%s\t%b\t%T@\t%P$end" -o \
    -printf "f$end" \) ${rest[@]+"${rest[@]}"} \) 2>/dev/null 8>&- || late $?
}
half_of_names='\./[^/]*[02468acegikmoqsuwyACEGIKMOQSUWY](/.*)?'

# Reads what delete_found tells of SHARE, a line each, with paths that are ESCAPED already or not; prints the manifest's lines, and
# writes the sums and the largest to the work folder. What it prints at once is whole lines, and so little that the kernel keeps it
# together in a pipe that two write to; a line that is longer goes to a file.
tally_deleted() {
  escaped=${2-} folder=$folder tally=$work/tally-$1 largest=$work/largest-$1 long=$work/long-$1 awk -F '\t' '
    BEGIN { escaped = ENVIRON["escaped"] != "" }
    function tell(line) {
      if (length(line) > 4000) { print line > ENVIRON["long"]; return }
      if (length(lines) + length(line) > 4000 || length(lines) > 1000) { printf "%s", lines; fflush(); lines = "" }
      lines = lines line "\n"
    }
    /^d/ {
      number["deleted"]++; bytes += $2 * 512; size = substr($1, 2) + 0; line = substr($0, 2)
      if (!escaped && index(line, "%")) gsub(/%/, "%25", line)
      tell(line)
      if (kept < 20 || size > least) {
        slot = kept < 20 ? ++kept : smallest
        sub(/^[^\t]*\t[^\t]*\t[^\t]*\t/, "", line)
        top[slot] = size; named[slot] = line; smallest = 1
        for (i = 2; i <= kept; i++) if (top[i] < top[smallest]) smallest = i
        least = top[smallest]
      }
      next
    }
    /^e/ {
      number["emptied"]++; line = substr($0, 2)
      if (!escaped && index(line, "%")) gsub(/%/, "%25", line)
      tell("0\t0\t" line "/")
      next
    }
    /^y/ { number["young"]++; next }
    /^l/ { number["linked"]++; next }
    /^o/ { number["open"]++; next }
    /^s/ { number["strange"]++; next }
    { number["failed"]++ }
    END {
      printf "%s", lines
      printf "" > ENVIRON["tally"]
      for (kind in number) printf "%s %.0f %.0f\n", kind, number[kind], bytes > ENVIRON["tally"]
      for (i = 1; i <= kept; i++) printf "%.0f %s/%s\n", top[i], ENVIRON["folder"], named[i] >> ENVIRON["largest"]
    }'
}

# --- what is cleaned ---

# ask PROGRAM ARGUMENT...: runs it, for 30 s at most, without our lock and our manifest. A program that hangs is no reason to wait.
ask() { timeout -k 1 30 "$@" 2>/dev/null </dev/null 8>&- 9>&-; }

# True while a package manager is at work: what it fetched and has not come to yet, it does not hold open, but its lock or its name tell.
is_packaging() {
  local lock locks=()
  for lock in /var/lib/dpkg/lock* /var/lib/apt/daily_lock /var/cache/apt/archives/lock /run/unattended-upgrades.lock {/var/lib,/usr/lib/sysimage}/rpm/.rpm.lock; do
    [[ ! -e $lock ]] || locks+=(-o -samefile "$lock")
  done
  [[ -n $(ask find -L /proc/[0-9]*/fd -maxdepth 1 '(' -false ${locks[@]+"${locks[@]}"} ')' -print -quit) ]] ||
    ask pgrep -x '(apt|apt-get|aptitude|dpkg|unattended-upgr|rpm|yum|zypper|(micro)?dnf.*)' >/dev/null
}

clean_package_caches() {
  local folder
  ! has_room || return 0
  if is_packaging; then
    report_left 'package caches, for a package manager is at work' 1
    return 0
  fi
  clean packageCaches built-in /var/cache/apt/archives "$package_cache_age_minutes" "$age_by" -name '*.deb'
  for folder in /var/cache/dnf /var/cache/libdnf5 /var/cache/yum /var/cache/zypp; do
    # Packages and metadata, all of which is fetched again; not the locks that stand beside them.
    clean packageCaches built-in "$folder" "$package_cache_age_minutes" "$age_by" \
      \( -name '*.rpm' -o -name '*.drpm' -o -name '*.solv' -o -name '*.solvx' -o -name '*.xml*' -o -name '*.sqlite*' -o -name '*.yaml*' -o -name '*.zck' \)
  done
}

clean_rotated_logs() {
  # The audit trail is evidence, and auditd rotates it itself.
  clean rotatedLogs built-in /var/log "$rotated_log_age_minutes" modification ! -path './audit/*' ! -path './journal/*' \
    \( -name '*.gz' -o -name '*.xz' -o -name '*.bz2' -o -name '*.zst' -o -name '*.[0-9]' -o -name '*.[0-9][0-9]' -o -name '*.old' \
    -o -name '*-[12][0-9][0-9][0-9][01][0-9][0-3][0-9]' \)
}

clean_cleanable_folders() {
  local folder operator_folders=()
  IFS=: read -r -a operator_folders < <(printf '%s' "$cleanable_folders") || true
  for folder in ${operator_folders[@]+"${operator_folders[@]}"}; do
    while [[ $folder == */ && $folder != / ]]; do folder=${folder%/}; done
    clean cleanableFolders operator "$folder" "$cleanable_age_minutes" "$age_by"
  done
}

clean_temporary_files() {
  local folder
  for folder in /tmp /var/tmp; do
    clean temporaryFiles built-in "$folder" "$temporary_age_minutes" "$age_by" ! -name '.X*-lock'
  done
}

# Reports what was deleted, by category and the 20 largest.
end_cleaning() {
  local category entry bytes json
  close_manifest
  for category in packageCaches rotatedLogs cleanableFolders temporaryFiles; do
    report_count "$category" "${deleted_by[$category]-0}"
  done
  report_count bytesDeleted "$bytes_deleted"
  while ((${#largest[@]} < 20)) && IFS= read -r entry; do
    bytes=${entry%% *} entry=${entry#* } entry=${entry//%0A/$'\n'}
    json_text "${entry//%25/%}"
    largest+=("{\"path\":$json,\"bytes\":$bytes}")
  done < <(sort -k1,1nr -T "$work" "$work"/largest*)
}
