#!/usr/bin/env python3
"""The README's tables are the program's own: `twenty-mcp docs PART` prints each as Markdown.

usage: readme.py BINARY README           compares
       readme.py --write BINARY README   brings the README up to date
"""
import re
import subprocess
import sys

# A table stands between <!-- generated:PART --> and <!-- end -->.
MARKED = re.compile(r"(<!-- generated:(\w+) -->\n)(.*?)(<!-- end -->)", re.S)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    binary, readme = arguments
    with open(readme, encoding="utf-8") as file:
        text = file.read()

    def table(found):
        run = subprocess.run([binary, "docs", found[2]], capture_output=True, text=True, env={},
                             timeout=30, check=True)
        return found[1] + "\n" + run.stdout.strip() + "\n\n" + found[4]

    parts = [found[2] for found in MARKED.finditer(text)]
    if sorted(parts) != ["settings", "tools"]:
        print(f"the README should have the parts settings and tools, it has {parts}")
        return 1
    fresh = MARKED.sub(table, text)
    if fresh == text:
        print("the README's tables are the program's")
        return 0
    if "--write" in sys.argv:
        with open(readme, "w", encoding="utf-8") as file:
            file.write(fresh)
        return 0
    print("the README's tables are behind the program; run")
    print("  tests/checks/readme.py --write build/twenty-mcp README.md")
    return 1


if __name__ == "__main__":
    sys.exit(main())
