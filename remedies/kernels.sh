#!/usr/bin/env bash
# Old kernels: told, or removed, as the parameter OldKernels says. By the package manager alone, one kernel at a time, oldest first; never the
# one that runs, the newest two of each flavour, or one that the boot loader is set to. Stands behind cleaning.sh.
# shellcheck disable=SC2154,SC2034 # what is set here is used by the scripts that follow, and the other way round
old_kernels=${SSM_OldKernels-leave}
# One removal is waited for so long, hooks that write the boot loader's menu included; none begins once the first of these is over.
begin_removals_seconds=120 longest_removal_seconds=180
# What the package manager's own database may need while it is written anew.
database_bytes=33554432
# Of those that may go, by release.
declare -A old_kib=() old_flavour=() old_package=() old_version=()

require_kernel_parameters() { require_parameter OldKernels "$old_kernels" 'leave|remove'; }

# Prints the kernels whose image a package owns, newest first: `release flavour package`, and of an rpm its `version-release`. Nothing where
# that takes long: of some of them alone the newest cannot be told.
list_kernels() {
  local place release owner lines='' begun=$SECONDS
  for place in /boot/vmlinuz-[0-9]* /lib/modules/[0-9]*/vmlinuz; do
    release=${place%/vmlinuz} release=${release##*/} release=${release#vmlinuz-}
    [[ -e $place && $release =~ ^[A-Za-z0-9._+~-]{1,100}$ ]] || continue
    ((SECONDS - begun < 60)) || return 0
    if owner=$(ask dpkg-query -S "$place") && [[ ${owner%%:*} == linux-image-*"$release" ]]; then
      lines+="$release ${release##*[0-9]-} ${owner%%:*}"$'\n'
    elif owner=$(ask rpm -qf --qf '%{NAME} %{NAME} %{VERSION}-%{RELEASE}\n' "$place") && [[ $owner == kernel* ]]; then
      lines+="$release ${owner%%$'\n'*}"$'\n'
    fi
  done
  [[ -n $lines ]] || return 0
  # A letter ends a version: 427.el9 is older than 427.13.1.el9.
  printf '%s' "$lines" | awk '{ key = $1; gsub(/\.[a-z]/, "~&", key); print key, $0 }' | sort -V -r -u -k1,1 -T "$work" | cut -d ' ' -f 2-
}

# Sets kept, the releases that stay; old, those that may go and take room on the sick file system, oldest first; all_old_kib; named, what
# the boot loader is set to.
find_kernels() {
  local release flavour package version running kib
  local -A newer=()
  kept=() old=() all_old_kib=0
  running=$(uname -r)
  named=$(grep -shE '^(GRUB_DEFAULT|saved_entry|next_entry)=' /boot/grub/grubenv /boot/grub2/grubenv /etc/default/grub || true)
  while read -r release flavour package version; do
    newer[$flavour]=$((${newer[$flavour]-0} + 1))
    if [[ $release == "$running" || $named == *"$release"* ]] || ((newer[$flavour] <= 2)); then
      kept+=("$release")
      continue
    fi
    kib=$(kernel_kibibytes "$release")
    ((kib > 0)) || continue
    old=("$release" ${old[@]+"${old[@]}"})
    old_kib[$release]=$kib old_flavour[$release]=$flavour old_package[$release]=$package old_version[$release]=$version
    all_old_kib=$((all_old_kib + kib))
  done < <(list_kernels)
}

# Prints how much a kernel takes on the sick file system.
kernel_kibibytes() {
  local place sum=0 kib
  for place in "/boot/"*"-$1" "/boot/"*"-$1."* "/lib/modules/$1" "/usr/src/kernels/$1" "/usr/src/linux-headers-$1"; do
    [[ -e $place && $(stat -c %d -- "$place") == "$sick_device" ]] || continue
    read -r kib _ < <(ask du -skx -- "$place") && sum=$((sum + kib))
  done
  echo "$sum"
}

report_kernels() {
  find_kernels
  ((${#old[@]} == 0)) || report_evidence oldKernels "$((all_old_kib >> 10)) MiB: ${old[*]}; kept: ${kept[*]}; running: $(uname -r)"
}

leave_kernels() {
  [[ $old_kernels == remove ]] || report_left "old kernels, $((all_old_kib >> 10)) MiB: OldKernels says leave" ${#old[@]}
}

# Sets why to what forbids any removal now: kernels are removed only where it is clear which of them boots.
refuse_removals() {
  local database room counted="=[\"']?([0-9]+>[0-9>]+|[1-9][0-9]*)[\"']?([[:space:]#]|\$)"
  why=
  if [[ " ${kept[*]} " != *" $(uname -r) "* ]]; then why='the one that runs is no package'
  elif [[ $named =~ $counted ]]; then why='the boot loader counts its entries'
  elif ! kept_are_whole; then why="$damaged has no image, or no modules"
  elif is_packaging; then why='a package manager is at work'
  fi
  for database in /var/lib/{dpkg,rpm} /usr/lib/sysimage/rpm; do
    [[ -d $database ]] || continue
    room=$(df -B1 --output=avail -- "$database" | tail -n 1) || room=0
    ((room >= database_bytes)) || why='the package manager has no room to work'
  done
}

# True if all that stays can boot: image, modules, and what was beside them in /boot before; else sets damaged.
kept_are_whole() {
  local release place
  for release in "${kept[@]}"; do
    damaged=$release
    [[ -s /boot/vmlinuz-$release && -n $(ls -A "/lib/modules/$release" 2>/dev/null) ]] || return 1
  done
  for place in ${boot_files[@]+"${boot_files[@]}"}; do
    damaged=$place
    [[ -e $place ]] || return 1
  done
}

# Sets packages to all that is installed of exactly the kernel RELEASE, and removal to what removes them.
find_kernel_packages() {
  local release=$1 abi patterns
  if [[ -z ${old_version[$release]} ]]; then
    removal=(apt-get -y -o APT::Get::AutomaticRemove=0 -o Dpkg::Use-Pty=0 purge)
    patterns=("linux-*-$release") abi=${release%-"${old_flavour[$release]}"}
    # What flavours share goes with the last of them.
    [[ "${kept[*]} ${old[*]}" == *"$abi-"*"$abi-"* ]] || patterns+=("linux-*-$abi" "linux-*-$abi-common")
    # Only what is installed and not on hold.
    # shellcheck disable=SC2016 # dpkg-query's
    mapfile -t packages < <(ask dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "${patterns[@]}" | sed -n 's/^ii //p')
    return
  fi
  removal=(dnf -y --setopt=clean_requirements_on_remove=0 --setopt=exit_on_lock=1 remove)
  command -v dnf >/dev/null || removal=(zypper --non-interactive --no-refresh remove --no-clean-deps)
  # Of a kernel are packages that may be installed in many versions at once: tools and headers for programs are not.
  mapfile -t packages < <(ask rpm -qa --qf '%{VERSION}-%{RELEASE} %{NAME} %{NAME}-%{VERSION}-%{RELEASE}.%{ARCH} [%{PROVIDES},]\n' 'kernel*' |
    awk -v version="${old_version[$release]}" -v image="${old_package[$release]}" \
      '$1 == version && ($2 == image || $2 == "kernel" || /(installonlypkg|multiversion)\(kernel/) { print $3 }' | sort)
}

# Sets why unless the package manager, asked beforehand, would remove exactly these packages and change nothing else (S11).
refuse_plan() {
  local planned wanted=${#packages[@]}
  [[ " ${packages[*]-} " == *" ${old_package[$release]}"* ]] || why="$release is on hold"
  [[ -z $why ]] || return 0
  case ${removal[0]} in
  apt-get)
    if ! planned=$(ask dpkg --audit) || [[ -n $planned ]]; then why='dpkg was interrupted'; fi
    planned=$(ask "${removal[@]}" -s "${packages[@]}" | awk '/^(Inst|Remv|Purg) / { print $2 }' | sort -u) || true
    wanted=$(printf '%s\n' "${packages[@]}" | sort -u)
    ;;
  dnf)
    planned=$({ ask "${removal[@]/#-y/--assumeno}" "${packages[@]}" || true; } | awk '/^[A-Z][a-z]+ +[0-9]+ Packages?$/ { sum += $2 } END { print sum }')
    ;;
  zypper)
    planned=$(ask zypper --xmlout "${removal[@]:1}" --dry-run "${packages[@]}" | sed -n 's/.* packages-to-change="\([0-9]*\)".*/\1/p') || true
    ;;
  esac
  if [[ $planned != "$wanted" ]] || { [[ ${removal[0]} != apt-get ]] && ! ask rpm -e --test "${packages[@]}" >/dev/null; }; then
    why=${why:-"$release: ${removal[0]} would change others than its packages"}
  fi
}

# kernel_trouble: what a person has to be told at once.
kernels_removed=0 kernel_trouble=
remove_kernels() {
  local release place why damaged boot_files=() begun=$SECONDS
  [[ $old_kernels == remove ]] && ! has_room || return 0
  # Much was done since they were looked for; and without any room rpm may not have answered.
  find_kernels
  ((${#old[@]} > 0)) || return 0
  for release in "${kept[@]}"; do
    for place in "/boot/"*"-$release" "/boot/"*"-$release."*; do [[ ! -e $place ]] || boot_files+=("$place"); done
  done
  for release in "${old[@]}"; do
    ! has_room || return 0
    refuse_removals
    ((SECONDS - begun < begin_removals_seconds)) || why='the time was over'
    [[ -n $why ]] || remove_kernel "$release"
    [[ -z $kernel_trouble ]] || return 0
    [[ -z $why ]] || report_left "old kernels: $why" 1
  done
}

remove_kernel() {
  local release=$1 before pid code=0 ends packages=() removal=()
  find_kernel_packages "$release"
  refuse_plan
  [[ -z $why ]] || return 0
  read_usage
  before=$used
  # On its own, and never stopped: dpkg that is interrupted leaves packages half removed.
  (umask 022 && DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 exec setsid "${removal[@]}" "${packages[@]}") >"$work/removal" 2>&1 </dev/null 8>&- 9>&- &
  pid=$! ends=$((SECONDS + longest_removal_seconds))
  while kill -0 "$pid" 2>/dev/null; do
    if ((SECONDS >= ends)); then
      kernel_trouble="${removal[0]} removes $release since $longest_removal_seconds s, and was left to it"
      return 0
    fi
    sleep 0.2
  done
  wait "$pid" || code=$?
  if ((code != 0)) || [[ -e /boot/vmlinuz-$release ]]; then
    why="${removal[0]} ended with $code: $(tail -n 1 -- "$work/removal" | cut -c -90)"
    if [[ ! -e /boot/vmlinuz-$release || -n $(ask dpkg --audit) ]]; then kernel_trouble="$release is half removed, $why"; fi
  fi
  kept_are_whole || kernel_trouble="do not reboot: $damaged is not whole since $release was removed"
  [[ -z $why ]] || return 0
  read_usage
  kernels_removed=$((kernels_removed + 1))
  changes+=("{\"what\":\"kernel removed\",\"release\":\"$release\",\"packages\":$(json_string "${packages[*]}"),\"bytesFreed\":$((before > used ? before - used : 0))}")
}
