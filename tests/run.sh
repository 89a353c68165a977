#!/usr/bin/env bash
# Builds linecard and runs every test, from any folder; installs what is missing first (Debian, apt).
#   tests/run.sh [CMAKE ARGUMENT...]
# The JUnit results are in $BUILD_DIR/junit/. The last line says "N passed, N failed". From the environment:
#   BUILD_DIR   build folder, default build, relative to the checkout      CC, CXX   compilers, for a new build folder
#   SUITES      some of: doctest ctest python; cpp means the first two     JOBS      how many compilers at once
#   DOCTEST     further words for the doctest programs, such as -tc=*threads*
#   PYTHON      interpreter with pytest and hypothesis, default /usr/bin/python3
#   PRELOAD     loaded into that interpreter first: a sanitizer's run-time library
set -euo pipefail
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD_DIR:-build}
case $build in /*) ;; *) build=$root/$build ;; esac
python=${PYTHON:-/usr/bin/python3}
jobs=${JOBS:-$(nproc)}
suites=${SUITES:-doctest ctest python}
suites=" ${suites//cpp/doctest ctest} "

junit=$build/junit
counts=$junit/counts.txt

give_up() { echo "$1"; echo "0 passed, 1 failed"; exit 1; }

"$root/cmake/install_dependencies.sh" build test || give_up "dependencies are missing"

configure=(-S "$root" -B "$build" -G Ninja -DPython3_EXECUTABLE="$python" -DLINECARD_TESTS=ON -DLINECARD_EXAMPLES=ON)
if command -v ccache >/dev/null; then
  configure+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
cmake "${configure[@]}" "$@" || give_up "configuring failed"

targets=() # doctest alone needs no examples
case $suites in *" ctest "* | *" python "*) ;; *)
  targets=(--target linecard_tests)
  ! grep -q 'linecard_capi_tests:' "$build/build.ninja" || targets+=(linecard_capi_tests) ;;
esac
began=$SECONDS
cmake --build "$build" --parallel "$jobs" "${targets[@]}" || give_up "building failed"
echo "built in $((SECONDS - began)) s"

rm -rf -- "$junit"
mkdir -p "$junit"
: >"$counts"
summary() { "$python" "$root/tests/junit_summary.py" "$@"; } # SUITE JUNIT STATUS COUNTS [SKIPPED...]

read -ra doctest_words <<<"${DOCTEST:-}"
names() { "$@" --list-test-cases "${doctest_words[@]}" | sed '/^\[doctest\]/d; /^=*$/d' | sort; }

for program in linecard_tests linecard_capi_tests; do
  case $suites in *" doctest "*) ;; *) continue ;; esac
  [ -x "$build/tests/$program" ] || continue
  status=0
  "$build/tests/$program" --reporters=junit --out="$junit/$program.xml" "${doctest_words[@]}" || status=$?
  # doctest leaves a case marked skip() out of the file
  mapfile -t skipped < <(comm -23 <(names "$build/tests/$program" --no-skip) <(names "$build/tests/$program"))
  summary "$program" "$junit/$program.xml" "$status" "$counts" "${skipped[@]}"
done

case $suites in *" ctest "*)
  status=0
  # counted from the file; a failing test's output is in there too
  ctest --test-dir "$build" --label-exclude doctest --parallel "$jobs" --timeout 900 --no-tests=ignore \
    --test-output-size-failed 100000 --output-junit "$junit/ctest.xml" >"$junit/ctest.log" 2>&1 || status=$?
  summary ctest "$junit/ctest.xml" "$status" "$counts" ;;
esac

case $suites in *" python "*)
  shopt -s nullglob
  folders=()
  for folder in "$root/bindings/python/tests" "$root/tests/python"; do
    files=("$folder"/test_*.py "$folder"/**/test_*.py)
    [ ${#files[@]} -eq 0 ] || folders+=("$folder")
  done
  if [ ${#folders[@]} -gt 0 ]; then
    status=0
    (
      cd "$root"
      export LINECARD_LIBRARY=$build/liblinecard.so.1 HYPOTHESIS_STORAGE_DIRECTORY=$build/hypothesis
      export PYTHONPATH=$root/bindings/python${PYTHONPATH:+:$PYTHONPATH}
      if [ -n "${PRELOAD:-}" ]; then
        export LD_PRELOAD=$PRELOAD PYTHONMALLOC=malloc ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
      fi
      # shown in the summary: --tb and the reasons come from the file
      exec "$python" -m pytest -q -p no:cacheprovider --tb=short --junitxml="$junit/pytest.xml" "${folders[@]}"
    ) >"$junit/pytest.log" 2>&1 || status=$?
    [ -s "$junit/pytest.xml" ] || cat "$junit/pytest.log"
    summary pytest "$junit/pytest.xml" "$status" "$counts"
  fi ;;
esac

# 0 tests are no success: a filter that matches nothing, a folder that is not there
awk '{ passed += $1; failed += $2; skipped += $3 }
  END {
    if (passed + failed == 0) { print "no test was run"; failed = 1 }
    if (skipped) print skipped " skipped, named above"
    printf "%d passed, %d failed\n", passed, failed
    exit failed > 0
  }' "$counts"
