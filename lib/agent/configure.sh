#!/usr/bin/env bash
# The document's last step, which always runs: makes the installed agent run by our configuration, and no other, or says
# why it left it alone. Changes nothing where all is as it should be.
# shellcheck disable=SC2154 # the document and agent.sh set them

# MESSAGE [OUTPUT of the agent, of which the end is shown]
fail() {
  local said=${2-}
  if ((${#said} > 1500)); then said=${said: -1500}; fi
  printf '%s%s\n' "$1" "${said:+: $said}" >&2
  exit 1
}

# In memory: a full disk must not leave half a file, and nobody needs it later.
folder=/run/self-healing
mkdir -p -- "$folder"
exec {lock}>"$folder/agent.lock"
flock -w 60 "$lock" || fail 'another run configures the agent since 60 s'

find_reason_to_keep_off
if [[ -n $why ]]; then
  printf 'left alone: %s\n' "$why"
  # The first instance is there to prove the roll-out, which one that was left alone does not.
  if [[ $SSM_MustConfigure == yes ]]; then exit 1; fi
  exit 0
fi
if is_current; then
  echo 'nothing to do: the agent runs by this configuration'
  exit 0
fi
is_installed || fail 'the agent is not installed: the step before says why'

printf '%s\n' "$wanted" >"$folder/$name.part"
mv -f -- "$folder/$name.part" "$folder/$name"
# The agent shall not inherit the lock.
if ! said=$(timeout --kill-after=10 120 "$ctl" -a fetch-config -m ec2 -c "file:$folder/$name" -s 2>&1 {lock}>&-); then
  # Half a copy, where the disk was full.
  rm -f -- "$configuration.tmp"
  fail 'the agent did not take the configuration' "$said"
fi
# It translates first, and then runs; one that cannot work ends soon.
steady_seconds=0
for ((second = 0; second < 30 && steady_seconds < 2; second++)); do
  sleep 1
  if is_current; then steady_seconds=$((steady_seconds + 1)); else steady_seconds=0; fi
done
((steady_seconds >= 2)) || fail "the agent does not run by the configuration that it was given, see $agent/logs" "$said"
echo 'configured: the agent runs by this configuration'
