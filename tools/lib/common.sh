# SPDX-License-Identifier: Apache-2.0
# Shared by the commands of tools/. Sourced, never run.

repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd -P)
build_folder=$repository/build/release

# What is compiled with; what the program is made of.
build_packages=(g++ cmake ninja-build libpoco-dev libcurl4-openssl-dev zlib1g-dev libssl-dev
  libfmt-dev libexpected-dev libsimdjson-dev libcli11-dev libsecret-1-dev pkgconf)
# What the tests are made of.
test_build_packages=(doctest-dev python3)
# What the tests run against: two foreign OAuth providers, curl as a foreign client, a foreign
# validator of JSON Schema, strace to kill at a chosen system call, valgrind to count instructions,
# xmllint to judge XML, make for what people build by default, a real keyring with its bus, and a real
# browser with its driver for the pages.
test_packages=(python3-jsonschema python3-oauthlib python3-cryptography python3-jwt ruby ruby-oauth curl openssl
  strace valgrind git libxml2-utils make dbus-daemon dbus-bin gnome-keyring chromium chromium-driver)
# What tools/test --full adds.
full_packages=(clang clang-format-14 clang-tidy-14 libclang-rt-14-dev)

say() { printf '== %s\n' "$*"; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Seconds as "75 s" or "3 min 5 s".
duration() {
  if (($1 < 120)); then printf '%d s' "$1"; else printf '%d min %d s' $(($1 / 60)) $(($1 % 60)); fi
}

# as_root COMMAND…: directly as root, else through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    local kept=() name
    for name in DEBIAN_FRONTEND http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
      [ -z "${!name:-}" ] || kept+=("$name=${!name}")
    done
    sudo env "${kept[@]}" "$@"
  else
    return 126
  fi
}

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Runs apt-get without questions; what it prints is shown only when it fails.
quiet_apt() {
  local log code=0
  log=$(mktemp)
  DEBIAN_FRONTEND=noninteractive as_root apt-get -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" \
    </dev/null >"$log" 2>&1 || code=$?
  [ "$code" -eq 0 ] || tail -n 30 "$log" >&2
  rm -f "$log"
  return "$code"
}

# install_missing WHAT-FOR PACKAGE…: installs the packages that are not there. Starts no service.
install_missing() {
  local purpose=$1 package missing=()
  shift
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is not Debian: $purpose needs what Debian calls $*"
    return 0
  fi
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    die "packages are missing, and neither root nor sudo is at hand; run as root: apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "installing $purpose: ${missing[*]}"
  quiet_apt update -qq || die "apt-get update failed; check the network and /etc/apt"
  quiet_apt install -y -qq --no-install-recommends "${missing[@]}" ||
    die "installing failed; run apt-get install ${missing[*]} to see why"
}

# fetch_nginx: Debian's nginx for the tests. One that is installed is used; else the package is only
# unpacked below build/, so that no service is set up and no configuration touched.
fetch_nginx() {
  local folder=$repository/build/nginx
  if command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || [ -x "$folder/usr/sbin/nginx" ]; then
    return 0
  fi
  command -v apt-get >/dev/null || return 0
  say "unpacking nginx into build/nginx"
  rm -rf "$folder"
  mkdir -p "$folder/download"
  if ! (cd "$folder/download" && download_package nginx); then
    rm -rf "$folder"
    say "nginx could not be fetched; the tests that need it will be skipped"
    return 0
  fi
  dpkg-deb -x "$folder"/download/nginx_*.deb "$folder"
  rm -rf "$folder/download"
}

# fetch_proxies: Debian's tinyproxy and microsocks for the tests, in the same way: installed ones are
# used, else they are unpacked below build/ and no service is set up.
fetch_proxies() {
  local folder=$repository/build/proxies package program
  for package in tinyproxy-bin microsocks; do
    program=${package%-bin}
    if command -v "$program" >/dev/null || [ -x "$folder/usr/bin/$program" ]; then
      continue
    fi
    command -v apt-get >/dev/null || return 0
    say "unpacking $program into build/proxies"
    mkdir -p "$folder/download"
    if ! (cd "$folder/download" && download_package "$package"); then
      say "$program could not be fetched; the tests that need it will be skipped"
      continue
    fi
    dpkg-deb -x "$folder/download/$package"_*.deb "$folder"
  done
  rm -rf "$folder/download"
}

# fetch_ajv: a second foreign validator, with whatever npm there is.
fetch_ajv() { fetch_npm "ajv" tests/agreement npm node_modules/ajv/dist/2020.js; }

# fetch_oauth2_provider: a foreign OAuth 2.0 server, in the same way.
fetch_oauth2_provider() {
  fetch_npm "oidc-provider" tests/providers/oauth2 npm-oauth2 node_modules/oidc-provider/lib/index.js
}

# fetch_npm NAME WANTED FOLDER FILE: what the package files in WANTED say, below build/FOLDER, unless
# FILE is there.
fetch_npm() {
  local name=$1 wanted=$repository/$2 folder=$repository/build/$3
  if [ -f "$folder/$4" ] && cmp -s "$wanted/package-lock.json" "$folder/package-lock.json"; then
    return 0
  fi
  command -v npm >/dev/null || (install_missing "npm for $name" npm) || true
  say "installing $name into build/$3"
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$wanted/package.json" "$wanted/package-lock.json" "$folder"
  if ! (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline) >"$repository/build/$3.log" 2>&1; then
    rm -rf "$folder"
    say "$name could not be installed (build/$3.log); the tests that need it will be skipped"
  fi
}

# download_package NAME: into the working directory.
download_package() {
  apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$1" >/dev/null 2>&1 ||
    { quiet_apt update -qq && apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$1" >/dev/null; }
}

# The value of an entry of the release build's cache; empty if there is none.
cache_value() { sed -n "s/^$1:[A-Z]*=//p" "$build_folder/CMakeCache.txt" 2>/dev/null || true; }

# configure_release on|off: with or without the tests. A tree that has the tests keeps them, so that
# the commands can take turns without compiling anything again.
configure_release() {
  local tests=$1 fresh=()
  if [ "$(cache_value CMAKE_HOME_DIRECTORY)" != "$repository" ] && [ -e "$build_folder/CMakeCache.txt" ]; then
    fresh=(--fresh)
  elif [ -e "$build_folder/build.ninja" ]; then
    case $tests/$(cache_value BUILD_TESTING) in
      on/ON | off/*) return 0 ;;
    esac
  fi
  say "configuring build/release"
  (cd "$repository" && cmake --preset release "${fresh[@]}" -DBUILD_TESTING="${tests^^}" >"$repository/build/configure.log" 2>&1) ||
    { tail -n 40 "$repository/build/configure.log" >&2; die "configuring failed; the log is build/configure.log"; }
}
