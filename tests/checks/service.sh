#!/usr/bin/env bash
# usage: service.sh UNIT. The unit is correct, and its sandbox is at least as tight as we say
# in docs/architecture.md (systemd's own exposure score, 0 best, 10 worst).
set -euo pipefail
if ! command -v systemd-analyze >/dev/null; then
    echo "skipped: needs systemd-analyze"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# verify wants the program to be there: any will do.
sed 's|^ExecStart=/usr/bin/twenty-mcp|ExecStart=/bin/true|' "$1" >"$folder/twenty-mcp.service"
complaints=$(systemd-analyze verify --man=no "$folder/twenty-mcp.service" 2>&1 |
    grep "$folder\|twenty-mcp" || true)
if [ -n "$complaints" ]; then
    echo "$complaints"
    exit 1
fi
# A secret without a default stops systemd itself, with a line that nobody understands.
sed -n 's/^LoadCredential=\([^:]*\):.*/\1/p' "$1" | while read -r name; do
    if ! grep -qxF "SetCredential=$name:\n" "$1"; then
        echo "no SetCredential= for $name"
        exit 1
    fi
done
systemd-analyze security --offline=yes --threshold=15 "$1" | tail -n 1
