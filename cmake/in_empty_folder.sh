#!/bin/sh
# in_empty_folder.sh FOLDER COMMAND...   runs a command in FOLDER, made afresh, so that no run sees what an earlier one left.
set -eu
folder=$1; shift
rm -rf -- "$folder"
mkdir -p -- "$folder"
cd -- "$folder"
exec "$@"
