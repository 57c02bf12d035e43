#!/usr/bin/env bash
# Deletes what lies in /tmp and /var/tmp, where it is old enough. What lies in /var/tmp is meant to outlive a reboot, and stays longer.
# shellcheck disable=SC2154 # cleaning.sh sets what is not set here
tmp_age_minutes=${SSM_TmpAgeMinutes-14400}
var_tmp_age_minutes=${SSM_VarTmpAgeMinutes-43200}

begin_chore
require_parameter AgeBy "$age_by" 'change|modification'
require_parameter TmpAgeMinutes "$tmp_age_minutes" '[0-9]{1,6}'
require_parameter VarTmpAgeMinutes "$var_tmp_age_minutes" '[0-9]{1,6}'
clean temporaryFiles built-in /tmp "$tmp_age_minutes" "$age_by" ! -name '.X*-lock'
clean temporaryFiles built-in /var/tmp "$var_tmp_age_minutes" "$age_by" ! -name '.X*-lock'
finish_chore
