#!/usr/bin/env bash
# Deletes package caches, rotated logs and what lies in the folders that the configuration calls cleanable, where it is old enough.
# shellcheck disable=SC2154,SC2034 # cleaning.sh sets what is not set here, and reads what is not read here
# A disk that is not full is in no hurry: these are longer than those of cleaning.sh.
package_cache_age_minutes=${SSM_PackageCacheAgeMinutes-1440}
rotated_log_age_minutes=${SSM_RotatedLogAgeMinutes-43200}
cleanable_age_minutes=${SSM_CleanableAgeMinutes-10080}

begin_chore
require_parameter AgeBy "$age_by" 'change|modification'
require_parameter PackageCacheAgeMinutes "$package_cache_age_minutes" '[0-9]{1,6}'
require_parameter RotatedLogAgeMinutes "$rotated_log_age_minutes" '[0-9]{1,6}'
require_parameter CleanableAgeMinutes "$cleanable_age_minutes" '[0-9]{1,6}'
require_parameter CleanableFolders "$cleanable_folders" '(/[A-Za-z0-9._/-]+(:/[A-Za-z0-9._/-]+)*)?'
clean_package_caches
clean_rotated_logs
clean_cleanable_folders
finish_chore
