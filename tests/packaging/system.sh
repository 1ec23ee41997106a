# Sourced by the tests beside it. A Debian of its own, booted: namespaces for everything but users,
# systemd as the first process, a network that reaches nobody. Needs root and debootstrap, and Debian's
# packages at the first run; what was fetched stays in $TWENTY_MCP_ROOTS (default: in /var/tmp).

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $*"
    exit 1
}
skip() {
    echo "skipped: $*"
    exit 77
}

roots=${TWENTY_MCP_ROOTS:-/var/tmp/twenty-mcp-roots}
init=
system_root=

can_boot() {
    [ "$(id -u)" = 0 ] || skip "needs root"
    # Its control groups and the machine's would be one tree with two owners.
    [ "$(cat /proc/1/comm)" != systemd ] || skip "boots a systemd, and this machine's runs already"
    local tool
    for tool in debootstrap unshare nsenter pivot_root openssl; do
        command -v "$tool" >/dev/null || skip "needs $tool"
    done
    unshare --mount --pid --ipc --uts --net --cgroup --fork true 2>/dev/null ||
        skip "this machine lets nobody make namespaces"
}

# make_root SUITE FOLDER: a minimal Debian with systemd and sudo, and a user named newcomer.
make_root() {
    local suite=$1 folder=$2 base=$roots/$1
    if [ ! -e "$base.done" ]; then
        rm -rf "$base"
        mkdir -p "$roots"
        debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,sudo,passwd "$suite" "$base" \
            >"$base.log" 2>&1 || skip "debootstrap does not get $suite (see $base.log)"
        touch "$base.done"
    fi
    cp -a "$base" "$folder"
    cp /etc/resolv.conf "$folder/etc/"
    # A person answers apt with "y".
    echo 'APT::Get::Assume-Yes "true";' >"$folder/etc/apt/apt.conf.d/answers"
    chroot "$folder" useradd --create-home --shell /bin/bash newcomer
    echo 'newcomer ALL=(ALL) NOPASSWD: ALL' >"$folder/etc/sudoers.d/newcomer"
}

# fetch ROOT PACKAGE...: what `apt install` will need once there is no network. Packages of the machine
# are paths as the root sees them.
fetch() {
    local folder=$1
    shift
    DEBIAN_FRONTEND=noninteractive chroot "$folder" apt-get update >"$folder.log" 2>&1 &&
        DEBIAN_FRONTEND=noninteractive chroot "$folder" \
            apt-get install --download-only "$@" >>"$folder.log" 2>&1 ||
        skip "apt does not get $* (see $folder.log)"
}

# boot ROOT: comes back when systemd says that all is up.
boot() {
    local folder=$1 inside parent state
    system_root=$folder
    inside='
        set -e
        mount --make-rprivate /
        mount --bind "$1" "$1"
        cd "$1"
        mount -t proc proc proc
        mount -t sysfs -o ro sysfs sys
        mount -t cgroup2 cgroup2 sys/fs/cgroup
        mount -t tmpfs -o mode=755 tmpfs run
        mount -t tmpfs tmpfs tmp
        mount -t tmpfs -o mode=755 tmpfs dev
        mkdir dev/pts dev/shm
        mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
        ln -s pts/ptmx dev/ptmx
        for name in null zero full random urandom tty; do
            touch "dev/$name"
            mount --bind "/dev/$name" "dev/$name"
        done
        mkdir -p mnt
        pivot_root . mnt
        umount -l mnt
        # What systemd mounts for a service, its credentials for one, has to reach the service.
        mount --make-rshared /
        exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd \
            --log-target=console --show-status=no'
    unshare --mount --pid --ipc --uts --net --cgroup --fork --kill-child \
        bash -c "$inside" boot "$folder" >"$folder.boot" 2>&1 </dev/null &
    parent=$!
    disown
    for _ in $(seq 100); do
        init=$(cat "/proc/$parent/task/$parent/children" 2>/dev/null | tr -d ' ' || true)
        [ -n "$init" ] && [ "$(cat "/proc/$init/comm" 2>/dev/null)" = systemd ] && break
        sleep 0.1
    done
    [ -n "$init" ] || fail "nothing was booted: $(cat "$folder.boot")"
    for _ in $(seq 120); do
        state=$(inside systemctl is-system-running 2>/dev/null || true)
        case $state in
            running | degraded) return ;;
        esac
        sleep 0.5
    done
    cat "$folder.boot" >&2
    skip "systemd does not come up here (it says: $state)"
}

# inside COMMAND...: as root, in the booted system.
inside() {
    nsenter -t "$init" -m -p -u -i -n -C -r -w -- \
        env -i HOME=/root LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# beside COMMAND...: a program of this machine on that system's network and with its names.
beside() {
    nsenter -t "$init" -n -- unshare --mount \
        bash -c 'mount --bind "$0/etc/hosts" /etc/hosts; exec "$@"' "$system_root" "$@"
}

halt() {
    if [ -n "$init" ]; then kill -9 "$init" 2>/dev/null || true; fi
    init=
}

# -- What is there before twenty-mcp comes -----------------------------------------------------------

# names_and_certificates ROOT: mcp.example.com and crm.example.com are this system, and a certificate
# authority that it trusts vouches for them. Files as certbot leaves them.
names_and_certificates() {
    local folder=$1 live=$1/etc/letsencrypt/live/mcp.example.com
    echo newcomer >"$folder/etc/hostname"
    printf '127.0.0.1 localhost newcomer mcp.example.com crm.example.com\n' >"$folder/etc/hosts"
    mkdir -p "$live" "$folder/usr/local/share/ca-certificates"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj '/CN=Test authority' -addext basicConstraints=critical,CA:TRUE \
        -keyout "$folder.ca.key" -out "$folder/usr/local/share/ca-certificates/test.crt" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=mcp.example.com' \
        -keyout "$live/privkey.pem" -out "$folder.request" 2>/dev/null
    printf 'subjectAltName=DNS:mcp.example.com,DNS:crm.example.com\n' >"$folder.names"
    openssl x509 -req -in "$folder.request" -CA "$folder/usr/local/share/ca-certificates/test.crt" \
        -CAkey "$folder.ca.key" -CAcreateserial -days 2 -extfile "$folder.names" \
        -out "$live/fullchain.pem" 2>/dev/null
}

# twenty_there ROOT BINARY: the sample workspace of BINARY, a twenty-mcp-demo, behind
# https://crm.example.com once nginx is installed. It brings its libraries, so that it depends on no
# package.
twenty_there() {
    local folder=$1 library
    install -D "$2" "$folder/opt/twenty/twenty-mcp-demo"
    for library in $(ldd "$2" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | grep -v '/lib\(c\|m\|pthread\)\.so'); do
        cp "$library" "$folder/opt/twenty/"
    done
    cat >"$folder/etc/systemd/system/twenty.service" <<'END'
[Unit]
StartLimitIntervalSec=0
[Service]
Environment=LD_LIBRARY_PATH=/opt/twenty
ExecStart=/opt/twenty/twenty-mcp-demo --workspace-only --workspace-port 3000
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
END
    mkdir -p "$folder/etc/nginx/conf.d" "$folder/etc/systemd/system/multi-user.target.wants"
    ln -s ../twenty.service "$folder/etc/systemd/system/multi-user.target.wants/"
    cat >"$folder/etc/nginx/conf.d/twenty.conf" <<'END'
server {
    listen 443 ssl;
    server_name crm.example.com;
    ssl_certificate /etc/letsencrypt/live/mcp.example.com/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/mcp.example.com/privkey.pem;
    location / {
        proxy_pass http://127.0.0.1:3000;
    }
}
END
}

# follow_steps ROOT SUITE PACKAGE SHIPPED [MORE]: boots a Debian in which a person with the package
# PACKAGE has followed the documented steps. SHIPPED is what the package under test holds; what the
# package MORE depends on is fetched as well. What was said is in ROOT.said.
follow_steps() {
    local folder=$1 package=$3 shipped=$4 more=${5:-} here
    here=$(dirname "${BASH_SOURCE[0]}")
    make_root "$2" "$folder"
    names_and_certificates "$folder"
    twenty_there "$folder" "$shipped/usr/bin/twenty-mcp-demo"
    python3 "$here/steps.py" "$shipped/usr/share/doc/twenty-mcp/docs/operating.md" \
        >"$folder/home/newcomer/steps"
    cp "$package" "$folder/home/newcomer/"
    fetch "$folder" "/home/newcomer/$(basename "$package")" nginx
    if [ -n "$more" ]; then
        cp "$more" "$folder/srv/"
        fetch "$folder" "/srv/$(basename "$more")"
    fi
    boot "$folder"
    inside runuser -u newcomer -- bash -c 'cd && bash -eux steps' >"$folder.said" 2>&1 && return
    cat "$folder.said"
    inside journalctl -u twenty-mcp --no-pager | tail -n 20
    fail "a documented step failed"
}

# The key of a person who may do everything in the sample workspace.
api_key() {
    local key
    for _ in $(seq 40); do
        key=$(inside journalctl -u twenty --no-pager -o cat | sed -n 's/^API key, full access *//p' |
            tail -n 1)
        [ -z "$key" ] || break
        sleep 0.5
    done
    [ -n "$key" ] || fail "the sample workspace does not run"
    printf '%s' "$key"
}

# journey STEP: a client and a person connect, or go on (journey.mjs).
journey() {
    local tests key
    key=$(api_key) || return 1
    tests=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
    beside env TWENTY_MCP_JOURNEY="$1" TWENTY_MCP_KEY="$key" \
        TWENTY_MCP_TOKENS="$system_root.tokens" \
        NODE_EXTRA_CA_CERTS="$system_root/usr/local/share/ca-certificates/test.crt" \
        "$tests/e2e/run" "$binary" ../packaging/journey.mjs
}
