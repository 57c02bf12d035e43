#!/usr/bin/env bash
# Least harm first, one act at a time and no more than needed: drops caches where that helps; restarts services that are beyond the
# limit that the configuration gives them; stops what the configuration calls expendable, who holds most first.
# shellcheck disable=SC2034,SC2154 # the preamble sets what is not set here, and reads what is set
threshold_percent=${SSM_ThresholdPercent-95}
target_percent=${SSM_TargetPercent-90}
minimum_share_percent=${SSM_MinimumSharePercent-10}
maximum_restarts=${SSM_MaximumRestarts-2}
restart_seconds=60
settle_seconds=5

begin_repair
require_parameter ThresholdPercent "$threshold_percent" '[1-9][0-9]?'
require_parameter TargetPercent "$target_percent" '[1-9][0-9]?'
require_parameter MinimumSharePercent "$minimum_share_percent" '[1-9][0-9]?'
require_parameter MaximumRestarts "$maximum_restarts" '[0-9]'
require_stopping_parameters
require_services
((target_percent < threshold_percent)) || finish refused 'TargetPercent is not below ThresholdPercent' bad-parameter

# --- what is short, and who holds it ---

tell_left() {
  local pid service
  for service in "${!service_left[@]}"; do report_left "${service_left[$service]}" 1; done
  for pid in "${!why_left[@]}"; do report_left "${why_left[$pid]}" 1; done
}

# Ends the attempt if memory cannot be read any more.
measure() {
  if read_memory && sample_memory; then
    count_missing "$target_percent"
    return 0
  fi
  tell_left
  finish unknown 'the memory cannot be read any more' memory-unreadable
}

is_short() { ((used_tenths >= threshold_percent * 10)); }

# Reads memory again once at least half of EXPECTED KiB came free, or after settle_seconds: pages do not come back at once.
settle() {
  local from=${memory[MemAvailable]} tries
  for ((tries = settle_seconds * 5; tries > 0; tries--)); do
    if ! read_memory || ((memory[MemAvailable] - from >= $1 / 2)); then break; fi
    sleep 0.2 9>&-
  done
  measure
}

# One line of what there is and where it went; `elsewhere` is what no line of /proc/meminfo tells, held by the kernel's drivers.
memory_line() {
  local elsewhere=${memory[MemTotal]} key
  for key in MemFree Buffers Cached SwapCached AnonPages SReclaimable SUnreclaim KernelStack PageTables Percpu Hugetlb; do
    elsewhere=$((elsewhere - ${memory[$key]-0}))
  done
  printf '%s %% used, %d of %d MiB available, shared %d, slab %d, huge pages %d, elsewhere %d MiB; swap %d of %d MiB used' \
    "$(tenths "$used_tenths")" "$(mebibytes "${memory[MemAvailable]}")" "$(mebibytes "${memory[MemTotal]}")" \
    "$(mebibytes "${memory[Shmem]-0}")" "$(mebibytes $((${memory[SReclaimable]-0} + ${memory[SUnreclaim]-0})))" \
    "$(mebibytes "${memory[Hugetlb]-0}")" "$(mebibytes $((elsewhere > 0 ? elsewhere : 0)))" \
    "$(mebibytes $((${memory[SwapTotal]-0} - ${memory[SwapFree]-0})))" "$(mebibytes "${memory[SwapTotal]-0}")"
}

# Names and numbers alone: arguments and environments carry passwords (S31).
top_processes() {
  local pid
  for pid in ${by_memory[@]+"${by_memory[@]:0:10}"}; do
    if ! identify "$pid" || ! is_same "$pid"; then continue; fi
    printf '%s %s %s %s MiB%s\n' "$pid" "$(printable_name "${name_of[$pid]}")" "$(user_name "${users[1]}")" \
      "$(mebibytes "${held_kib[$pid]}")" "$( ((swap_kib[pid] < 1024)) || printf ', in swap %s MiB' "$(mebibytes "${swap_kib[$pid]}")")"
  done
}

# Names of which there are several, with what these hold together: many small ones are no hog, but may be the reason.
top_names() {
  local pid
  for pid in ${by_memory[@]+"${by_memory[@]}"}; do
    printf '%s %s\n' "${held_kib[$pid]}" "$(printable_name "${name_of[$pid]}")"
  done | awk '
    { kib[$2] += $1; count[$2]++ }
    END { for (name in kib) if (count[name] > 1) printf "%d %d %s\n", kib[name], count[name], name }
  ' | sort -k1,1nr | awk 'NR <= 3 { printf "%s, %d of them: %d MiB\n", $3, $2, ($1 + 512) / 1024 }'
}

# File systems in memory that hold at least a MiB: nothing of them is deleted, but they may be the reason.
top_file_systems() {
  timeout -k 1 5 df -k -t tmpfs -t ramfs --output=used,target 2>/dev/null 9>&- | tail -n +2 | sort -k1,1nr |
    awk 'NR <= 3 && $1 >= 1024 { mebibytes = int(($1 + 512) / 1024); sub(/^ *[0-9]+ /, ""); print $0 ": " mebibytes " MiB" }' || true
}

# Services that have a limit, with what they have.
grown_services() {
  local service
  for service in "${!held_of_service[@]}"; do
    printf '%s %d MiB, limit %d MiB\n' "$service" "$(mebibytes "${held_of_service[$service]}")" "${service_memory[$service]}"
  done
}

# --- caches ---

# Sets cache_gain_kib: how much more would be available if all caches were dropped. Caches count as available already, all but a
# part that the kernel wants to keep (si_mem_available); reserved pages are available in neither case.
count_cache_gain() {
  local reserve_pages page_bytes
  reserve_pages=$(awk '
    $1 == "high" { high = $2 }
    $1 == "managed" { managed = $2 }
    $1 == "protection:" {
      largest = 0
      gsub(/[(),]/, " ")
      for (i = 2; i <= NF; i++) if ($i + 0 > largest) largest = $i + 0
      reserve = largest + high
      sum += reserve < managed ? reserve : managed
    }
    END { printf "%d", sum }
  ' /proc/zoneinfo 2>/dev/null) || reserve_pages=0
  page_bytes=$(getconf PAGESIZE)
  cache_gain_kib=$((memory[MemFree] + memory[Buffers] + memory[Cached] - ${memory[Shmem]-0} + ${memory[SReclaimable]-0} - memory[MemAvailable]))
  cache_gain_kib=$((cache_gain_kib - reserve_pages * page_bytes / 1024))
  ((cache_gain_kib > 0)) || cache_gain_kib=0
}

# Drops caches if that is expected to give back the share of what is missing; else everybody would read from disk again for nothing.
dropped=0
drop_caches() {
  local before=${memory[MemAvailable]} gave
  count_cache_gain
  if ((cache_gain_kib == 0 || cache_gain_kib * 100 < missing_kib * minimum_share_percent)); then
    report_evidence caches "not dropped: that would give back $(mebibytes "$cache_gain_kib") MiB at most"
    return 0
  fi
  tell_evidence
  # Not waited for: writing back what is dirty may take long, and clean pages are most of what there is.
  if ! timeout -s KILL 20 bash -c 'printf 3 >/proc/sys/vm/drop_caches' 2>/dev/null 9>&-; then
    report_evidence caches 'not dropped: the kernel did not take it in time'
    return 0
  fi
  dropped=1
  settle "$cache_gain_kib"
  gave=$(((memory[MemAvailable] - before) / 1024))
  ((gave > 0)) || gave=0
  report_evidence caches "dropped: expected $(mebibytes "$cache_gain_kib") MiB, gave back $gave MiB"
  changes+=("{\"what\":\"caches dropped\",\"mebibytes\":$gave}")
}

# --- what is done, least harm first ---

measure
is_short || finish already-healthy "no longer unhealthy: memory $(tenths "$used_tenths") % used"
used_before=$used_tenths available_before=${memory[MemAvailable]}
report_evidence memoryBefore "$(memory_line)"
report_evidence_lines topBefore < <(top_processes)
report_evidence_lines namesBefore < <(top_names)
report_evidence_lines fileSystemsBefore < <(top_file_systems)
read -r pressure 2>/dev/null </proc/pressure/memory || pressure=unknown
report_evidence pressureBefore "$pressure"

drop_caches

failed_restarts=()
choose_service "$missing_kib" "$minimum_share_percent"
report_evidence_lines servicesBefore < <(grown_services)
while is_short && [[ -n $grown_service ]]; do
  service=$grown_service held=$grown_kib
  tell_evidence
  restart_service "$service" "$restart_seconds"
  if [[ -n $how ]]; then
    restarted=$((restarted + 1))
    # shellcheck disable=SC2004 # the key is a text
    restart_tried[$service]='service still beyond its limit'
    [[ $how != restart-failed ]] || failed_restarts+=("$service")
    changes+=("{\"what\":\"$how\",\"unit\":$(json_string "$service"),\"mebibytes\":$(mebibytes "$held")}")
    settle "$held"
  else
    # shellcheck disable=SC2004
    restart_tried[$service]="service: ${why_not:-not restarted}"
  fi
  choose_service "$missing_kib" "$minimum_share_percent"
done

while is_short; do
  choose_hog "$missing_kib" "$minimum_share_percent"
  [[ -n $hog ]] || break
  hog_user=${users[1]} hog_kib=${held_kib[$hog]}
  # shellcheck disable=SC2004 # the key is a text
  tried[$hog:${start_of[$hog]}]=yes
  unset "why_left[$hog]"
  stop_process "$hog"
  if [[ -n $how ]]; then
    stopped=$((stopped + 1))
    change_process "$how" "$hog" "$hog_user" mebibytes "$(mebibytes "$hog_kib")"
    settle "$hog_kib"
  else
    [[ -z $why_not ]] || why_left[hog]=$why_not
    measure
  fi
done

# --- what was done ---

report_evidence memoryAfter "$(memory_line)"
report_count cachesDropped "$dropped"
report_count restarted "$restarted"
report_count stopped "$stopped"
tell_left
freed_kib=$((memory[MemAvailable] - available_before))
bytes_freed=$((freed_kib > 0 ? freed_kib * 1024 : 0))
course="memory $(tenths "$used_before") % -> $(tenths "$used_tenths") % used"
if ((dropped + restarted + stopped == 0)); then
  finish nothing-to-do "$course: nothing was found that may be stopped and would give back enough"
fi
course+="; caches dropped: $dropped, services restarted: $restarted, processes stopped: $stopped"
((${#failed_restarts[@]} == 0)) || course+="; did not come back: ${failed_restarts[*]}"
finish changed "$course"
