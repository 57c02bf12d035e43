#!/usr/bin/env bash
# The document's first step: fails unless the agent's package must be installed. It only guards the next step; whatever
# it says, `configure` judges for itself.
# shellcheck disable=SC2154 # the document and agent.sh set them
find_reason_to_keep_off
if [[ -n $why ]]; then
  printf 'no package is installed: %s\n' "$why"
  exit 1
fi
if is_installed; then
  echo 'no package is installed: there is one already'
  exit 1
fi
echo 'the package is to be installed'
