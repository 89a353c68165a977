#!/usr/bin/env bash
# install_dependencies.sh GROUP...   installs what is missing for building linecard, and nothing that is there.
#   build   compiler, CMake and the libraries linked      test    doctest, rapidcheck, pytest, hypothesis, binutils,
#                                                                 PostgreSQL's server (no cluster of it is made or
#                                                                 run), zxcvbn so that it is tried
#   python  the interpreter                               clang   Clang, its sanitizers, clang-format, abidiff
# Uses apt, as root or through sudo, and asks nothing. Without apt it says what is needed and goes on: CMake looks for
# everything itself and has the last word.
set -euo pipefail

have() { command -v "$1" >/dev/null 2>&1; }

# Headers of Boost >= 1.81 count wherever they came from: Debian 12's libboost1.81-dev excludes its default 1.74.
boost_version() {
  local folder file
  for folder in "${BOOST_ROOT:-/usr}/include" "${BOOST_ROOT:-/usr}" /usr/local/include /usr/include; do
    file=$folder/boost/version.hpp
    if [ -f "$file" ]; then sed -nE 's/^#define BOOST_VERSION ([0-9]+).*/\1/p' "$file"; return; fi
  done
  echo 0
}
cmake_is_new_enough() {
  have cmake && [ "$(printf '3.25\n%s\n' "$(cmake --version | sed -nE '1s/.* ([0-9.]+).*/\1/p')" | sort -V | head -n 1)" = 3.25 ]
}
installed() { [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]; }

satisfied() { # by the package, or by something that does the same
  case $1 in
    boost) [ "$(boost_version)" -ge 108100 ] ;;
    g++) have g++ && have gcc ;;
    cmake) cmake_is_new_enough ;;
    ninja-build) have ninja ;;
    pkg-config) have pkg-config ;;
    postgresql) have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
    openssl) have openssl ;;
    binutils) have nm && have readelf ;;
    clang) have clang && have clang++ ;;
    clang-format) have clang-format ;;
    abigail-tools) have abidiff ;;
    clang-rt) have clang && [ -f "$(clang -print-file-name="libclang_rt.asan-$(uname -m).so")" ] ;;
    *) installed "$1" ;;
  esac
}

wanted=()
for group in "$@"; do
  case $group in
    build) wanted+=(g++ cmake ninja-build pkg-config boost libsqlite3-dev libsodium-dev libutf8proc-dev libcrypt-dev libcctz-dev tzdata libpq-dev libcurl4-openssl-dev) ;;
    test) wanted+=(doctest-dev librapidcheck-dev python3 python3-pytest python3-hypothesis binutils postgresql openssl libzxcvbn-dev) ;;
    python) wanted+=(python3) ;;
    clang) wanted+=(clang clang-format clang-rt abigail-tools) ;;
    *) echo "install_dependencies.sh: no group '$group' (build, test, python, clang)" >&2; exit 2 ;;
  esac
done

if ! have apt-get || ! have dpkg-query; then
  cat >&2 <<'WORDS'
This system has no apt. linecard needs, from its packages or built by hand:
  build   a C++20 compiler (GCC >= 12 or Clang >= 14), CMake >= 3.25, Ninja, pkg-config,
          Boost headers >= 1.81, SQLite >= 3.35, libsodium >= 1.0.18, utf8proc >= 2.5, libxcrypt, CCTZ, time-zone data;
          with libpq >= 14 also the PostgreSQL store, with libcurl >= 7.74 also the SMTP mailer,
          with zxcvbn-c a better judge of passwords
  test    doctest >= 2.4, rapidcheck, Python >= 3.9 with pytest and hypothesis, nm and readelf;
          with libpq also PostgreSQL's server programs, 15 or newer, with libcurl also the openssl command
  clang   Clang with its sanitizer run-time libraries, clang-format, abidiff (only .ci/run)
Going on with what is here.
WORDS
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  case " ${missing[*]-} " in *" $package "*) continue ;; esac
  satisfied "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
  have sudo || { echo "missing: ${missing[*]}; neither root nor sudo to install them" >&2; exit 1; }
  root=(sudo)
fi
apt() { # says nothing when it works, everything when it does not
  local log status=0
  log=$(mktemp)
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$log" 2>&1 || status=$?
  [ $status -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return $status
}
available() { apt-cache show "$1" >/dev/null 2>&1; }
first_available() {
  local name
  for name in "$@"; do if available "$name"; then echo "$name"; return; fi; done
  echo "$1"
}

echo "installing: ${missing[*]}"
apt update || echo "apt-get update failed; trying with the lists at hand" >&2

packages=()
for package in "${missing[@]}"; do
  case $package in
    boost)
      default=$(apt-cache depends libboost-dev 2>/dev/null | sed -nE 's/.*Depends: libboost([0-9.]+)-dev.*/\1/p' | head -n 1)
      if [ -n "$default" ] && [ "$(printf '1.81\n%s\n' "$default" | sort -V | head -n 1)" = 1.81 ]; then
        packages+=(libboost-dev)
      else
        packages+=("$(first_available libboost1.81-dev libboost1.83-dev libboost1.88-dev)")
      fi ;;
    clang-rt) packages+=("$(first_available libclang-rt-14-dev libclang-rt-dev)") ;;
    *) packages+=("$package") ;;
  esac
done

# Debian's package makes a cluster and starts it, unless told beforehand not to. Whoever installs it later gets theirs.
no_cluster=/etc/postgresql-common/createcluster.d/linecard.conf
case " ${packages[*]} " in *" postgresql "*)
  "${root[@]}" mkdir -p "${no_cluster%/*}"
  echo 'create_main_cluster = false' | "${root[@]}" tee "$no_cluster" >/dev/null
  trap '"${root[@]}" rm -f "$no_cluster"' EXIT ;;
esac

# --no-remove: a machine that has Boost 1.74's headers keeps them until its owner says otherwise.
if ! apt install -y --no-install-recommends --no-remove "${packages[@]}"; then
  if [ "$(boost_version)" -gt 0 ] && [ "$(boost_version)" -lt 108100 ]; then
    echo "The installed Boost headers are older than 1.81 and exclude the newer ones." >&2
    echo "Replace them with: apt-get install ${packages[*]}" >&2
  fi
  exit 1
fi
