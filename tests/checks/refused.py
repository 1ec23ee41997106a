#!/usr/bin/env python3
"""The compiler refuses a tool that goes past access, line by line.

usage: refused.py COMPILER SOURCE ROOT

SOURCE compiles as it stands. With -DFORGETFUL every line that has TAKES( must be an error, and no
other line: so a refusal is never for another reason, and a line that is let pass is noticed.
"""
import re
import subprocess
import sys
from pathlib import Path


def compile_errors(compiler, source, root, *more):
    """The lines of SOURCE that have errors, and everything that the compiler said."""
    done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-I", root, *more, source],
                          capture_output=True, text=True, check=False)
    name = re.escape(Path(source).name)
    lines = {int(n) for n in re.findall(rf"{name}:(\d+):\d+: error:", done.stderr)}
    return done.returncode, lines, done.stderr


def main():
    compiler, source, root = sys.argv[1:4]
    text = Path(source).read_text(encoding="utf-8").split("\n")
    marked = {n for n, line in enumerate(text, 1) if "TAKES(" in line and not line.startswith("#")}
    code, _, said = compile_errors(compiler, source, root)
    if code != 0:
        sys.exit(f"{source} does not compile as it stands:\n{said}")
    code, refused, said = compile_errors(compiler, source, root, "-DFORGETFUL")
    faults = [f"{source}:{n}: the compiler lets this pass" for n in sorted(marked - refused)]
    faults += [f"{source}:{n}: refused for another reason" for n in sorted(refused - marked)]
    if code == 0 or not marked or faults:
        sys.exit("\n".join(faults or [f"{source}: nothing is refused"]) + "\n" + said)
    print(f"{len(marked)} ways past access are refused")


if __name__ == "__main__":
    main()
