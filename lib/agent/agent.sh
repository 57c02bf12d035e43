#!/usr/bin/env bash
# What both scripts of the agent's document share. Before it the document sets: stack, opt_in_tag, opt_out_tag and wanted,
# the text of the agent's configuration. Nothing here needs room on the disk, which may be full.
# shellcheck disable=SC2154 # the document sets them
set -o errexit -o nounset -o pipefail

if [[ ${SSM_MustConfigure-} != @(yes|no) ]]; then
  echo 'agent too old: parameters did not arrive as environment (SSM Agent 3.3.2746.0 or later is needed)' >&2
  exit 65
fi
export LC_ALL=C PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077
cd /

agent=/opt/aws/amazon-cloudwatch-agent
ctl=$agent/bin/amazon-cloudwatch-agent-ctl
# Where fetch-config puts a file of this name: tool/downloader/downloader.go of the agent.
name=self-healing.json
configuration=$agent/etc/amazon-cloudwatch-agent.d/file_$name

is_installed() { [[ -x $ctl && -x $agent/bin/amazon-cloudwatch-agent ]]; }

# The kernel keeps 15 characters of a process's name.
is_running() { pgrep -x amazon-cloudwat >/dev/null; }

is_current() { [[ -f $configuration && $(<"$configuration") == "$wanted" ]] && is_running; }

# METHOD PATH HEADER -> the body that the instance's metadata service answers; fails unless it answers 200.
# By bash alone, since not every image has curl; the endpoint can be set as for AWS's own clients.
ask_metadata() {
  local endpoint=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254} address port=80 answer connection
  address=${endpoint#http://}
  address=${address%%/*}
  if [[ $address == *:* ]]; then port=${address##*:}; fi
  exec {connection}<>"/dev/tcp/${address%:*}/$port" || return 1
  printf '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n\r\n' \
    "$1" "$2" "$address" "$3" >&"$connection"
  answer=$(cat <&"$connection")
  [[ $answer == 'HTTP/1.'?' 200 '* ]] && printf '%s' "${answer#*$'\r\n\r\n'}"
}

# The same, given up after 5 s: a firewall may swallow what is sent.
metadata() { timeout 5 bash -c "$(declare -f ask_metadata); ask_metadata \"\$@\"" ask_metadata "$@" 2>/dev/null; }

# Each of these sets `why` where the instance must be left as it is. A global and no output: within `$( )`, bash would go
# on after a command that failed, and say nothing.

# S26: its own tags are read here and now, since State Manager reaches the first instance by its id, and knows nothing of
# opting out. Tags that cannot be read protect. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
find_protection() {
  local token header tags value=
  token=$(metadata PUT /latest/api/token 'X-aws-ec2-metadata-token-ttl-seconds: 60') || token=
  header="X-aws-ec2-metadata-token: $token"
  tags=$(metadata GET /latest/meta-data/tags/instance "$header") || {
    why="its tags cannot be read in its metadata: aws ec2 modify-instance-metadata-options --instance-metadata-tags enabled --instance-id ${AWS_SSM_INSTANCE_ID-}"
    return 0
  }
  if [[ $'\n'$tags$'\n' == *$'\n'"$opt_out_tag"$'\n'* ]]; then
    why="it is opted out by its tag $opt_out_tag"
    return 0
  fi
  value=$(metadata GET "/latest/meta-data/tags/instance/$opt_in_tag" "$header") || value=
  if [[ $value != "$stack" ]]; then why="its tag $opt_in_tag does not name $stack"; fi
}

# Fetching a configuration removes every other one, so that any other is a reason to keep off.
find_foreign_agent() {
  local path
  local -a found=()
  shopt -s nullglob dotglob
  for path in "$agent"/etc/amazon-cloudwatch-agent.d/* "$agent"/etc/amazon-cloudwatch-agent.json; do
    if [[ $path == "$configuration" || $path == "$configuration.tmp" ]]; then continue; fi
    if [[ -e $path || -L $path ]]; then found+=("$path"); fi
  done
  shopt -u nullglob dotglob
  if [[ ! -e $configuration && ! -e $configuration.tmp ]]; then
    # What the agent was made to run by, though not from a file of ours.
    for path in "$agent"/etc/amazon-cloudwatch-agent.{toml,yaml}; do
      if [[ -e $path || -L $path ]]; then found+=("$path"); fi
    done
    if is_running; then found+=('a process amazon-cloudwatch-agent'); fi
  fi
  if ((${#found[@]} > 0)); then printf -v why 'it has a CloudWatch agent that is not ours: %s' "$(printf '%q ' "${found[@]}")"; fi
}

# Sets `why` to the reason for which nothing may be changed here, empty where it may.
find_reason_to_keep_off() {
  why=
  find_protection
  if [[ -z $why ]]; then find_foreign_agent; fi
}
