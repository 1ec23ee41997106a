#!/usr/bin/env bash
# usage: service.sh UNIT. The unit and the socket beside it are correct, and its sandbox is at least
# as tight as we say in docs/architecture.md (systemd's own exposure score, 0 best, 10 worst).
set -euo pipefail
if ! command -v systemd-analyze >/dev/null; then
    echo "skipped: needs systemd-analyze"
    exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# verify wants the program to be there: any will do. Two settings are of systemd 254; older ones
# say that they do not know them, and go on.
newer='^$'
if [ "$(systemd-analyze --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p')" -lt 254 ]; then
    newer='^RestartSteps=|^RestartMaxDelaySec='
fi
sed -E 's#^(ExecStart=|ExecReload=\+)/usr/bin/twenty-mcp#\1/bin/true#' "$1" | grep -vE "$newer" \
    >"$folder/twenty-mcp.service"
cp "$(dirname "$1")/twenty-mcp.socket" "$folder"
complaints=$(systemd-analyze verify --man=no "$folder"/twenty-mcp.{service,socket} 2>&1 |
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
# A service that a crash, a stall or memory can end has to come back, however often.
for setting in WatchdogSec=30 StartLimitIntervalSec=0 Restart=on-failure RestartSteps=5 \
    RestartMaxDelaySec=30 MemoryHigh=768M OOMPolicy=kill CPUWeight=50; do
    if ! grep -qxF "$setting" "$1"; then
        echo "the unit does not say $setting"
        exit 1
    fi
done
if grep -q '^StartLimitBurst=' "$1"; then
    echo "a number of starts can be used up from outside"
    exit 1
fi
systemd-analyze security --offline=yes --threshold=15 "$folder/twenty-mcp.service" | tail -n 1
