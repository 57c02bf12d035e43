#!/usr/bin/env bash
# Stand-in for the CloudWatch agent's ctl: the same files in the same order, with a translation that only copies, and an
# agent that only sleeps. What its metrics would be, the sandbox reads out of the translated file.
# Knows: -a fetch-config|append-config|start|stop|status [-m ec2] [-c file:<path>] [-s]
set -euo pipefail

folder=/opt/aws/amazon-cloudwatch-agent/etc
configurations=$folder/amazon-cloudwatch-agent.d
translated=$folder/amazon-cloudwatch-agent.toml

start() {
  if [[ ! -f $translated ]]; then
    echo 'amazon-cloudwatch-agent is not configured' >&2
    exit 1
  fi
  systemctl start amazon-cloudwatch-agent
}

# Copies the file aside, translates, and only then lets it take the place of the others.
configure() { # default|append
  local source=${location#file:} file part
  [[ $location == file:/* ]] || { echo "location type ${location%%:*} is not supported" >&2 && exit 1; }
  part=$configurations/file_${source##*/}.tmp
  rm -f -- "$configurations"/*.tmp
  cp -- "$source" "$part"
  chmod 644 "$part"
  [[ $(<"$part") == '{'*'}' ]] || { echo 'Configuration validation failed' >&2 && exit 1; }
  cp -- "$part" "$translated.part"
  mv -f -- "$translated.part" "$translated"
  if [[ $1 == default ]]; then
    rm -f -- "$folder/amazon-cloudwatch-agent.json"
    for file in "$configurations"/*; do
      if [[ $file != "$part" ]]; then rm -f -- "$file"; fi
    done
  fi
  mv -f -- "$part" "${part%.tmp}"
  if [[ -n $restart ]]; then
    systemctl stop amazon-cloudwatch-agent
    start
  fi
}

action='' location='' restart=''
while getopts 'a:m:c:s' option; do
  case $option in
    a) action=$OPTARG ;;
    c) location=$OPTARG ;;
    s) restart=yes ;;
    *) ;;
  esac
done
case $action in
  fetch-config) configure default ;;
  append-config) configure append ;;
  start) start ;;
  stop) systemctl stop amazon-cloudwatch-agent ;;
  status)
    printf '{\n  "status": "%s",\n' "$(systemctl is-active amazon-cloudwatch-agent | sed 's/inactive/stopped/; s/active/running/')"
    printf '  "configstatus": "%s"\n}\n' "$([[ -f $translated ]] && echo configured || echo 'not configured')"
    ;;
  *)
    echo "Invalid action: $action" >&2
    exit 1
    ;;
esac
