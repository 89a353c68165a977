#!/usr/bin/env bash
# symbols.sh LIBRARY               prints what it exports, one `name@@NODE` a line
# symbols.sh LIBRARY symbols.txt   compares: a symbol gone breaks every host; a new one is entered on purpose, by
#                                  tests/capi/symbols.sh build/liblinecard.so >tests/capi/symbols.txt
set -euo pipefail
export LC_ALL=C
exported() { nm -D --defined-only --with-symbol-versions "$1" | awk '$2 != "A" { print $3 }' | sort; }

if [ $# -eq 1 ]; then exported "$1"; exit; fi

readelf -d "$1" | grep -q 'SONAME.*\[liblinecard\.so\.1\]' || { echo "$1: the soname is not liblinecard.so.1"; exit 1; }
if foreign=$(exported "$1" | grep -v '^linecard_'); then
  printf '%s exports what is not linecard_*:\n%s\n' "$1" "$foreign"
  exit 1
fi
diff -u --label "expected ($(basename "$2"))" --label "exported" <(sort "$2") <(exported "$1")
