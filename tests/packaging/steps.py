#!/usr/bin/env python3
"""The steps of a document as a shell script: each fenced block below `<!-- step -->` as it stands, and
each below `<!-- step: FILE -->` written to that file.

usage: steps.py PAGE > SCRIPT
"""
import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^<!-- step(?:: (\S+))? -->\n```(\w*)\n(.*?)^```$", re.M | re.S)


def main():
    found = BLOCK.findall(Path(sys.argv[1]).read_text("utf-8"))
    if not found:
        print(f"no steps in {sys.argv[1]}", file=sys.stderr)
        return 1
    for file, language, text in found:
        if file:
            print(f"sudo tee {file} >/dev/null <<'END_OF_FILE'\n{text}END_OF_FILE")
        elif language == "sh":
            print(text, end="")
        else:
            print(f"a step in {language or 'no language'}: {text}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
