#!/usr/bin/env bash
# Fills a quarter of the root disk with one file: old and where temporary files may be cleaned, or, with KEPT=1, where nothing may be.
set -o errexit -o nounset -o pipefail
file=/var/tmp/import/rows.csv
[[ -z ${KEPT-} ]] || file=/var/lib/ledger/records.db
mkdir -p -- "${file%/*}"
fallocate -l 80MiB -- "$file"
touch -d '3 days ago' -- "$file"
