#!/usr/bin/env bash
# Prints the value of the metric orders_stuck: how many orders are being worked on for more than 15 minutes. Fails, and so gives no
# datapoint, where there is no spool.
set -o errexit -o nounset -o pipefail
find /srv/orders/spool/work -mindepth 2 -maxdepth 2 -ignore_readdir_race -type f -mmin +15 -printf x | wc -c
