#!/usr/bin/env bash
# usage: package.sh BUILD_FOLDER BINARY. The Debian package builds, holds what the service and its
# reader need, and is packed to the same bytes twice; its maintainer scripts make the secrets once and
# never again, and do with the unit what Debian's own do. What it does in a running system is proved by
# tests/packaging.
set -euo pipefail
build=$1 binary=$2
source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for tool in dpkg-shlibdeps dpkg-parsechangelog file python3; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: needs $tool"
        exit 77
    fi
done
if ldd "$binary" | grep -qE 'lib[at]san'; then
    echo "skipped: a sanitizer build is no product"
    exit 77
fi
fail() {
    echo "error: $*"
    exit 1
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$source_folder/scripts/package" "$build" "$folder/one" >/dev/null
package=$(echo "$folder"/one/*.deb)
dpkg-deb -x "$package" "$folder/root"
dpkg-deb -e "$package" "$folder/control"

# -- What is in it ----------------------------------------------------------------------------------
doc=usr/share/doc/twenty-mcp
for file in usr/bin/twenty-mcp usr/bin/twenty-mcp-demo etc/twenty-mcp/twenty-mcp.env \
    usr/lib/systemd/system/twenty-mcp.service usr/lib/systemd/system/twenty-mcp.socket \
    usr/lib/systemd/system/twenty-mcp-backup.service \
    usr/lib/systemd/system/twenty-mcp-backup.timer $doc/README.md $doc/docs/operating.md \
    $doc/docs/backup.md $doc/docs/troubleshooting.md $doc/docs/doctor.md \
    $doc/examples/proxies/nginx.conf $doc/examples/grafana/twenty-mcp.json \
    $doc/examples/grafana/alerts.yml $doc/copyright $doc/changelog.gz $doc/changelog.Debian.gz \
    $doc/examples/compose.yaml usr/share/man/man1/twenty-mcp.1.gz \
    usr/share/man/man1/twenty-mcp-demo.1.gz usr/share/bash-completion/completions/twenty-mcp; do
    [ -s "$folder/root/$file" ] || fail "the package lacks /$file"
done
"$folder/root/usr/bin/twenty-mcp" --version >/dev/null || fail "the packaged program does not start"
[[ $("$folder/root/usr/bin/twenty-mcp" demo --version) = twenty-mcp-demo\ * ]] ||
    fail "the packaged program does not find its demo"
grep -qx '/etc/twenty-mcp/twenty-mcp.env' "$folder/control/conffiles" ||
    fail "the settings file is no conffile: an upgrade would overwrite it"
for library in libcaf-core libsodium libsimdjson libsqlite3 libssl libdate-tz libutf8proc libyaml tzdata \
    init-system-helpers; do
    grep -q "^Depends:.*$library" "$folder/control/control" || fail "no dependency on $library"
done
leftover=$(find "$folder/root" -path '*include*' -o -name '*.a')
[ -z "$leftover" ] || fail "not for users: $leftover"
gzip -dc "$folder/root/$doc/changelog.Debian.gz" >"$folder/changelog"
[ "$(dpkg-parsechangelog -l "$folder/changelog" -S Version)" = "$(dpkg-deb -f "$package" Version)" ] ||
    fail "the Debian changelog begins with another version"
python3 "$source_folder/tests/checks/house.py" doc_links "$folder/root/$doc" ||
    fail "a link of the shipped documents leads nowhere"

# -- The same bytes, in another folder, on another file system, at another time -------------------------
elsewhere=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)")
trap 'rm -rf "$folder" "$elsewhere"' EXIT
(umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$source_folder/scripts/package" "$build" \
    "$elsewhere/a longer name" >/dev/null)
for file in "$folder"/one/*; do
    cmp "$file" "$elsewhere/a longer name/$(basename "$file")" || fail "$(basename "$file") differs"
done

# -- The list of what it is made of -----------------------------------------------------------------
list=${package%.deb}.spdx.json
python3 "$source_folder/scripts/sbom" --check "$list" || fail "the list is not SPDX 2.3"
sed '/"versionInfo"/d' "$list" >"$folder/spoilt.json"
if python3 "$source_folder/scripts/sbom" --check "$folder/spoilt.json" >/dev/null; then
    fail "a list without versions passes for SPDX 2.3"
fi
for library in libcaf-core libsodium23 libssl3 libsqlite3-0 libc6 libcli11-dev; do
    grep -q "\"name\": \"$library" "$list" || fail "the list lacks $library"
done

# -- The maintainer scripts, with Debian's helpers and paths replaced ---------------------------------
mkdir "$folder/bin"
mkdir -m 755 "$folder/etc"
for helper in deb-systemd-helper deb-systemd-invoke systemctl; do
    cat >"$folder/bin/$helper" <<END
#!/bin/sh
echo "$helper \$*" >>"$folder/calls"
[ "\$1" != debian-installed ] || [ -e "$folder/installed" ]
END
    chmod +x "$folder/bin/$helper"
done
# run SCRIPT ARGUMENTS...: what it says; its calls are in the file calls.
run() {
    local script=$1
    shift
    : >"$folder/calls"
    sed "s|/etc/twenty-mcp|$folder/etc|; s|/run/systemd/system|$folder|; s|/var/lib|$folder/lib|g" \
        "$folder/control/$script" >"$folder/$script"
    PATH=$folder/bin:$PATH sh "$folder/$script" "$@"
}
called() { grep -qxF -e "$1" "$folder/calls" || fail "no call of: $1"; }
not_called() { if grep -qF -e "$1" "$folder/calls"; then fail "a call of: $1"; fi; }

cp "$folder/root/etc/twenty-mcp/twenty-mcp.env" "$folder/etc/"
said=$(run postinst configure '')
[[ $said = *'systemctl enable --now twenty-mcp'* ]] || fail "no hint after the installation: $said"
[ "$(stat -c %a "$folder/etc")" = 750 ] || fail "the folder of the secrets is open to others"
for name in COOKIE_ENCRYPTION_KEY ADMIN_TOKEN; do
    grep -qxE '[0-9a-f]{64}' "$folder/etc/$name" || fail "$name is not 64 hex digits"
    [ "$(stat -c %a "$folder/etc/$name")" = 600 ] || fail "$name can be read by others"
done
called 'deb-systemd-helper update-state twenty-mcp.service'
called 'systemctl --system daemon-reload'
for forbidden in 'helper enable' 'invoke' 'systemctl start' 'systemctl enable'; do
    not_called "$forbidden"
done

before=$(cat "$folder/etc/COOKIE_ENCRYPTION_KEY")
chmod 700 "$folder/etc"
echo 'TWENTY_BASE_URL=https://crm.example.com' >>"$folder/etc/twenty-mcp.env"
touch "$folder/installed"
said=$(run postinst configure 0.0.1)
[ -z "$said" ] || fail "an upgrade of what is set up has to be silent: $said"
[ "$(stat -c %a "$folder/etc")" = 700 ] || fail "an upgrade opened the folder of the secrets"
[ "$(cat "$folder/etc/COOKIE_ENCRYPTION_KEY")" = "$before" ] ||
    fail "an upgrade replaced the key: every connection would be lost"
called 'deb-systemd-invoke try-restart twenty-mcp.service'
called 'deb-systemd-helper enable twenty-mcp.service' # only since was-enabled says so

run prerm upgrade 0.9
not_called 'stop'
run prerm remove
called 'deb-systemd-invoke stop twenty-mcp.service'
run postrm remove
[ -e "$folder/etc/twenty-mcp.env" ] || fail "a removal took the settings"

mkdir -p "$folder/lib/private/twenty-mcp"
touch "$folder/lib/private/twenty-mcp/twenty-mcp.db"
said=$(run postrm purge)
called 'deb-systemd-helper purge twenty-mcp.service'
[ -e "$folder/lib/private/twenty-mcp/twenty-mcp.db" ] || fail "a purge took people's connections"
[ -e "$folder/etc/COOKIE_ENCRYPTION_KEY" ] || fail "a purge took the key of a database that it keeps"
[[ $said = *"rm -rf $folder/lib/private/twenty-mcp"* ]] || fail "a purge does not say what it keeps: $said"
for gone in twenty-mcp.env ADMIN_TOKEN; do
    [ ! -e "$folder/etc/$gone" ] || fail "a purge left $gone"
done
rm -r "$folder/lib"
[ -z "$(run postrm purge)" ] || fail "a purge without a database speaks of one"
[ ! -e "$folder/etc" ] || fail "a purge without a database left the key"

# -- Debian's own judge -------------------------------------------------------------------------------
if ! command -v lintian >/dev/null; then
    echo "skipped: needs lintian for the rest"
    exit 77
fi
# Only root is warned that root runs it.
lintian --fail-on error,warning "$package" 2>"$folder/lintian" || {
    cat "$folder/lintian"
    fail "lintian finds fault"
}
echo "$(basename "$package"): $(stat -c %s "$package") bytes"
