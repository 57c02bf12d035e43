#!/usr/bin/env bash
# What both scripts of the agent's document share. Before it stand own-tags.sh, and what the document sets: `wanted`, the text
# of the agent's configuration.
# shellcheck disable=SC2154 # the document and own-tags.sh set them
if [[ ${SSM_MustConfigure-} != @(yes|no) ]]; then
  echo 'agent too old: parameters did not arrive as environment (SSM Agent 3.3.2746.0 or later is needed)' >&2
  exit 65
fi

agent=/opt/aws/amazon-cloudwatch-agent
ctl=$agent/bin/amazon-cloudwatch-agent-ctl
# Where fetch-config puts a file of this name: tool/downloader/downloader.go of the agent.
name=self-healing.json
configuration=$agent/etc/amazon-cloudwatch-agent.d/file_$name

is_installed() { [[ -x $ctl && -x $agent/bin/amazon-cloudwatch-agent ]]; }

# The kernel keeps 15 characters of a process's name.
is_running() { pgrep -x amazon-cloudwat >/dev/null; }

is_current() { [[ -f $configuration && $(<"$configuration") == "$wanted" ]] && is_running; }

# Sets `why` where there is an agent that must be left as it is. Fetching a configuration removes every other one, so that any
# other is a reason to keep off.
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
