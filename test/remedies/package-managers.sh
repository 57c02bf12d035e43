#!/bin/bash
# Packages and repositories for tests of package managers, made by the distributions' own tools in a namespace. To be sourced.
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
  (cd "$5" && find . ! -type d -printf '/%P\n' -o -path './lib/modules/*' -prune -printf '%%dir /%P\n') >>"$spec"
  [[ $4 != *%* ]] || printf '%%%s\n' "${4#*%}" >>"$spec"
  rpmbuild -bb --quiet --define '_topdir /run/rpmbuild' --define "_rpmdir $repositories/rpm" --define '_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.rpm' \
    --define '__os_install_post %{nil}' --define '_binary_payload w0.gzdio' --define '_buildhost localhost' "$spec" >/dev/null
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
