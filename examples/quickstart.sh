#!/usr/bin/env bash
# The main job on examples/data: builds what it needs, then shows it. Installs missing packages itself (apt).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")
build=${BUILD_DIR:-$top/build}

"$top/cmake/install_dependencies.sh" build
cmake -S "$top" -B "$build" -G Ninja -DLINECARD_TESTS=OFF -DLINECARD_EXAMPLES=ON >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
rm -f "$build.log"
cmake --build "$build" --target example_quickstart_cpp
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
"$build/examples/quickstart_cpp" "$here/data"
