#!/usr/bin/env bash
# run.sh BUILD SCRATCH   installs BUILD into SCRATCH, as a packager would, and builds and runs a consumer against what
# lies there: C++20 over the static library, C11 and C++11 over the C ABI, by CMake and by pkg-config.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1 scratch=$2 prefix=$2/prefix
rm -rf -- "$scratch"
mkdir -p "$scratch"

cmake --install "$build" --prefix "$prefix" >"$scratch/install.log"

echo "== CMake, find_package(linecard)"
cmake -S "$here" -B "$scratch/consumer" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release \
  -DLINECARD_SUPPORT="$here/../../examples/support" # a store in C, as a host would have one
cmake --build "$scratch/consumer"
for program in main20 main11 main11_cpp check20 check11; do
  echo "-- $program"
  "$scratch/consumer/$program"
done

echo "== pkg-config linecard"
pc=$(find "$prefix" -name linecard.pc)
libdir=$(dirname "$(dirname "$pc")")
read -ra flags < <(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs linecard)
${CC:-cc} -std=c11 -Wall -Wextra -Werror "$here/main11.c" -o "$scratch/main11_pkgconfig" "${flags[@]}"
LD_LIBRARY_PATH=$libdir "$scratch/main11_pkgconfig"
