#!/usr/bin/env bash
# check.sh FILE COMPILER FLAGS...   passes when FILE does not compile, and the compiler says why.
# FILE holds one or more lines `// EXPECT: text`; each text must stand in the compiler's output, or the file fails to
# compile for some other reason, a misspelt include perhaps, and proves nothing.
set -euo pipefail
export LC_ALL=C # plain quotes in messages, so that GCC and Clang can be expected to say the same
file=$1; shift

if output=$("$@" -c -o /dev/null "$file" 2>&1); then # not -fsyntax-only: GCC finds unused results later
  echo "$file compiles, and must not"
  exit 1
fi
mapfile -t expected < <(sed -nE 's|^ *// EXPECT: *(.*[^ ]) *$|\1|p' "$file")
if [ ${#expected[@]} -eq 0 ]; then
  echo "$file has no line '// EXPECT: text'"
  exit 1
fi
for text in "${expected[@]}"; do
  if ! grep -qF -- "$text" <<<"$output"; then
    printf '%s does not compile, but not because of: %s\nThe compiler said:\n%s\n' "$file" "$text" "$output"
    exit 1
  fi
done
