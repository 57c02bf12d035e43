#!/usr/bin/env bash
# Runs every measurement of the list at once, each bounded, and hands what they print to the CloudWatch agent as StatsD gauges.
# One that fails, hangs or prints anything else gives no value, and stops no other.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-custom-metrics-statsd.html
set -o errexit -o nounset -o pipefail
export LC_ALL=C

folder=${BASH_SOURCE[0]%/*}/measure
longest_seconds=20
# Each part is a metric of its own, which is paid for.
most_values=50
most_bytes=65536

# METRIC DIMENSION PORT; DIMENSION is `-` where the metric has no parts.
put_measurement() {
  local output line tag value_pattern='^[0-9]{1,15}$' code=0 connection
  local -a values=()
  if [[ $2 != - ]]; then value_pattern='^[0-9]{1,15} [A-Za-z0-9@._:/+-]{1,200}$'; fi
  output=$(timeout -k 2 "$longest_seconds" bash "$folder/$1" </dev/null 2>/dev/null | head -c "$most_bytes") || code=$?
  if ((code != 0)); then
    printf '%s: no value: its script ended with %d\n' "$1" "$code"
    return
  fi
  while IFS= read -r line; do
    if [[ ! $line =~ $value_pattern ]]; then
      printf '%s: no value: line %d is none\n' "$1" $((${#values[@]} + 1))
      return
    fi
    tag=
    if [[ $2 != - ]]; then tag="|#$2:${line#* }"; fi
    values+=("$1:${line%% *}|g$tag")
  done < <(if [[ -n $output ]]; then printf '%s\n' "$output"; fi)
  if ((${#values[@]} > most_values)); then
    printf '%s: no value: %d parts, at most %d are put\n' "$1" "${#values[@]}" "$most_values"
    return
  fi
  exec {connection}>"/dev/udp/127.0.0.1/$3"
  # One datagram each: what does not fit into one is lost.
  for line in ${values[@]+"${values[@]}"}; do printf '%s\n' "$line" >&"$connection"; done
  printf '%s: %d put\n' "$1" "${#values[@]}"
}

{
  read -r _
  read -r _ port
  # Nobody tells the sender of a datagram that nobody took it.
  printf -v address ':%04X' "$port"
  if ! { cat /proc/net/udp /proc/net/udp6 2>/dev/null || true; } |
    awk -v address="$address" 'substr($2, length($2) - 4) == address { found = 1 } END { exit !found }'; then
    echo "nothing takes values at 127.0.0.1:$port: does the CloudWatch agent run, by a configuration with statsd?" >&2
    exit 1
  fi
  while read -r metric dimension; do
    put_measurement "$metric" "$dimension" "$port" &
  done
} <"$folder/list"
wait
