#!/usr/bin/env python3
"""Every row of tests/security/plan.txt is proved by a test that exists.

usage: plan.py ROOT        prints each fault, and how many rows are proved, open or not applicable
       plan.py selftest    every fault planted in a small plan must be found
"""
import re
import sys
import tempfile
from pathlib import Path

LAST = 124  # the rows of the plan itself; more may follow
WORDS = ("differs", "not applicable", "pending")


def titles(path):
    """The names of the tests in a file that run without being asked for by name."""
    text = path.read_text(encoding="utf-8")
    found = set()
    if path.suffix == ".mjs":
        for quote, title in re.findall(r"\btest\(\s*(['`])((?:\\.|(?!\1).)*)\1", text, re.S):
            found.add(re.sub(r"\\(.)", r"\1", title))
        return found
    pattern = r'\b(TEST_CASE|SECTION)\(\s*((?:"(?:\\.|[^"\\])*"\s*)+)(,\s*"\[[.!])?'
    for _, literals, hidden in re.findall(pattern, text):
        if not hidden:
            parts = re.findall(r'"((?:\\.|[^"\\])*)"', literals)
            found.add(re.sub(r"\\(.)", r"\1", "".join(parts)))
    return found


def rows(plan):
    """(line, number, text, proofs); a proof is (line, what, rest)."""
    out = []
    for number, line in enumerate(plan.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isdigit():
            row, _, text = line.partition(" ")
            out.append((number, int(row), text.strip(), []))
        elif out and line.startswith("    "):
            what, _, rest = line.strip().partition(": ")
            out[-1][3].append((number, what, rest.strip()))
        else:
            out.append((number, -1, line, []))
    return out


def faults(root):
    plan = root / "tests/security/plan.txt"
    known = {}
    wanted = 1
    for at, number, text, proofs in rows(plan):
        if number != wanted:
            yield f"{plan.name}:{at}: row {wanted} is expected here"
        wanted = number + 1
        if len(text) < 20:
            yield f"{plan.name}:{at}: row {number} does not say what is sent and what must come"
        if all(what == "differs" for _, what, _ in proofs):
            yield f"{plan.name}:{at}: row {number} has no proof"
        for line, what, rest in proofs:
            if what in WORDS:
                if len(rest) < (1 if what == "pending" else 10):
                    yield f"{plan.name}:{line}: {what}: why?"
                continue
            path = root / "tests" / what
            if not path.is_file():
                yield f"{plan.name}:{line}: there is no tests/{what}"
                continue
            if what not in known:
                known[what] = titles(path)
            if rest not in known[what]:
                yield f"{plan.name}:{line}: tests/{what} has no test \"{rest}\""
    if wanted <= LAST:
        yield f"{plan.name}: the rows end before {LAST}"


def selftest():
    good = "".join(f"{n} somebody sends something, a refusal comes\n    a_test.cpp: it is refused\n"
                   for n in range(1, LAST + 1))
    wrong = {
        "": None,
        "a row is missing": good.replace("\n7 ", "\n8 "),
        "a row too few": good[:good.index(f"{LAST} ")],
        "a dead title": good.replace("it is refused", "it was refused", 1),
        "a hidden test": good.replace("it is refused", "it is slow", 1),
        "a dead file": good.replace("a_test.cpp", "b_test.cpp", 1),
        "no proof": good.replace("    a_test.cpp: it is refused\n", "", 1),
        "no reason": good.replace("a_test.cpp: it is refused", "not applicable: ", 1),
        "a difference alone": good.replace("a_test.cpp: it is refused",
                                           "differs: for a good reason", 1),
        "no words": good.replace("somebody sends something, a refusal comes", "x", 1),
    }
    for what, text in wrong.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "tests/security").mkdir(parents=True)
            (root / "tests/a_test.cpp").write_text(
                'TEST_CASE("it is "\n          "refused") {}\nTEST_CASE("it is slow", "[.]") {}\n')
            (root / "tests/security/plan.txt").write_text(text or good)
            if bool(list(faults(root))) != bool(text):
                yield f"selftest: {what or 'a good plan'}: " + ("not found" if text else "refused")


def main():
    if sys.argv[1] == "selftest":
        found = list(selftest())
        summary = "selftest"
    else:
        root = Path(sys.argv[1])
        found = list(faults(root))
        count = {word: 0 for word in WORDS}
        total = 0
        for _, _, _, proofs in rows(root / "tests/security/plan.txt"):
            total += 1
            for word in WORDS:
                count[word] += any(what == word for _, what, _ in proofs)
        summary = f"{total} rows, " + ", ".join(f"{count[word]} {word}" for word in WORDS)
    for fault in found:
        print(fault)
    print(f"plan: {summary}: {len(found) or 'no'} fault{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
