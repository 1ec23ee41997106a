#!/usr/bin/env bash
# usage: format.sh ROOT. clang-format of Debian 12 decides; other versions differ in details,
# so elsewhere the check is skipped.
set -euo pipefail
cd "$1"
if ! clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
    echo "skipped: needs clang-format 14 (Debian 12)"
    exit 77
fi
mapfile -t sources < <(find . \( -name 'build*' -o -name .git -o -name node_modules \) -prune \
    -o \( -name '*.cpp' -o -name '*.hpp' \) -print)
if ! clang-format --dry-run --Werror "${sources[@]}" 2>/tmp/format.$$; then
    grep -o '^[^:]*' /tmp/format.$$ | sort | uniq -c | grep '\.[ch]pp' || true
    rm -f /tmp/format.$$
    echo "run: clang-format -i FILE"
    exit 1
fi
rm -f /tmp/format.$$
