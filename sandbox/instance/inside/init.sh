#!/usr/bin/env bash
# pid 1 of an instance: starts its services, then reaps what nobody waits for.
set -u

# Usage: init <its pid as the machine sees it>, with a pipe as descriptor 9 whose end is the instance's.
/opt/sandbox/bin/systemctl start amazon-ssm-agent sshd >/dev/null 9<&-
printf 'ready %s\n' "$1"
exec >/dev/null

# Nobody ever writes there. Bash reaps orphans while it reads, but not where `read` is given a timeout.
while read -r -u 9 _; do :; done
