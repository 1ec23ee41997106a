#!/usr/bin/env bash
# usage: does_not_compile.sh SOURCE COMPILER ARGUMENTS...
# SOURCE compiles as it is, and with each of its mistakes it does not. A mistake is a line
#     // WRONG n: words of the error
# and code between #if WRONG == n and #endif.
set -euo pipefail
source=$1
shift
compile() { "$@" -fsyntax-only -fdiagnostics-color=never "-DWRONG=$number" "$source" 2>&1; }

number=0
if ! out=$(compile "$@"); then
    echo "$out" | head -20
    echo "$source: does not compile without a mistake"
    exit 1
fi
faults=0
while IFS=' ' read -r number words; do
    number=${number%:}
    if out=$(compile "$@"); then
        echo "$source: mistake $number compiles"
        faults=1
    elif ! grep -qF -- "$words" <<< "$out"; then
        echo "$out" | head -20
        echo "$source: mistake $number is refused, but not with: $words"
        faults=1
    fi
done < <(sed -n 's|^ *// WRONG ||p' "$source")
[ "$number" != 0 ] || { echo "$source: names no mistake"; exit 1; }
exit $faults
