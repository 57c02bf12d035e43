#!/bin/bash
# Packages and repositories for tests of package managers, made by the distributions' own tools in a namespace. To be sourced.
# shellcheck disable=SC2016 # what is in single quotes is for the shells of packages
set -o errexit -o nounset -o pipefail
umask 022
repositories=/srv/repositories

# deb NAME VERSION CONTROL_LINES FOLDER: a package of what lies in FOLDER, maintainer scripts in its DEBIAN included.
deb() {
  local file=$repositories/deb/$1_$2.deb
  mkdir -p "$4/DEBIAN" "$repositories/deb"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: %s\n%s' "$1" "$2" "$1" "${3:+$3$'\n'}" >"$4/DEBIAN/control"
  dpkg-deb -Znone --root-owner-group -b "$4" "$file" >/dev/null
  { dpkg-deb -f "$file"; printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${file##*/}" "$(stat -c %s "$file")" "$(sha256sum <"$file" | cut -c -64)"; } \
    >>"$repositories/deb/Packages"
}

# rpm_package NAME VERSION RELEASE SPEC_LINES FOLDER: the same; SPEC_LINES may end with scriptlets.
rpm_package() {
  local spec=/run/specs/$1-$2-$3.spec
  mkdir -p /run/specs "$repositories/rpm"
  printf 'Name: %s\nVersion: %s\nRelease: %s\nSummary: %s\nLicense: none\nBuildArch: noarch\n%s\n%%description\n%s\n%%install\ncp -a %s/. %%{buildroot}\n%%files\n' \
    "$1" "$2" "$3" "$1" "${4%%\%*}" "$1" "$5" >"$spec"
  (cd "$5" && find . ! -type d -printf '/%P\n' -o -path './lib/modules/*' -printf '%%dir /%P\n') >>"$spec"
  [[ $4 != *%* ]] || printf '%%%s\n' "${4#*%}" >>"$spec"
  build_rpm "$spec"
}

build_rpm() {
  rpmbuild -bb --quiet --define '_topdir /run/rpmbuild' --define "_rpmdir $repositories/rpm" --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.rpm' \
    --define '__os_install_post %{nil}' --define '_binary_payload w0.gzdio' --define '_buildhost localhost' "$1" >/dev/null
}

# tree FILE KIBIBYTES...: makes /run/trees/<number> of these files, and prints its name.
tree() {
  local folder
  mkdir -p /run/trees
  folder=$(mktemp -d /run/trees/XXXXXX)
  chmod 755 "$folder"
  while (($# > 0)); do
    mkdir -p "$folder/${1%/*}"
    head -c "$2K" /dev/urandom >"$folder/$1"
    shift 2
  done
  echo "$folder"
}

# Empty databases, and configurations that know our repositories alone.
prepare_package_managers() {
  mkdir -p /etc/apt/{apt.conf.d,preferences.d,sources.list.d,trusted.gpg.d} /var/lib/dpkg/{info,updates,triggers,parts,alternatives} /var/lib/apt/lists/partial \
    /var/cache/apt/archives/partial /var/log/apt /etc/{dnf,yum.repos.d} /var/lib/{rpm,dnf} /etc/zypp/repos.d /var/tmp /boot
  # As SUSE has it: kernels are installed side by side.
  printf '[main]\nmultiversion = provides:multiversion(kernel)\n' >/etc/zypp/zypp.conf
  # There is no terminal here.
  echo 'Dpkg::Use-Pty "false";' >/etc/apt/apt.conf.d/no-terminal
  : >/var/lib/dpkg/status
  : >/var/lib/dpkg/available
  echo "deb [trusted=yes] copy:$repositories/deb ./" >/etc/apt/sources.list
  mkdir -p /etc/rpm
  # Debian's own is in its user's home.
  echo '%_dbpath /var/lib/rpm' >/etc/rpm/macros
  rpm --initdb
  rpm_package base 1 1 'Provides: /bin/sh' "$(tree opt/base 1)"
  rpm -i --nosignature "$repositories/rpm/base-1-1.rpm"
}

# Serves the repositories to dnf and zypper, which keep no copy of what they can read as files; prints nothing.
serve_rpms() {
  local port
  createrepo_c --quiet "$repositories/rpm"
  setsid python3 -u -m http.server --bind 127.0.0.1 --directory "$repositories" 0 >/run/http.log 2>/run/http.err </dev/null &
  until port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' /run/http.log) && [[ -n $port ]]; do sleep 0.05; done
  printf '[main]\nkeepcache=1\ngpgcheck=0\n' >/etc/dnf/dnf.conf
  printf '[tiny]\nname=tiny\nbaseurl=http://127.0.0.1:%s/rpm\nenabled=1\ngpgcheck=0\n' "$port" >/etc/yum.repos.d/tiny.repo
  printf '[tiny]\nname=tiny\nbaseurl=http://127.0.0.1:%s/rpm\nenabled=1\nautorefresh=1\ngpgcheck=0\nkeeppackages=1\n' "$port" >/etc/zypp/repos.d/tiny.repo
}

# Gives the instance modules of its own, on its own disk, where the machine has no folder for them, and a `uname -r` of our choice.
prepare_kernels() {
  mkdir -p /var/{modules,src} /given/bin /etc/default
  if [[ ! -d /usr/lib/modules ]]; then
    mkdir -p /run/usr-lib/{upper/modules,work}
    mount -t overlay -o lowerdir=/usr/lib,upperdir=/run/usr-lib/upper,workdir=/run/usr-lib/work overlay /usr/lib
  fi
  mount --bind /var/modules /usr/lib/modules
  mount --bind /var/src /usr/src
  printf '#!/bin/bash\n[[ "$*" == -r ]] && exec cat /run/running\nexec /usr/bin/uname "$@"\n' >/given/bin/uname
  chmod +x /given/bin/uname
}

# image_tree RELEASE [MODULES]: files of a kernel: an image of 2 MiB, and modules.
image_tree() { tree "boot/vmlinuz-$1" 2048 "boot/config-$1" 4 "lib/modules/$1/modules.dep" 4 "lib/modules/$1/kernel/fs.ko" 1024; }

# kernel_debs RELEASE: image and headers of a kernel, as Debian cuts them. Scripts of the image make and remove the initial ramdisk, as hooks do.
kernel_debs() {
  local release=$1 abi folder
  abi=$(sed -E 's/^([^-]*-[^-]*)-.*/\1/' <<<"$release")
  folder=$(image_tree "$release")
  mkdir "$folder/DEBIAN"
  printf '#!/bin/sh\n[ "$1" != configure ] || head -c 1M /dev/zero >/boot/initrd.img-%s\n' "$release" >"$folder/DEBIAN/postinst"
  printf '#!/bin/sh\n! [ -e /run/postrm ] || . /run/postrm\nrm -f /boot/initrd.img-%s\n' "$release" >"$folder/DEBIAN/postrm"
  chmod 755 "$folder/DEBIAN/"post*
  deb "linux-image-$release" 1 '' "$folder"
  deb "linux-headers-$release" 1 "Depends: linux-headers-$abi-common" "$(tree "usr/src/linux-headers-$release/Makefile" 512)"
  deb "linux-headers-$abi-common" 1 '' "$(tree "usr/src/linux-headers-$abi-common/Makefile" 64)"
}

# el_kernel RELEASE: the packages of kernel 5.14.0-RELEASE.x86_64, as Red Hat cuts them, but for any machine.
el_kernel() {
  local folder
  folder=$(image_tree "5.14.0-$1.x86_64")
  mkdir -p /run/specs
  printf '%s\n' 'Name: kernel' 'Version: 5.14.0' "Release: $1" 'Summary: x' 'License: none' 'BuildArch: noarch' "Requires: kernel-core = 5.14.0-$1" '%description' x \
    '%package core' 'Summary: x' 'Provides: installonlypkg(kernel)' '%description core' x \
    '%package modules' 'Summary: x' 'Provides: installonlypkg(kernel-module)' "Requires: kernel-core = 5.14.0-$1" '%description modules' x \
    '%install' "cp -a $folder/. %{buildroot}" '%files' '%files core' '/boot/*' "%dir /lib/modules/5.14.0-$1.x86_64" '/lib/modules/*/modules.dep' \
    '%files modules' '/lib/modules/*/kernel' >"/run/specs/kernel-$1.spec"
  build_rpm "/run/specs/kernel-$1.spec"
}

# suse_kernel RELEASE: kernel-default 5.14.21-RELEASE.1, as SUSE cuts it: the package's release is longer than the kernel's.
suse_kernel() { rpm_package kernel-default 5.14.21 "$1.1" 'Provides: multiversion(kernel)' "$(image_tree "5.14.21-$1-default")"; }
