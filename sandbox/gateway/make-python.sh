#!/usr/bin/env bash
# Makes a Python environment of the sandbox's own: make-python.sh <folder> <requirement> <Python code that fails without it>
# The folder comes to be whole or not at all. All that this starts ends when its standard input does; for that it must
# lead a process group. Of two at once the second waits, and finds the folder made.
set -o errexit -o nounset -o pipefail
folder=$1 requirement=$2 probe=$3

exec {sandbox}<&0 </dev/null
(read -r -u "$sandbox" _ || kill -KILL 0) &
trap 'kill '$! EXIT

exec {turn}<"${folder%/*}"
flock "$turn"
if ! "$folder/bin/python3" -c "$probe" 2>/dev/null; then
  rm -rf -- "$folder" "$folder.part"
  python3 -m venv -- "$folder.part"
  "$folder.part/bin/python3" -m pip install --disable-pip-version-check --no-input -- "$requirement"
  # What is called by `python3 -m` may move; its programs in bin/ may not.
  mv -- "$folder.part" "$folder"
fi
