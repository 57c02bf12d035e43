#!/usr/bin/env bash
# What a process holds open on an instance, as an expression for find (S12). Stands before cleaning.sh.
# shellcheck disable=SC2154,SC2034 # the preamble and the others set what is not set here, and read what is not read here

# Prints the inodes on DEVICE (any: on all) that a process holds open or has mapped; false if the reading cannot be trusted.
# The script itself is the test of the reading: the lock that it holds and the program that it runs must be found.
held_inodes() {
  local held=$work/held lock self found
  : >"$work/reading"
  { read -r lock && read -r self; } < <(stat -L -c '%d %i' /proc/$$/fd/9 /proc/$$/exe) || return 1
  printf '%s\0' /proc/[0-9]*/fd /proc/[0-9]*/map_files |
    timeout -k 1 30 xargs -0 -n 4000 sh -c 'exec find -L "$@" -maxdepth 1 -type f -printf "%D %i\n"' find 2>/dev/null |
    sort -u -T "$work" >"$held" || true
  found=$'\n'$(grep -xF -e "$lock" -e "$self" -- "$held" || true)$'\n'
  [[ $found == *$'\n'$lock$'\n'* ]] || return 1
  if [[ $found != *$'\n'$self$'\n'* ]]; then
    # Without map_files the device is not known as stat tells it: then the inode alone counts, and spares too much.
    { cat /proc/[0-9]*/maps 2>/dev/null || true; } | awk '$5 > 0 { print "any", $5 }' >>"$held"
  fi
  # Loop devices hold their files in the kernel, not in a process.
  { timeout -k 1 5 losetup -l -n -O BACK-INO 2>/dev/null || true; } | awk '$1 > 0 { print "any", $1 }' >>"$held"
  awk -v device="$1" 'device == "any" || $1 == "any" || $1 == device { print $2 }' "$held" | sort -n -u -T "$work"
}

# test_held TYPE: sets is_held to a find expression that is true where the inode is one of held, which are sorted, or changed since they were read, as
# one that is moved in is: a tree of ranges, so that a file costs few comparisons. Reading its expression costs find the square of its
# length; of thousands of open files only those in the folder, of find's TYPE, are in it. The inodes are also in the work folder.
test_held() {
  if ((${#held[@]} > 2000)); then
    find . -xdev -ignore_readdir_race -type "$1" -printf '%i\n' 2>/dev/null |
      awk 'NR == FNR { held[$1]; next } $1 in held' "$work/inodes" - | sort -n -u -T "$work" >"$work/inodes-here" || return 1
    mapfile -t held <"$work/inodes-here"
  fi
  ((${#held[@]} <= 10000)) || return 1
  printf '%s\n' ${held[@]+"${held[@]}"} | awk '
    function ranges(first, last, wide, from, to) {
      if (last - first < 32) {
        for (from = first; from <= last; from++) print (from > first ? "-o\n" : "") "-inum\n" inode[from]
        return
      }
      for (wide = 32; wide * 32 <= last - first; wide *= 32);
      for (from = first; from <= last; from = to + 1) {
        to = from + wide - 1 < last ? from + wide - 1 : last
        print (from > first ? "-o\n" : "") "!\n-inum\n-" inode[from] "\n!\n-inum\n+" inode[to] "\n("
        ranges(from, to)
        print ")"
      }
    }
    NF { inode[++count] = $1 }
    END { if (count) { ranges(1, count); print "-o" } }' >"$work/is-held" || return 1
  mapfile -t is_held <"$work/is-held"
  is_held+=(-cnewer "$work/reading")
}
