#!/usr/bin/env bash
# Makes an instance of the namespaces that it was started in, and becomes its pid 1.
# Usage: boot.sh <folder> <host name> <root disk MiB> <data disk MiB>
# Prints `ready <pid>` once its services run: the pid of the instance's pid 1 as the machine sees it. It ends when its standard input does.
set -euo pipefail
umask 022

folder=$1 host_name=$2 root_mebibytes=$3 data_mebibytes=$4
inside=${BASH_SOURCE[0]%/*}/inside
root=$folder/root

# /proc still is the machine's here (hence no --mount-proc), so this reads our pid as the machine sees it.
read -r machine_pid _ </proc/self/stat

hostname -- "$host_name"
if command -v ip >/dev/null; then ip link set lo up || :; fi

# The root disk. One inode per 8 KiB: tmpfs would size them by the machine's memory.
mkdir -p -- "$root"
mount -n -t tmpfs -o "size=${root_mebibytes}m,nr_inodes=$((root_mebibytes * 128)),mode=755" tmpfs "$root"
cd -P -- "$root"
mkdir -m 755 data dev etc home mnt opt proc run srv sys usr var
mkdir -m 700 root home/ec2-user
mkdir -m 1777 tmp
mkdir -m 755 opt/sandbox opt/sandbox/bin var/cache var/lib var/lib/amazon var/lib/amazon/ssm var/log var/log/journal var/spool
mkdir -m 1777 var/tmp
ln -s /run var/run
ln -s /run/lock var/lock
# In a user namespace that maps root alone, nobody else exists.
if awk '$1 <= 1000 && 1000 < $1 + $3 { found = 1 } END { exit !found }' /proc/self/uid_map; then
  chown 1000:1000 home/ec2-user
fi

# The machine's programs, to read only; /bin and its like are links or folders as on the machine.
# With all that is mounted below, for a user's namespace may not look beneath a mount of the machine's.
bind_read_only() {
  local lines line place
  mount -n --rbind -- "$1" "$2"
  mapfile -t lines </proc/self/mountinfo
  for line in "${lines[@]}"; do
    read -r _ _ _ _ place _ <<<"$line"
    printf -v place '%b' "$place" # a blank is \040 there
    if [[ $place/ == "$PWD/$2/"* ]]; then mount -n -o remount,bind,ro -- "$place"; fi
  done
}
bind_read_only /usr usr
# What State Manager keeps there is the instance's own.
mount -n -t tmpfs -o size=2m,mode=755 tmpfs usr/local/lib
for name in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$name" ]; then
    ln -s -- "$(readlink "/$name")" "$name"
  elif [ -d "/$name" ]; then
    mkdir -- "$name"
    bind_read_only "/$name" "$name"
  fi
done

cp -R -- "$inside/etc/." etc/
for name in os-release ld.so.cache ld.so.conf ld.so.conf.d alternatives localtime; do
  if [ -e "/etc/$name" ]; then cp -dR --preserve=mode,timestamps -- "/etc/$name" etc/; fi
done
printf '%s\n' "$host_name" >etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$host_name" >etc/hosts
ln -s /proc/self/mounts etc/mtab
machine_id=$(tr -d - </proc/sys/kernel/random/uuid)
printf '%s\n' "$machine_id" >etc/machine-id
mkdir -- "var/log/journal/$machine_id"

for name in systemctl journalctl; do
  cp -- "$inside/bin/$name.sh" "opt/sandbox/bin/$name"
done
cp -- "$inside/init.sh" opt/sandbox/init
# Stand-ins that only sleep: what tells them apart is the name that the kernel gives a process, its file's.
for name in amazon-ssm-agent sshd; do
  cp -L -- "$(command -v sleep)" "opt/sandbox/$name"
done
chmod 755 opt/sandbox/* opt/sandbox/bin/*

mount -n -t tmpfs -o size=64m,nr_inodes=8192,mode=755 tmpfs run
mkdir -m 755 etc/systemd etc/systemd/system run/lock run/sandbox-units run/sandbox-views run/systemd run/systemd/system
mount -n -t tmpfs -o "size=${data_mebibytes}m,nr_inodes=$((data_mebibytes * 128)),mode=755" tmpfs data

mount -n -t tmpfs -o size=64k,mode=755,nosuid tmpfs dev
make_device() { # name, major, minor
  mknod -m 666 "dev/$1" c "$2" "$3" 2>/dev/null || { : >"dev/$1" && mount -n --bind -- "/dev/$1" "dev/$1"; }
}
make_device null 1 3
make_device zero 1 5
make_device full 1 7
make_device random 1 8
make_device urandom 1 9
make_device tty 5 0
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mkdir -m 1777 dev/shm
mount -n -t tmpfs -o size=16m,mode=1777,nosuid,nodev tmpfs dev/shm

mount -n -t proc -o nosuid,nodev,noexec proc proc
mount -n -t sysfs -o ro,nosuid,nodev,noexec sysfs sys 2>/dev/null || :

# The kernel's settings are the machine's: to read only. Asking to drop caches is recorded in a file of
# our own instead of done; the next pid is the namespace's own and may be set.
views=run/sandbox-views
: >"$views/drop_caches"
bind_read_only proc/sys proc/sys
mount -n --bind "$views/drop_caches" proc/sys/vm/drop_caches
if [ -e proc/sys/kernel/ns_last_pid ]; then
  mount -n --bind proc/sys/kernel/ns_last_pid proc/sys/kernel/ns_last_pid
  mount -n -o remount,bind,rw proc/sys/kernel/ns_last_pid
fi
for name in sysrq-trigger kcore; do
  if [ -e "proc/$name" ]; then bind_read_only "proc/$name" "proc/$name"; fi
done

# CPU, memory and load are the instance's own: written from outside, several times a second, in place.
for name in stat meminfo loadavg; do
  : >"$views/$name"
  bind_read_only "$views/$name" "proc/$name"
done

mkdir .machine
pivot_root . .machine
cd /
umount -n -l /.machine
rmdir /.machine

exec /opt/sandbox/init "$machine_pid" 9<&0 </dev/null 2>/dev/null
