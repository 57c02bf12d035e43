#!/usr/bin/env bash
# What the scripts of State Manager's documents share: where they run, and whether the instance's own tags let them change
# anything. Before it the document sets: stack, opt_in_tag and opt_out_tag. Nothing here needs room on the disk, which may be full.
# shellcheck disable=SC2154,SC2034 # the document sets them, and the script that follows reads `why`
set -o errexit -o nounset -o pipefail

export LC_ALL=C PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077
cd /

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

# Sets `why` where the instance must be left as it is. A global and no output: within `$( )`, bash would go on after a command
# that failed, and say nothing.
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
