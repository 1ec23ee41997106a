#!/usr/bin/env python3
"""The documents' tables are the program's own: `twenty-mcp docs PART` prints each as Markdown.

usage: readme.py BINARY README           compares the README and the pages in docs/ beside it
       readme.py --write BINARY README   brings them up to date
"""
import re
import subprocess
import sys
from pathlib import Path

PARTS = ["doctor", "local", "metrics", "settings", "tools"]
# A table stands between <!-- generated:PART --> and <!-- end -->.
MARKED = re.compile(r"(<!-- generated:(\w+) -->\n)(.*?)(<!-- end -->)", re.S)


def table(binary, found):
    if found[2] not in PARTS:
        return found[0]
    run = subprocess.run([binary, "docs", found[2]], capture_output=True, text=True, env={},
                         timeout=30, check=True)
    return found[1] + "\n" + run.stdout.strip() + "\n\n" + found[4]


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    binary, readme = arguments
    parts, behind = [], []
    for page in [Path(readme), *sorted((Path(readme).parent / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        found = [m[2] for m in MARKED.finditer(text) if m[2] in PARTS]
        fresh = MARKED.sub(lambda m: table(binary, m), text) if found else text
        parts += found
        if fresh != text:
            behind.append(page)
            if "--write" in sys.argv:
                page.write_text(fresh, encoding="utf-8")
    if sorted(parts) != PARTS:
        print(f"the documents should have the parts {PARTS} once each, they have {parts}")
        return 1
    if not behind or "--write" in sys.argv:
        print("the documents' tables are the program's")
        return 0
    print(f"behind the program: {', '.join(p.name for p in behind)}; run")
    print("  tests/checks/readme.py --write build/twenty-mcp README.md")
    return 1


if __name__ == "__main__":
    sys.exit(main())
