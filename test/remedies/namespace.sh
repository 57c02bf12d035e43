#!/usr/bin/env bash
# Makes a small instance of the namespaces that it was started in, and becomes its pid 1; ends when its input does.
# Usage: namespace.sh <folder> <root disk MiB> <data disk MiB>. Prints `ready <pid>`, the pid as the machine sees it.
set -euo pipefail
umask 022
folder=$1 root_mebibytes=$2 data_mebibytes=$3
# /proc is the machine's until it is mounted anew.
read -r machine_pid _ </proc/self/stat

mkdir -p -- "$folder/root"
mount -n -t tmpfs -o "size=${root_mebibytes}m,nr_inodes=400k,mode=755" tmpfs "$folder/root"
cd -- "$folder/root"
mkdir -p data dev etc given home proc root run srv sys usr var/cache var/lib var/log
mkdir -m 1777 tmp var/tmp
for name in bin sbin lib lib64; do
  if [[ -L /$name ]]; then cp -a -- "/$name" .; else mkdir "$name" && mount -n --bind "/$name" "$name"; fi
done
mount -n --bind /usr usr
mount -n -o remount,bind,ro usr
cp -a /etc/passwd /etc/group /etc/ld.so.cache etc/
if [[ -d /etc/alternatives ]]; then cp -a /etc/alternatives etc/; fi
printf 'passwd: files\ngroup: files\n' >etc/nsswitch.conf
mount -n --bind "$folder/given" given
mount -n -t tmpfs -o size=64m,mode=755 tmpfs run
mount -n -t tmpfs -o "size=${data_mebibytes}m,nr_inodes=400k,mode=755" tmpfs data
mount -n -t tmpfs -o size=1m,mode=755 tmpfs dev
for name in null zero urandom; do
  : >"dev/$name"
  mount -n --bind "/dev/$name" "dev/$name"
done
ln -s /proc/self/fd dev/fd
mkdir -m 1777 dev/shm
mount -n -t tmpfs -o size=64m,mode=1777 tmpfs dev/shm
mount -n -t proc proc proc
# The machine's caches are not ours to drop: who asks is recorded in a file.
: >run/drop_caches
mount -n --bind run/drop_caches proc/sys/vm/drop_caches
mkdir .machine
pivot_root . .machine
cd /
umount -n -l /.machine
rmdir /.machine

printf 'ready %s\n' "$machine_pid"
exec >/dev/null
# USR1 makes pid 1 itself use all it gets while /run/busy is there.
trap 'while [[ -e /run/busy ]]; do :; done' USR1
while read -r _; do :; done
