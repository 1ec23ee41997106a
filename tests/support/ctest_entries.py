#!/usr/bin/env python3
"""Writes CTest's entries for the cases of one test program, after each build of it.

usage: ctest_entries.py ROOM case|file PROGRAM OUTPUT [PROPERTY VALUE]...
       ctest_entries.py selftest PROGRAM

case: an entry for each test case, "ROOM: TITLE". file: one for each source file, "ROOM: FILE.cpp",
for builds in which a program takes long to start. The labels are the room and the tags of the
cases. A case that prints "skipped: REASON" counts as skipped.
"""
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

CATCH2_2 = ["--list-test-names-only", "-v", "high"]  # a line "TITLE\t@FILE:LINE" each
CATCH2_3 = ["--list-tests", "-r", "xml"]


def ask(program, *arguments):
    return subprocess.run([program, *arguments], stdout=subprocess.PIPE, text=True, check=False).stdout


def cases(program):
    """(title, file, tags) of every case that runs without being asked for by name."""
    if re.search(r"^version:\s*2\.", ask(program, "--libidentify"), re.M):
        tags = tags_of(ask(program, "--list-tests"))
        lines = ask(program, *CATCH2_2).splitlines()
        for line, found in zip(lines, tags, strict=True):
            title, place = line.rsplit("\t@", 1)
            yield title, Path(place.rsplit(":", 1)[0]).name, found
        return
    for case in xml.fromstring(ask(program, *CATCH2_3)).iter("TestCase"):
        tags = re.findall(r"\[([^\]]+)\]", case.findtext("Tags"))
        yield case.findtext("Name"), Path(case.findtext("SourceInfo/File")).name, tags


def tags_of(listing):
    """The tags of each case of Catch2 2's listing: titles are indented by 2 and 4, tags by 6."""
    out = []
    for line in listing.splitlines():
        if re.match(r"  \S", line):
            out.append("")
        elif line.startswith("      "):
            out[-1] += line.strip()
    return [re.findall(r"\[([^\]]+)\]", text) for text in out]


def quoted(text):
    return f"[==[{text}]==]"


def entry(name, command, labels, properties):
    yield f"add_test({quoted(name)} {' '.join(quoted(word) for word in command)})"
    pairs = {"LABELS": ";".join(dict.fromkeys(labels)), "SKIP_REGULAR_EXPRESSION": "(^|\n)skipped: ",
             "FAIL_REGULAR_EXPRESSION": "No tests ran", **properties}
    words = " ".join(f"{key} {quoted(value)}" for key, value in pairs.items())
    yield f"set_tests_properties({quoted(name)} PROPERTIES {words})"


def entries(room, by, program, properties):
    files = {}
    for title, file, tags in cases(program):
        if by == "case":
            name = re.sub(r"([\\,\[\]])", r"\\\1", title)
            yield from entry(f"{room}: {title}", [program, name], [room, *tags], properties)
        else:
            files.setdefault(file, {}).update(dict.fromkeys(tags))
    for file, tags in files.items():
        yield from entry(f"{room}: {file}", [program, "-#", f"[#{Path(file).stem}]"],
                         [room, *tags], properties)


def selftest(program):
    """Each case is in one entry by case and in one entry by file, and an entry's file is a source."""
    found = list(cases(program))
    for by, names in (("case", [title for title, _, _ in found]), ("file", {file for _, file, _ in found})):
        made = [line for line in entries("room", by, program, {}) if line.startswith("add_test(")]
        if len(made) != len(names):
            sys.exit(f"{len(names)} entries by {by} wanted, {len(made)} made")
    wrong = sorted({file for _, file, _ in found if not re.fullmatch(r"\w+\.cpp", file)})
    if wrong:
        sys.exit(f"no source file: {', '.join(wrong)}")


def main():
    if sys.argv[1] == "selftest":
        selftest(sys.argv[2])
        return
    room, by, program, output, *pairs = sys.argv[1:]
    properties = dict(zip(pairs[::2], pairs[1::2], strict=True))
    lines = list(entries(room, by, program, properties))
    if not lines:
        sys.exit(f"{program} names no test case")
    Path(output).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
