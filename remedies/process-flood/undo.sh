#!/usr/bin/env bash
# Lets those go on that a repair held by SIGSTOP when it was killed, where the process is still the same one.
# shellcheck disable=SC2154 # the preamble sets what is not set here

begin_undo
let_go_of_held
report_count letGo "$let_go"
((let_go > 0)) || finish nothing-to-do 'no process was held'
finish changed "processes that go on: $let_go"
