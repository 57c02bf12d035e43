#!/usr/bin/env bash
# Prints the value of the metric orders_old_locks: how many locks are older than an hour. Fails, and so gives no datapoint, where
# there is no folder of locks.
set -o errexit -o nounset -o pipefail
find /srv/orders/locks -maxdepth 1 -ignore_readdir_race -type f -name '*.lock' -mmin +60 -printf x | wc -c
