#!/usr/bin/env bash
# usage: container.sh BINARY PACKAGING_FOLDER. The container's files name settings and commands that the
# program has, and hold to what docs/operating.md says of them. Building the image needs a registry, so
# that is done by hand (docs/packaging.md).
set -euo pipefail
binary=$1 image=$2/Containerfile compose=$2/compose.yaml
fail() {
    echo "error: $*"
    exit 1
}
settings=$("$binary" docs settings | sed -n 's/^| `\([A-Z_]*\)`.*/\1/p')
named=$({
    sed -n '/^ENV /,/[^\\]$/s/^[ENV ]*\([A-Z_]*\)=.*/\1/p' "$image"
    sed -n '/^    environment:/,/^    [a-z]/s/^      \([A-Z_]*\):.*/\1/p' "$compose"
    sed -n '/^secrets:/,/^[a-z]*:$/s/^  \([A-Z_]*\):.*/\1/p' "$compose"
} | sort -u)
[ "$(wc -w <<<"$named")" -ge 7 ] || fail "too few settings were found: $named"
for name in $named; do
    # systemd's word for the folder of secrets.
    [ "$name" = CREDENTIALS_DIRECTORY ] && continue
    grep -qx "$name" <<<"$settings" || fail "$name is no setting"
done
for command in health serve; do
    grep -qE "^(HEALTHCHECK .*|CMD )\[.*\"$command\"\]" "$image" || fail "the image does not use $command"
    "$binary" "$command" --help >/dev/null || fail "there is no command $command"
done
grep -qE '^USER [1-9][0-9]*:[1-9][0-9]*$' "$image" || fail "the image runs as root, or as a name"
grep -qF '["CMD", "twenty-mcp", "health"]' "$compose" || fail "compose.yaml has no health check"
for line in 'read_only: true' 'cap_drop: [ALL]' 'no-new-privileges:true' '127.0.0.1:8787:8787'; do
    grep -qF -e "$line" "$compose" || fail "compose.yaml lacks $line"
done
# Docker reads the one, Podman the other.
cmp "$2/../.containerignore" "$2/../.dockerignore" || fail "the two ignore files differ"
if python3 -c 'import yaml' 2>/dev/null; then
    python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))["services"]["twenty-mcp"]' "$compose"
fi
echo "$(wc -w <<<"$named") names in the container's files"
