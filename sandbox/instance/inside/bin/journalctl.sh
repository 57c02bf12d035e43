#!/usr/bin/env bash
# Stand-in for journalctl inside an instance. The journal is the files in /var/log/journal/<machine id>:
# archived ones (with an @ in the name) may be vacuumed, oldest first, the active one never. What a unit said is in
# /run/sandbox-units/<name>.log, message by message, as `-o cat` shows it.
set -u

read -r machine_id </etc/machine-id
journal=/var/log/journal/$machine_id

bytes_of() { # 200M -> 209715200
  local number=${1%[KMGTBkmgtb]} unit=${1##*[0-9]}
  case $unit in
    K | k) printf '%s' "$((number << 10))" ;;
    M | m) printf '%s' "$((number << 20))" ;;
    G | g) printf '%s' "$((number << 30))" ;;
    T | t) printf '%s' "$((number << 40))" ;;
    *) printf '%s' "$number" ;;
  esac
}
in_words() { awk -v bytes="$1" 'BEGIN {
  split("B K M G", unit, " "); u = 1
  while (bytes >= 1024 && u < 4) { bytes /= 1024; u++ }
  printf(u == 1 ? "%d%s" : "%.1f%s", bytes, unit[u]) }'; }
used_bytes() { find "$journal" -type f -printf '%b\n' 2>/dev/null | awk '{ sum += $1 * 512 } END { printf "%d", sum }'; }

seconds_of() { # 2d -> 172800; 2weeks, 3h, 10min, 5s likewise
  local number=${1%%[!0-9]*} unit=${1##*[0-9]}
  case $unit in
    w*) printf '%s' "$((number * 604800))" ;;
    d*) printf '%s' "$((number * 86400))" ;;
    h*) printf '%s' "$((number * 3600))" ;;
    m*) printf '%s' "$((number * 60))" ;;
    *) printf '%s' "${number:-0}" ;;
  esac
}

rotate() {
  if [ -s "$journal/system.journal" ]; then mv -- "$journal/system.journal" "$journal/system@$(date +%s%N).journal"; fi
  : >"$journal/system.journal"
}

vacuum() { # `size` and the most bytes to keep, or `age` and the most seconds to keep
  local modified blocks file freed=0 now
  now=$(date +%s)
  while read -r -d '' modified blocks file; do
    case $1 in
      size) [ "$(used_bytes)" -gt "$2" ] || break ;;
      age) [ "$((now - ${modified%.*}))" -ge "$2" ] || break ;;
    esac
    rm -f -- "$file" || continue
    freed=$((freed + blocks * 512))
    printf 'Deleted archived journal %s (%s).\n' "$file" "$(in_words $((blocks * 512)))" >&2
  done < <(find "$journal" -type f -name '*@*.journal*' -printf '%T@ %b %p\0' | sort -z -n)
  printf 'Vacuuming done, freed %s of archived journals from %s.\n' "$(in_words "$freed")" "$journal" >&2
}

lines='' acted='' unit=''
while [ $# -gt 0 ]; do
  option=$1 value=''
  case $1 in
    --vacuum-*=* | --lines=* | --unit=*) option=${1%%=*} value=${1#*=} ;;
    --vacuum-* | --lines | -n | --unit | -u | -o) value=${2-} && shift ;;
    -n*) option=-n value=${1#-n} ;;
  esac
  case $option in
    --rotate) rotate && acted=yes ;;
    --flush | --sync) acted=yes ;;
    --vacuum-size) vacuum size "$(bytes_of "$value")" && acted=yes ;;
    --vacuum-time) vacuum age "$(seconds_of "$value")" && acted=yes ;;
    --disk-usage)
      printf 'Archived and active journals take up %s in the file system.\n' "$(in_words "$(used_bytes)")"
      acted=yes
      ;;
    -n | --lines) lines=$value ;;
    -u | --unit) unit=${value%.service} ;;
  esac
  shift
done
[ -z "$acted" ] || exit 0
if [ -n "$unit" ]; then
  [ ! -e "/run/sandbox-units/$unit.log" ] || exec tail -n "${lines:-1000}" -- "/run/sandbox-units/$unit.log"
  exit 0
fi
if [ -s /var/log/messages ]; then tail -n "${lines:-1000}" -- /var/log/messages; else printf -- '-- No entries --\n'; fi
