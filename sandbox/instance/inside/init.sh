#!/usr/bin/env bash
# pid 1 of an instance: starts its services, then reaps what nobody waits for.
set -u

/opt/sandbox/bin/systemctl start amazon-ssm-agent sshd

mkfifo /run/init
exec 9<>/run/init
rm -f /run/init
# Nobody ever writes there. Bash reaps orphans while it reads, but not where `read` is given a timeout.
while :; do
  read -r -u 9 _ || :
done
