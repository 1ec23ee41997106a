# Shared by scripts/run and scripts/test: what the program needs on the machine, and how it is
# built. Sourced, never run. Debian 12 and 13 are set up on their own; elsewhere we say what is
# needed and go on with what is there.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=$root/build/logs

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $*"
    exit 1
}

# quietly TITLE COMMAND...: one line while it runs, the whole output only when it fails.
quietly() {
    local title=$1 name log
    shift
    mkdir -p "$logs"
    name=$(printf '%s' "$title" | tr -cs 'a-zA-Z0-9' '-' | tr 'A-Z' 'a-z')
    log=$logs/${name%-}.log
    say "$title ..."
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 60 "$log" >&2
        fail "$title failed (whole output: ${log#"$root"/})"
    fi
}

debian_release() {
    local id='' version=''
    if [ -r /etc/os-release ]; then
        id=$(. /etc/os-release && printf '%s' "${ID:-}")
        version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
    fi
    case $id-$version in
        debian-12 | debian-13) printf '%s' "$version" ;;
    esac
}

build_packages() {
    local boost=1.81
    [ "$(debian_release)" = 13 ] && boost=1.83
    printf '%s\n' g++ cmake ninja-build pkg-config ccache ca-certificates \
        libcaf-dev "libboost$boost-dev" libsimdjson-dev libsodium-dev libsqlite3-dev \
        libssl-dev libcli11-dev libkainjow-mustache-dev \
        libsystemd-dev libhowardhinnant-date-dev libutf8proc-dev libyaml-dev prometheus-cpp-dev tzdata
}

test_packages() {
    local clang=14
    [ "$(debian_release)" = 13 ] && clang=19
    build_packages
    printf '%s\n' clang "libclang-rt-$clang-dev" # for the fuzzers
    printf '%s\n' clang-tidy catch2 libbenchmark-dev python3 clang-format curl openssl \
        chromium dpkg-dev file systemd tinyproxy-bin wrk apache2-bin groff-base man-db lintian \
        debootstrap
    # Their packages start a service, three of them on port 80, so only where nothing is started.
    [ -d /run/systemd/system ] || printf '%s\n' nginx caddy haproxy prometheus
    # Only to fetch the end-to-end clients; they bring the Node.js that they run on.
    command -v npm >/dev/null || printf '%s\n' nodejs npm
}

# install_missing PACKAGE...: nothing is asked of the network when everything is there.
install_missing() {
    local missing=() package sudo=()
    if [ -z "$(debian_release)" ]; then
        say "This is not Debian 12 or 13, so nothing is installed. Needed, by Debian's names:"
        say "  $*"
        return
    fi
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            fail "these packages are missing and there is no sudo; as root run: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    if [[ " ${missing[*]} " = *" libboost1.81-dev "* ]] &&
        dpkg-query -W libboost1.74-dev >/dev/null 2>&1; then
        say "libboost1.74-dev gives way to libboost1.81-dev (Debian does not let both be installed)."
    fi
    quietly "Updating the package lists" "${sudo[@]}" apt-get update
    quietly "Installing ${#missing[@]} packages" \
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing[@]}"
}

# build PRESET TARGETS [CMAKE OPTIONS...]: configures and builds; TARGETS are parted by blanks. On a
# terminal ninja shows its progress line.
build() {
    local preset=$1 targets
    read -ra targets <<<"$2"
    shift 2
    cd "$root" || exit 1
    quietly "Configuring ($preset)" cmake --preset "$preset" "$@"
    local command=(cmake --build --preset "$preset" --target "${targets[@]}")
    if [ -t 2 ]; then
        say "Building ($preset) ..."
        "${command[@]}" >&2 || fail "the build failed"
    else
        quietly "Building ($preset)" "${command[@]}"
    fi
}

# The clients of tests/e2e, exactly as locked. Again only when the lock file changed.
install_clients() {
    local folder=$root/tests/e2e
    if [ "$folder/node_modules/.installed" -nt "$folder/package-lock.json" ]; then return; fi
    quietly "Installing the end-to-end clients" npm --prefix "$folder" ci
    touch "$folder/node_modules/.installed"
}
