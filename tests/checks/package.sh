#!/usr/bin/env bash
# usage: package.sh BUILD_FOLDER BINARY. The Debian package builds, holds what the service
# needs, and its maintainer scripts make the secrets once and never again.
set -euo pipefail
build=$1 binary=$2
if ! command -v dpkg-shlibdeps >/dev/null || ! command -v file >/dev/null; then
    echo "skipped: needs dpkg-dev and file"
    exit 77
fi
if ldd "$binary" | grep -q libasan; then
    echo "skipped: a sanitizer build is no product"
    exit 77
fi
fail() {
    echo "error: $*"
    exit 1
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cpack --config "$build/CPackConfig.cmake" -B "$folder" >"$folder/log" 2>&1 || {
    cat "$folder/log"
    fail "cpack failed"
}
package=$(echo "$folder"/*.deb)
dpkg-deb -x "$package" "$folder/root"
dpkg-deb -e "$package" "$folder/control"

for file in usr/bin/twenty-mcp usr/bin/twenty-mcp-demo etc/twenty-mcp/twenty-mcp.env \
    usr/lib/systemd/system/twenty-mcp.service usr/lib/systemd/system/twenty-mcp.socket \
    usr/share/doc/twenty-mcp/README.md \
    usr/lib/systemd/system/twenty-mcp-backup.service \
    usr/lib/systemd/system/twenty-mcp-backup.timer \
    usr/share/doc/twenty-mcp/docs/backup.md usr/share/doc/twenty-mcp/copyright \
    usr/share/doc/twenty-mcp/docs/troubleshooting.md \
    usr/share/doc/twenty-mcp/packaging/proxies/nginx.conf; do
    [ -e "$folder/root/$file" ] || fail "the package lacks /$file"
done
"$folder/root/usr/bin/twenty-mcp" --version >/dev/null || fail "the packaged program does not start"
[[ $("$folder/root/usr/bin/twenty-mcp" demo --version) = twenty-mcp-demo\ * ]] ||
    fail "the packaged program does not find its demo"
grep -qx '/etc/twenty-mcp/twenty-mcp.env' "$folder/control/conffiles" ||
    fail "the settings file is no conffile: an upgrade would overwrite it"
for library in libcaf-core libsodium libsimdjson libsqlite3 libssl libdate-tz libutf8proc libyaml tzdata; do
    grep -q "^Depends:.*$library" "$folder/control/control" || fail "no dependency on $library"
done
leftover=$(find "$folder/root" -path '*include*' -o -name '*.a')
[ -z "$leftover" ] || fail "not for users: $leftover"

# postinst on a scratch /etc: it has the one path to replace.
mkdir -m 755 "$folder/etc"
sed "s|/etc/twenty-mcp|$folder/etc|; s|/run/systemd/system|$folder/none|" \
    "$folder/control/postinst" >"$folder/postinst"
sh "$folder/postinst" configure
[ "$(stat -c %a "$folder/etc")" = 750 ] || fail "the folder of the secrets is open to others"
for name in COOKIE_ENCRYPTION_KEY ADMIN_TOKEN; do
    grep -qxE '[0-9a-f]{64}' "$folder/etc/$name" || fail "$name is not 64 hex digits"
    [ "$(stat -c %a "$folder/etc/$name")" = 600 ] || fail "$name can be read by others"
done
before=$(cat "$folder/etc/COOKIE_ENCRYPTION_KEY")
chmod 700 "$folder/etc"
sh "$folder/postinst" configure 0.0.1
[ "$(stat -c %a "$folder/etc")" = 700 ] || fail "an upgrade opened the folder of the secrets"
[ "$(cat "$folder/etc/COOKIE_ENCRYPTION_KEY")" = "$before" ] ||
    fail "an upgrade replaced the key: every connection would be lost"

echo "$(basename "$package"): $(stat -c %s "$package") bytes"
