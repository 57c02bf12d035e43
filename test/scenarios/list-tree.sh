#!/usr/bin/env bash
# Prints every file of an instance's own disks, one entry each: its kind, all that is known of it, its path, in base64; then of each
# regular file the digest of its content. Not what the agent keeps there for itself.
set -o errexit -o nounset -o pipefail
export LC_ALL=C
{
  find / /data -xdev -path /var/lib/amazon/ssm -prune -o -type d -printf '%y %m %U:%G\t%p\0' \
    -o -printf '%y %m %U:%G %n %s %T@ %C@ %l\t%p\0' | sort -z
  find / /data -xdev -path /var/lib/amazon/ssm -prune -o -type f -print0 | sort -z | xargs -0 sha256sum -z --
} | base64 -w 0
