#!/usr/bin/env bash
# usage: manual.sh BINARY DEMO. The programs' manual pages and completions are whole: groff has
# nothing to say about a page, man finds its name, each command and setting is in it, and bash, having
# read a script, completes what the program takes.
set -euo pipefail
binary=$1 demo=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() {
    echo "error: $*"
    exit 1
}

"$binary" docs man >"$folder/twenty-mcp.1"
"$demo" --docs man >"$folder/twenty-mcp-demo.1"
"$binary" docs bash-completion >"$folder/twenty-mcp"
"$demo" --docs bash-completion >"$folder/twenty-mcp-demo"

# -- Completion: `complete PROGRAM WORDS...` prints what bash offers for the last word --------------
complete_words() {
    bash -euc 'source "$1/$2"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
               "_${1//-/_}"; printf "%s\n" "${COMPREPLY[@]}"' complete "$folder" "$@"
}
offers() {
    local expected=$1
    shift
    [ "$(complete_words "$@" | tr '\n' ' ')" = "$expected " ] ||
        fail "bash completes '$*' to: $(complete_words "$@" | tr '\n' ' ')"
}
offers 'serve' twenty-mcp se
offers '--read-only' twenty-mcp stdio --r
offers '' twenty-mcp stdio --objects ''
offers '2.19 newer' twenty-mcp-demo --twenty-version ''
offers '--port' twenty-mcp-demo --p
offers 'put' twenty-mcp admin primer p
offers 'read write' twenty-mcp admin connections --mode ''
offers '--timeout' twenty-mcp admin --json primer put --ti
touch "$folder/a-file.md"
offers "$folder/a-file.md" twenty-mcp admin primer put "$folder/a-f"
# What --help lists, completion offers.
mapfile -t commands < <("$binary" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
[ ${#commands[@]} -ge 5 ] || fail "--help lists too few commands: ${commands[*]}"
for command in "${commands[@]}"; do
    complete_words twenty-mcp "$command" | grep -qxF -e "$command" || fail "bash does not complete $command"
    grep -qxF ".SS ${command//-/\\-}" "$folder/twenty-mcp.1" || fail "the manual lacks $command"
done
# So does the manual with what each command below one of these lists.
mapfile -t commands_below < <("$binary" admin primer --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
[ ${#commands_below[@]} -ge 5 ] || fail "--help lists too few commands of primer: ${commands_below[*]}"
for command in "${commands_below[@]}"; do
    grep -qxF ".SS admin primer $command" "$folder/twenty-mcp.1" || fail "the manual lacks admin primer $command"
done
for setting in $("$binary" docs settings | sed -n 's/^| `\([A-Z_]*\)`.*/\1/p'); do
    grep -q "^\\\\fB$setting" "$folder/twenty-mcp.1" || fail "the manual lacks $setting"
done

# -- The pages ------------------------------------------------------------------------------------
if ! command -v groff >/dev/null; then
    echo "skipped: needs groff for the rest"
    exit 77
fi
for page in twenty-mcp twenty-mcp-demo; do
    said=$(groff -man -ww -P-b -P-c -P-u -Tutf8 "$folder/$page.1" 2>&1 >"$folder/text")
    [ -z "$said" ] || fail "groff about $page.1: $said"
    grep -q SYNOPSIS "$folder/text" || fail "$page.1 has no text"
    if command -v lexgrog >/dev/null; then
        lexgrog "$folder/$page.1" >/dev/null || fail "man finds no name in $page.1"
    fi
done
echo "${#commands[@]} commands, in manual and completion"
