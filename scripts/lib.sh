# Functions shared by the scripts. To be sourced by bash with `set -euo pipefail` on.
# shellcheck shell=bash

# Says what is wrong on stderr and ends the script.
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Runs a command as root, or says that it cannot.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

# Installs those of the given Debian packages that are missing, quietly; does nothing where none is.
need_apt() {
  local missing=() package log
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "this machine has no apt-get; install by other means: ${missing[*]}"
  printf 'installing %s\n' "${missing[*]}" >&2
  log=$(mktemp)
  if ! apt_install "${missing[@]}" >"$log" 2>&1; then
    # The lists may be empty or old, as on a fresh machine.
    if ! { as_root apt-get update -qq && apt_install "${missing[@]}"; } >"$log" 2>&1; then
      tail -n 5 "$log" >&2
      rm -f "$log"
      die "cannot install ${missing[*]}; as root, run: apt-get update && apt-get install ${missing[*]}"
    fi
  fi
  rm -f "$log"
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
}

# Fails unless a Swift toolchain of version 6.3 or later is there.
need_swift() {
  local version
  command -v swift >/dev/null || die "no Swift toolchain; install Swift 6.3 from https://www.swift.org/install/linux"
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] || die "cannot tell the version of $(command -v swift)"
  [ "$(printf '%s\n' 6.3 "$version" | sort -V | head -n 1)" = 6.3 ] || die "Swift $version is too old; 6.3 is needed"
}
