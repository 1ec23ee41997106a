#!/usr/bin/env python3
"""The compiler refuses each mistake of a source, line by line.

usage: does_not_compile.py SOURCE COMPILER ARGUMENTS...
       does_not_compile.py selftest COMPILER

SOURCE compiles as it stands. With -DMISTAKES every line that has TAKES( must lead to an error, and
no other line: so what is no mistake compiles, and a line that is let pass is noticed. (A mistake
that only follows from an earlier one counts as refused.)
Where a comment on such a line says "WRONG: words", an error of that line has these words.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def compile_errors(source, command, *more):
    """Exit code, {line of SOURCE: what its errors say}, and everything that the compiler said.

    An error inside a template belongs to the line of SOURCE that asks for the instantiation; 0 is
    no line of SOURCE."""
    done = subprocess.run([*command, "-fsyntax-only", "-fdiagnostics-color=never", *more, source],
                          capture_output=True, text=True, check=False)
    here = re.compile(rf"{re.escape(Path(source).name)}:(\d+):(?:\d+:)? *(error:|  required from here)")
    lines, instantiated_at, instantiates = {}, None, False
    for row in done.stderr.split("\n"):
        if re.search(r": (?:In|At) ", row):
            instantiated_at, instantiates = None, ": In instantiation of" in row
        found = here.search(row)
        if found and found[2] != "error:" and instantiates:
            instantiated_at = int(found[1])
        if "error:" in row:
            number = instantiated_at or (int(found[1]) if found else 0)
            lines[number] = lines.get(number, "") + row + "\n"
    return done.returncode, lines, done.stderr


def faults_of(source, command):
    text = Path(source).read_text(encoding="utf-8").split("\n")
    marked = {n: row for n, row in enumerate(text, 1)
              if "TAKES(" in row and not row.startswith("#")}
    code, _, said = compile_errors(source, command)
    if code != 0:
        return [f"{source} does not compile as it stands:", said], marked
    code, refused, said = compile_errors(source, command, "-DMISTAKES")
    faults = []
    for number in sorted(marked.keys() - refused.keys()):
        faults.append(f"{source}:{number}: the compiler lets this pass")
    for number in sorted(refused.keys() - marked.keys()):
        faults.append(f"{source}:{number}: refused, and is no mistake")
    for number in sorted(marked.keys() & refused.keys()):
        words = re.search(r"// WRONG: (.*)", marked[number])
        if words and words[1] not in refused[number]:
            faults.append(f"{source}:{number}: refused, but not with: {words[1]}")
    if not marked:
        faults.append(f"{source}: has no mistake")
    return faults + [said] if faults else [], marked


HEAD = """#ifdef MISTAKES
#define TAKES(right, wrong) wrong
#else
#define TAKES(right, wrong) right
#endif
template <class T> void whole(T) { static_assert(sizeof(T) == sizeof(int), "not an int"); }
void f(int*, int i, char c) {
"""
PLANTED = [
    ("refused", "f(TAKES(nullptr, 1), 1, c);", None),
    ("refused in a template", "whole(TAKES(i, c)); // WRONG: not an int", None),
    ("let pass", "(void)TAKES(i, c);", "the compiler lets this pass"),
    ("no mistake", "(void)i;", "has no mistake"),
    ("other words", "whole(TAKES(i, c)); // WRONG: not a char", "but not with"),
    ("wrong elsewhere", "(void)TAKES(i, *i);\n#ifdef MISTAKES\n(void)*c;\n#endif",
     "is no mistake"),
    ("broken as it stands", "nothing(TAKES(i, c));", "does not compile as it stands"),
]


def selftest(compiler):
    failed = 0
    for name, line, wanted in PLANTED:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "planted.cpp"
            source.write_text(HEAD + line + "\n}\n", encoding="utf-8")
            faults, _ = faults_of(str(source), [compiler, "-std=c++20"])
        right = wanted in "\n".join(faults) if wanted else not faults
        if not right:
            failed += 1
            print(f"selftest: {name}: {faults or 'no fault'}")
    print(f"selftest: {len(PLANTED) - failed} of {len(PLANTED)} as wanted")
    return 1 if failed else 0


def main():
    source, *command = sys.argv[1:]
    if source == "selftest":
        return selftest(*command)
    faults, marked = faults_of(source, command)
    if faults:
        sys.exit("\n".join(faults))
    print(f"{len(marked)} mistakes are refused")
    return 0


if __name__ == "__main__":
    sys.exit(main())
