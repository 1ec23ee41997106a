#!/usr/bin/env python3
"""Tags and titles of the test cases.

usage: tags.py ROOT             prints each fault
       tags.py --write ROOT     writes the tags that are wrong or missing, and formats those files
       tags.py --scripts ROOT   a line "NAME plan-N…" for each script of tests/e2e that proves rows
       tags.py selftest         every fault planted in a small tree must be found

A case's first tag is its topic, the name of its file without _test; then comes [plan-N] for each
row N of tests/security/plan.txt that names it as a proof; other tags follow. A title begins with
a small letter, unless its first word is a name.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import plan

CASE = re.compile(r'\bTEST_CASE\(\s*((?:"(?:\\.|[^"\\\n])*"\s*)+)(?:,\s*"((?:\[[^\]"]*\])*)"\s*)?\)')
SECTION = re.compile(r'\bSECTION\(\s*((?:"(?:\\.|[^"\\\n])*"\s*)+)\)')
CAPITAL = re.compile(r"[A-Z][a-z]*(?:'s)?[ ,]")
NAMES = ("Twenty ", "Twenty's ")


def title_of(literals):
    return re.sub(r"\\(.)", r"\1", "".join(re.findall(r'"((?:\\.|[^"\\])*)"', literals)))


def proofs(root):
    """{(file, title): the rows that it proves}"""
    out = {}
    for _, row, _, named in plan.rows(root / "tests/security/plan.txt"):
        for _, what, title in named:
            if what not in plan.WORDS:
                out.setdefault((what, title), []).append(row)
    return out


def sections(text):
    """(the place of a SECTION, its title)"""
    return [(found.start(), title_of(found[1])) for found in SECTION.finditer(text)]


def cases(root, known):
    """(path, match, title, its tags, the tags that it should have) for every test case."""
    for path in sorted((root / "tests").rglob("*_test.cpp")):
        if "node_modules" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        file = path.relative_to(root / "tests").as_posix()
        found = list(CASE.finditer(text))
        inner = sections(text)
        for at, case in enumerate(found):
            end = found[at + 1].start() if at + 1 < len(found) else len(text)
            titles = [title_of(case[1])] + [t for place, t in inner if case.start() < place < end]
            rows = sorted({row for title in titles for row in known.get((file, title), ())})
            topic = path.stem.removesuffix("_test")
            tags = re.findall(r"\[([^\]]*)\]", case[2] or "")
            free = [t for t in tags if t != topic and not re.fullmatch(r"plan-\d+", t)]
            yield path, case, titles[0], tags, [topic, *(f"plan-{row}" for row in rows), *free]


def written(tags):
    return "".join(f"[{tag}]" for tag in tags)


def faults(root):
    for path, _, title, tags, wanted in cases(root, proofs(root)):
        file = path.relative_to(root).as_posix()
        if tags != wanted:
            yield f'{file}: "{title}" has not the tags "{written(wanted)}" (tags.py --write adds them)'
        if CAPITAL.match(title) and not title.startswith(NAMES):
            yield f'{file}: "{title}" begins with a capital'


def write(root):
    changed = {}
    for path, case, _, tags, wanted in cases(root, proofs(root)):
        if tags != wanted:
            changed.setdefault(path, []).append(
                (case.span(), f'TEST_CASE({case[1].rstrip()}, "{written(wanted)}")'))
    for path, edits in changed.items():
        text = path.read_text(encoding="utf-8")
        for (start, end), new in reversed(edits):
            text = text[:start] + new + text[end:]
        path.write_text(text, encoding="utf-8")
    if changed:
        subprocess.run(["clang-format", "-i", *changed], check=True)


def scripts(root):
    rows = {}
    for (file, _), numbers in proofs(root).items():
        if file.startswith("e2e/"):
            rows.setdefault(Path(file).stem, set()).update(numbers)
    for name, numbers in sorted(rows.items()):
        yield " ".join([name, *(f"plan-{n}" for n in sorted(numbers))])


def selftest():
    good = 'TEST_CASE("it is refused", "[a][plan-1]") {\n    SECTION("twice") {}\n}\n'
    trees = {
        "a good tree": good,
        "no tags": good.replace(', "[a][plan-1]"', ""),
        "no topic": good.replace("[a]", ""),
        "no row": good.replace("[plan-1]", ""),
        "a row that is not proved": good.replace("[plan-1]", "[plan-1][plan-2]"),
        "a section that proves": good.replace('"twice"', '"thrice"'),
        "a capital": good + 'TEST_CASE("A thing is refused", "[a]") {}\n',
    }
    for what, text in trees.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "tests/security").mkdir(parents=True)
            (root / "tests/a_test.cpp").write_text(text)
            (root / "tests/security/plan.txt").write_text(
                "1 somebody sends something\n    a_test.cpp: it is refused\n"
                "2 somebody sends more\n    a_test.cpp: thrice\n")
            if bool(list(faults(root))) != (what != "a good tree"):
                yield f"selftest: {what}: wrongly judged"


def main():
    what, root = sys.argv[1], Path(sys.argv[-1])
    if what == "--write":
        return write(root)
    if what == "--scripts":
        return print(*scripts(root), sep="\n")
    found = list(selftest() if what == "selftest" else faults(root))
    for fault in found:
        print(fault)
    print(f"tags: {len(found) or 'no'} fault{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
