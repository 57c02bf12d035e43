#!/usr/bin/env bash
# What container runtimes keep and nobody uses: images without a name and build caches, each by the runtime's own command, and logs of
# containers. Never a volume, a container, or an image that was used within the limit (S13). Stands behind cleaning.sh.
# shellcheck disable=SC2154,SC2034 # what is set here is used by the scripts that follow, and the other way round
container_caches=${SSM_ContainerCaches-off}
container_age_days=${SSM_ContainerAgeDays-7}
container_log_mebibytes=${SSM_ContainerLogMebibytes-0}

require_container_parameters() {
  require_parameter ContainerCaches "$container_caches" 'off|unused'
  require_parameter ContainerAgeDays "$container_age_days" '[1-9][0-9]?'
  require_parameter ContainerLogMebibytes "$container_log_mebibytes" '[0-9]{1,7}'
}

images_removed=0 build_caches_cut=0
clean_container_caches() {
  local runtime
  [[ $container_caches == unused ]] || return 0
  for runtime in docker podman; do
    ! has_room || return 0
    command -v "$runtime" >/dev/null || continue
    # Of what the runtime keeps on another file system, nothing would help here.
    is_runtime_here "$runtime" || continue
    remove_images "$runtime"
    ! has_room || return 0
    [[ $runtime != docker ]] || cut_build_cache
  done
  # It knows neither an image's age nor when it was used; on Kubernetes the kubelet removes images by its own thresholds.
  if ! has_room && command -v crictl >/dev/null && [[ -d /var/lib/containerd ]]; then
    report_left 'images of containerd, which the kubelet removes itself' 1
  fi
}

# True if RUNTIME answers, and keeps its files on the sick file system.
is_runtime_here() {
  local place format
  format=$(braced .DockerRootDir)
  [[ $1 == docker ]] || format=$(braced .Store.GraphRoot)
  if ! place=$(ask "$1" info --format "$format") || [[ $place != /* || ! -d $place ]]; then
    report_left "images of $1, which does not answer" 1
    return 1
  fi
  [[ $(stat -c %d -- "$place") == "$sick_device" ]]
}

# A Go template of EXPRESSION. SSM would take two braces in a row for a parameter of its own.
braced() { printf '%s%s%s%s%s' '{' '{' "$1" '}' '}'; }

# Removes RUNTIME's images that have no name and that nobody used since the limit. One at a time, without force: what a container uses
# after all, the runtime itself refuses to remove.
remove_images() {
  local runtime=$1 image created bytes made oldest count=0
  oldest=$(($(date +%s) - container_age_days * 86400))
  if ! used_since "$runtime" "$oldest"; then
    report_left "images of $runtime, for it cannot be told which were used" 1
    return 0
  fi
  while IFS= read -r image; do
    [[ $image =~ ^(sha256:)?[0-9a-f]{64}$ ]] || continue
    ! has_room || return 0
    ((count < 50)) || break
    count=$((count + 1)) created='' bytes=0
    IFS='|' read -r created bytes < <(ask "$runtime" image inspect --format "$(braced .Created)|$(braced .Size)" "$image") || true
    # 2026-11-01T10:00:00.123456789Z, or as podman says it, `2026-11-01 10:00:00.123456789 +0000 UTC`.
    made=$(date -u -d "${created% UTC}" +%s 2>/dev/null) || made=
    if [[ -z $created || -z $made ]] || ((made >= oldest)); then
      report_left 'images younger than the limit' 1
    elif [[ -n ${used_ids[${image#sha256:}]-} ]]; then
      report_left 'images that were used within the limit' 1
    elif ask "$runtime" image rm "$image" >/dev/null; then
      images_removed=$((images_removed + 1))
      [[ $bytes =~ ^[0-9]{1,15}$ ]] || bytes=0
      note_in_manifest "$bytes" $((bytes / 512)) "$made" "$runtime image $image"
      ((${#changes[@]} >= 20)) || changes+=("{\"what\":\"removed image\",\"runtime\":\"$runtime\",\"image\":\"${image:0:19}\",\"bytes\":$bytes}")
    else
      report_left "images that $runtime would not remove" 1
    fi
  done < <(ask "$runtime" image ls --quiet --no-trunc --filter dangling=true)
}

# Sets used_ids: the images of RUNTIME's containers, whatever their state, and those that something happened to since OLDEST. False if it
# cannot be told which were used: no runtime notes that, so that its events must reach back over all that time (docker keeps the last
# 256, and none over a restart), and no container may have gone meanwhile, for an event has its image's name of then alone.
declare -A used_ids=()
used_since() {
  local runtime=$1 oldest=$2 now format id containers images events
  now=$(date +%s) format=json
  [[ $runtime != docker ]] || format=$(braced 'json .')
  used_ids=()
  events=$(ask "$runtime" events --since $((oldest * 2 - now)) --until "$oldest" --format "$format") && [[ -n $events ]] || return 1
  containers=$(ask "$runtime" ps --all --quiet --no-trunc) || return 1
  images=$(ask "$runtime" image ls --all --quiet --no-trunc) || return 1
  for id in $containers; do
    [[ $id =~ ^[0-9a-f]{64}$ ]] && events=$(ask "$runtime" inspect --type container --format "$(braced .Image)" "$id") || return 1
    used_ids[${events#sha256:}]=yes
  done
  events=$(ask "$runtime" events --since "$oldest" --until "$now" --filter type=image --format "$format") || return 1
  for id in $(printf '%s' "$events" | grep -oE '[0-9a-f]{64}'); do used_ids[$id]=yes; done
  events=$(ask "$runtime" events --since "$oldest" --until "$now" --filter type=container --format "$format") || return 1
  for id in $(printf '%s' "$events" | grep -oE '[0-9a-f]{64}'); do
    used_ids[$id]=yes
    [[ $containers == *"$id"* || $images == *"$id"* ]] || return 1
  done
}

# Has docker cut its build cache to what was used within the limit: its `until` goes by last use.
cut_build_cache() {
  local before=$used
  read_usage
  before=$used
  timeout -k 1 120 docker builder prune --force --filter "until=$((container_age_days * 24))h" >/dev/null 2>&1 </dev/null 8>&- 9>&- || return 0
  read_usage
  ((used < before)) || return 0
  build_caches_cut=1
  note_in_manifest $((before - used)) $(((before - used) / 512)) "$(date +%s)" "docker build cache older than $container_age_days days"
  changes+=("{\"what\":\"build cache cut\",\"runtime\":\"docker\",\"bytesFreed\":$((before - used))}")
}

# Docker's own log of a container, where it has no limit of its own: cut to its last MiB, to whole lines, for docker reads them as JSON.
shorten_container_logs() {
  ((container_log_mebibytes > 0)) || return 0
  shorten_logs_in /var/lib/docker/containers "$container_log_mebibytes" lines -mindepth 2 -maxdepth 2 -regextype posix-extended \
    -regex '\./[0-9a-f]{64}/[0-9a-f]{64}-json\.log'
}
