#!/usr/bin/env bash
# headers_alone.sh INCLUDE CAPI [FURTHER INCLUDE FOLDER...]   compiles every public header by itself, without warnings:
# the C++ ones as C++20, the C ones in every standard a host may use, each with GCC and with Clang where present.
set -uo pipefail
export LC_ALL=C
include=$1 capi=$2; shift 2
flags=(-fsyntax-only -Wall -Wextra -Werror)
for folder in "$@"; do flags+=("-I$folder"); done

c_standards=(c99 c11 c17 c2x) # c89 is told, not held: c_abi asks for C99
cpp_standards=(c++11 c++14 c++17 c++20 c++2b)
pairs=()
for pair in gcc:g++ clang:clang++; do
  command -v "${pair#*:}" >/dev/null && pairs+=("$pair")
done
[ ${#pairs[@]} -gt 0 ] || { echo "neither g++ nor clang++ found"; exit 1; }

jobs=$(mktemp); trap 'rm -f "$jobs"' EXIT
job() { printf '%s\0' "$(printf '%q ' "$@")" >>"$jobs"; } # HEADER LANGUAGE COMPILER FLAGS...

# One compilation, of a file that includes the header and nothing else, twice: so guards are proved as well.
compile() {
  local header=$1 language=$2; shift 2
  local output
  if ! output=$(printf '#include <%s>\n#include <%s>\n' "$header" "$header" | "$@" -x "$language" - 2>&1); then
    printf '%s alone: %s fails:\n%s\n' "$header" "$*" "$output"
    return 1
  fi
}
export -f compile

for pair in "${pairs[@]}"; do
  cc=${pair%:*} cxx=${pair#*:}
  while IFS= read -r header; do
    job "${header#"$include"/}" c++ "$cxx" -std=c++20 -Wpedantic "${flags[@]}" -I"$include"
  done < <(find "$include/linecard" -name '*.hpp' | sort)
  for header in linecard.h linecard_adapters.h linecard_lines.h; do
    [ -e "$capi/$header" ] || continue
    for standard in "${c_standards[@]}"; do
      job "$header" c "$cc" -std="$standard" -pedantic-errors -Wc++-compat "${flags[@]}" -I"$capi"
    done
    for standard in "${cpp_standards[@]}"; do
      job "$header" c++ "$cxx" -std="$standard" -pedantic-errors "${flags[@]}" -I"$capi"
    done
    compile "$header" c "$cc" -std=c89 -pedantic-errors "${flags[@]}" -I"$capi" >/dev/null || echo "note: $header is not C89 ($cc)"
  done
  [ -e "$capi/linecard_c.hpp" ] || continue
  for standard in "${cpp_standards[@]}"; do
    job linecard_c.hpp c++ "$cxx" -std="$standard" -pedantic-errors "${flags[@]}" -I"$capi"
  done
done

echo "$(tr -cd '\0' <"$jobs" | wc -c) compilations, with ${pairs[*]}"
xargs -0 -P 2 -I{} bash -c 'compile {}' <"$jobs"
