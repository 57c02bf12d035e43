#!/usr/bin/env bash
# Stand-in for the package AmazonCloudWatchAgent, inside an instance. CTL is the text of its ctl.
set -euo pipefail
umask 022

agent=/opt/aws/amazon-cloudwatch-agent
mkdir -p -- "$agent"/bin "$agent"/etc/amazon-cloudwatch-agent.d "$agent"/logs /etc/sandbox-units
# What tells processes apart is the name that the kernel gives them, their file's.
cp -L -- "$(command -pv sleep)" "$agent/bin/amazon-cloudwatch-agent"
printf '%s\n' '# [credentials] and [proxy] of the agent' >"$agent/etc/common-config.toml"
printf '[Unit]\nDescription=Amazon CloudWatch Agent\n\n[Service]\nExecStart=%s infinity\n' \
  "$agent/bin/amazon-cloudwatch-agent" >/etc/sandbox-units/amazon-cloudwatch-agent.service
# Last, and at once: it is what makes the agent installed.
printf '%s' "$CTL" >"$agent/bin/ctl.part"
chmod 755 "$agent/bin/ctl.part" "$agent/bin/amazon-cloudwatch-agent"
mv -f -- "$agent/bin/ctl.part" "$agent/bin/amazon-cloudwatch-agent-ctl"
