#!/usr/bin/env bash
# pid 1 of an instance: starts its services, then reaps what nobody waits for.
set -u

# Usage: init, with a pipe as descriptor 9 whose end is the instance's.
/opt/sandbox/bin/systemctl start amazon-ssm-agent sshd 9<&-

# Nobody ever writes there. Bash reaps orphans while it reads, but not where `read` is given a timeout.
while read -r -u 9 _; do :; done
