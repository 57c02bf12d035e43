#!/usr/bin/env bash
# Makes a small root for the systemd of this machine, and becomes it: pid 1 of the namespaces that it was started in, with a
# hierarchy of cgroups of its own. Usage: boot.sh <folder> <root disk MiB>. Prints `ready <pid>`, as the machine sees it.
set -euo pipefail
umask 022
folder=$1 root_mebibytes=$2
read -r machine_pid _ </proc/self/stat

mkdir -p -- "$folder/root"
mount -n -t tmpfs -o "size=${root_mebibytes}m,mode=755" tmpfs "$folder/root"
cd -- "$folder/root"
mkdir -p dev etc/systemd/system given home opt proc root run srv sys usr var/cache var/lib var/log
mkdir -m 1777 tmp var/tmp
for name in bin sbin lib lib64; do
  if [[ -L /$name ]]; then cp -a -- "/$name" .; else mkdir "$name" && mount -n --bind "/$name" "$name"; fi
done
mount -n --bind /usr usr
mount -n -o remount,bind,ro usr
mount -n -t tmpfs -o size=2m,mode=755 tmpfs usr/local/lib
cp -a /etc/passwd /etc/group /etc/ld.so.cache etc/
if [[ -d /etc/alternatives ]]; then cp -a /etc/alternatives etc/; fi
printf 'passwd: files\ngroup: files\n' >etc/nsswitch.conf
printf '%032d\n' 1 >etc/machine-id
# What a machine does as it boots, and an instance of namespaces has no business with.
for name in dbus.service dbus.socket systemd-udevd.service systemd-udevd-control.socket systemd-udevd-kernel.socket \
  systemd-udev-trigger.service systemd-logind.service systemd-journald-audit.socket systemd-sysctl.service \
  systemd-modules-load.service systemd-random-seed.service systemd-binfmt.service systemd-timesyncd.service \
  systemd-tmpfiles-setup.service systemd-tmpfiles-setup-dev.service systemd-remount-fs.service systemd-update-utmp.service \
  systemd-sysusers.service getty.target remote-fs.target dev-hugepages.mount dev-mqueue.mount sys-kernel-config.mount \
  sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount; do
  ln -s /dev/null "etc/systemd/system/$name"
done
ln -s /lib/systemd/system/multi-user.target etc/systemd/system/default.target

mount -n --bind "$folder/given" given
mount -n -t tmpfs -o size=32m,mode=755 tmpfs run
mkdir run/lock
mount -n -t tmpfs -o size=1m,mode=755 tmpfs dev
for name in null zero full random urandom tty; do
  : >"dev/$name"
  mount -n --bind "/dev/$name" "dev/$name"
done
ln -s /proc/self/fd dev/fd
mkdir -m 1777 dev/shm
mount -n -t proc proc proc
# The kernel's settings are the machine's: a systemd that boots sets some.
mount -n --bind proc/sys proc/sys
mount -n -o remount,bind,ro proc/sys
mount -n -t sysfs -o ro sysfs sys
mount -n -t cgroup2 cgroup2 sys/fs/cgroup
mkdir .machine
pivot_root . .machine
cd /
umount -n -l /.machine
rmdir /.machine

printf 'ready %s\n' "$machine_pid"
exec env -i container=self-healing-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --log-target=journal --show-status=no </dev/null >/dev/null 2>&1
