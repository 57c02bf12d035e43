#!/usr/bin/env bash
# The timer that measures. The document sets: measurement_list (empty where nothing is measured), measured (name and text of
# each script by turns), run_measurements, measure_service and measure_timer.
# shellcheck disable=SC2154 # the document and the other parts set them

keep_measurements() {
  local at path name wanted=' list '
  if [[ -z $measurement_list ]]; then
    drop_timer self-healing-measure
    drop_file "$programs/run-measurements"
    for path in "$programs"/measure/*; do drop_file "$path"; done
    rmdir -- "$programs/measure" "$programs" 2>/dev/null || true
    return 0
  fi
  keep_folder "$programs"
  keep_folder "$programs/measure"
  for ((at = 0; at < ${#measured[@]}; at += 2)); do
    keep_file "$programs/measure/${measured[at]}" "${measured[at + 1]}"
    wanted+="${measured[at]} "
  done
  keep_file "$programs/measure/list" "$measurement_list"
  keep_file "$programs/run-measurements" "$run_measurements"
  for path in "$programs"/measure/*; do
    name=${path##*/}
    if [[ $wanted != *" $name "* ]]; then drop_file "$path"; fi
  done
  keep_timer self-healing-measure "$measure_service" "$measure_timer"
}
