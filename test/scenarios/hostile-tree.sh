#!/usr/bin/env bash
# Fills an instance's root disk to about 96 % with old files and with everything that must not be touched, under names that break
# careless scripts. Each name says what a repair must do with it: "goes" or "stays".
set -o errexit -o nounset -o pipefail
export LC_ALL=C
tree=/tmp/hostile
lists=/run/hostile
mkdir -p -- "$tree" "$lists" /srv/precious /home/operator /var/lib/ledger /var/log/audit /var/log/application /var/cache/apt/archives /var/spool/mail
: >"$lists/young"
: >"$lists/held"

# Ten thousand regular files in seven folders.
for ((number = 0; number < 10000; number++)); do
  fate=goes
  if ((number % 50 == 7)); then fate='stays (young)'
  elif ((number % 333 == 5)); then fate='stays (held open)'
  elif ((number % 777 == 3)); then fate='stays (other name elsewhere)'
  fi
  case $((number % 10)) in
  0) name="plain-$fate-$number" ;;
  1) name=" two  blanks $fate $number " ;;
  2) name=$'new\nline\n'"$fate $number" ;;
  3) name="quote'\"\\$fate$number" ;;
  4) name="-rf $fate $number" ;;
  5) name="; touch pwned; $fate $number" ;;
  6) name="\$(touch pwned)\`id\`$fate $number" ;;
  7) name="*[?]{a,b} $fate $number" ;;
  8) name=$'\xff\xfe\t\r\e[31m'"$fate $number" ;;
  9) name="%0A%25%s -delete $fate $number" ;;
  esac
  folder="$tree/"$'sub\n'"[$((number % 7))] -delete"
  ((number > 6)) || mkdir -- "$folder"
  printf '%s\n' "$number" >"$folder/$name"
  case $fate in
  *young*) printf '%s\0' "$folder/$name" >>"$lists/young" ;;
  *held*) printf '%s\0' "$folder/$name" >>"$lists/held" ;;
  *other*) ln -- "$folder/$name" "/srv/stays-link-$number" ;;
  esac
done

# Ways out of the tree, and what is not a regular file.
printf 'precious\n' >/srv/precious/stays
printf 'thesis\n' >'/home/operator/stays thesis'
ln -s /srv/precious "$tree/stays link to a folder"
ln -s /srv/precious/stays "$tree/stays link to a file"
ln -s ../../.. "$tree/stays link up"
ln -s . "$tree/stays link to itself"
ln -s /nowhere $'/tmp/stays\nlink to nothing'
ln -s /home/operator /var/tmp/stays-link-home
mkfifo "$tree/stays fifo"
mkdir -- "$tree/bound *[x]\\ stays" "$tree/bound yx goes"
printf 'beside a mount\n' >"$tree/bound yx goes/goes"
mount -n --bind /srv/precious "$tree/bound *[x]\\ stays"

# The other folders that are cleaned, with what stays in them.
for name in '/var/cache/apt/archives/goes_1.0_amd64.deb' '/var/cache/apt/archives/stays-lock' '/var/log/application/goes.log.1' \
  '/var/log/application/goes-20240101' '/var/log/application/stays.log' '/var/log/audit/stays.log.1' '/var/lib/ledger/stays.db' \
  '/var/spool/mail/stays' '/tmp/.X0-lock' '/data/stays.tmp'; do
  printf 'content of %s\n' "$name" >"$name"
done
head -c 15M /dev/zero >/var/tmp/goes.csv

find /tmp /var /srv /home /data -xdev \( -type f -o -type l -o -type p \) -exec touch -h -d '3 days ago' -- {} +
printf 'today\n' >/var/tmp/stays-young.csv
printf 'today\n' >/var/log/application/stays-young.log.2
xargs -0 touch -- <"$lists/young"

# Old themselves, and in use.
# shellcheck disable=SC2016 # the variables are of the inner bash
setsid bash -c 'while IFS= read -r -d "" path; do exec {open}<"$path"; done <"$1/held"; : >"$1/holding"; exec sleep infinity' \
  bash "$lists" </dev/null >/dev/null 2>&1 &
until [[ -e $lists/holding ]]; do sleep 0.05; done

# Full of what no repair may reach.
read -r used available < <(df -B1024 --output=used,avail / | tail -n 1)
fallocate -l "$(((used + available) * 96 / 100 - used))KiB" /var/lib/ledger/stays-archive.db
df -P -B1024 / | tail -n 1
