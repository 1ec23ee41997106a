#!/usr/bin/env python3
"""Makes tests/demo/shapes/ from recordings of a real Twenty, and checks it.

usage: recorded_shapes.py --write ROOT   makes the shapes anew; the recordings must be at hand
       recorded_shapes.py ROOT           checks that the shapes hold nothing secret or personal,
                                         and are those of the recordings where these are at hand
       recorded_shapes.py selftest       every secret planted in an exchange must be found

A shape is an exchange without its data: the request, and of the answer the status, the members
with their types, and the codes of errors. A message is kept as a hash of its pattern, so that a
changed wording is noticed without the wording being kept. What shape_of.cpp does not look at is
left out here. The recordings are ../shared/twenty-golden and -2, or where the environment says.
"""
import base64
import hashlib
import json
import os
import re
import sys
from pathlib import Path

SETS = {  # folder below shapes/: where the recordings are, and the prefix of their exclusions
    "": ("TWENTY_GOLDEN_DIR", "twenty-golden", ""),
    "stories": ("TWENTY_GOLDEN_2_DIR", "twenty-golden-2", "2/"),
}
HEADERS = ("Authorization", "Accept", "Content-Type")
# As in shape_of.cpp.
WORKSPACE = re.compile("Pet|SurveyResult|EmploymentHistor|Widget|Rocket|Partnership|rockets|"
                       "partnerships|previousEmployees|^previousCompanies$|^conflictingRecordId$")
OPAQUE = {"properties", "context", "defaultValue", "settings", "userFriendlyMessage", "options",
          "paths", "duplicateCriteria", "deprecationReason"}
EXACT = {"code", "subCode", "statusCode"}
PATTERNS = [(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "#"),
            (r"workspace_[a-z0-9]+", "workspace"), (r"FK_[0-9a-f]+", "FK")]

SECRETS = {
    "a signed token": r"eyJ[\w-]{8,}|[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}",
    "a credential that is no label": r"(?i)\b(?:bearer|basic)\s+(?![<\"*])\S{6,}",
    "a key": r"(?i)\b(?:sk|pk|ghp|gho|twa|twr|twc)[-_][\w-]{12,}",
    "a long hexadecimal value": r"(?i)(?<![\w-])(?=[a-f]*\d)[0-9a-f]{32,}(?![\w-])",
    "a long opaque value": r"(?<![\w/+=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Z])(?=[\w+/=-]*[a-z])[A-Za-z0-9+/=_]{40,}",
    "a password": r'(?i)"(?:password|secret|apiKey|accessToken|refreshToken)\\?"\s*:\s*\\?"(?![<"\\])',
    "a path of a machine": r"/(?:home|root|work|Users|tmp|var|srv)/",
    "a host": r"(?i)\blocalhost:\d|\b(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+(?:\.\d+)?:\d",
    "an address of a person": r"(?i)[\w.+-]+@(?!(?:[\w-]+\.)*(?:example|apple|twenty|test|invalid)\b)[\w-]+\.\w+",
}


def recordings(variable, name, root):
    return Path(os.environ.get(variable) or root / ".." / "shared" / name)


def exclusions(root, prefix):
    for line in (root / "tests/demo/replay_exclusions.txt").read_text().splitlines():
        name = line.partition(" ")[0]
        if line and line[0] != "#" and name.startswith("2/") == bool(prefix):
            yield name.removeprefix(prefix)


def message(text):
    if text.startswith("Syntax Error:"):
        text = "Syntax Error"
    for pattern, replacement in PATTERNS:
        text = re.sub(pattern, replacement, text)
    return "~" + hashlib.sha256(text.encode()).hexdigest()[:8]


def shape(value, key="", among_messages=False):
    if key in OPAQUE:
        return None
    if key in EXACT:
        return value
    if isinstance(value, dict):
        return {k: shape(v, k, among_messages) for k, v in value.items() if not WORKSPACE.search(k)}
    if isinstance(value, list):
        kept = value if key in ("errors", "messages") else value[:1]
        return [shape(v, "", among_messages or key == "messages") for v in kept]
    if isinstance(value, str):
        return message(value) if key == "message" or among_messages else ""
    if isinstance(value, bool):
        return False
    return None if value is None else 0


def exchange(name, recorded, answered):
    request = recorded["request"]
    out = {"file": name, "request": {"method": request["method"], "path": request["path"]}}
    headers = {k: v for k, v in request.get("headers", {}).items() if k in HEADERS}
    if headers:
        out["request"]["headers"] = headers
    if request.get("body") is not None:
        out["request"]["body"] = request["body"]
    if not answered:
        return out
    response = recorded["response"]
    out["response"] = {}
    if "status" in response:
        out["response"]["status"] = response["status"]
    if response.get("body") is None:
        return out
    try:
        out["response"]["shape"] = shape(json.loads(response["body"]))
    except ValueError:
        pass  # no JSON, or cut short when recorded
    return out


def made(root, at):
    """{file: text} of one set, or None where its recordings are not at hand."""
    variable, name, prefix = SETS[at]
    folder = recordings(variable, name, root)
    if not folder.exists():
        return None
    left_out = set(exclusions(root, prefix))
    topics = {}
    for entry in json.loads((folder / "index.json").read_text()):
        file = entry["file"]
        topic = file.partition("/")[0]
        alike = file not in left_out
        if f"{topic}/*" in left_out or not (alike or prefix):
            continue  # an exchange of a story is sent even if its answer is not compared
        line = exchange(file, json.loads((folder / file).read_text()), alike)
        topics.setdefault(topic, []).append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    return {topic + ".json": "[\n" + ",\n".join(lines) + "\n]\n" for topic, lines in topics.items()}


def opened(cursor):
    """What a cursor of Twenty says: it is plain JSON in base64. A token's head stays closed."""
    try:
        text = base64.b64decode(cursor[0] + "=" * (-len(cursor[0]) % 4), altchars=b"-_").decode()
        return cursor[0] if "alg" in json.loads(text) else text
    except ValueError:
        return cursor[0]


def secrets(text):
    text = re.sub(r"eyJ[\w-]+(?![\w.-])", opened, text)
    for what, pattern in SECRETS.items():
        for found in re.finditer(pattern, text):
            yield what, found[0]


def faults(root):
    shapes = root / "tests/demo/shapes"
    kept = sorted(shapes.rglob("*.json"))
    if not kept:
        yield "there are no shapes"
    for path in kept:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for what, found in secrets(line):
                yield f"{path.relative_to(root)}:{number}: {what}: {found}"
    for at in SETS:
        wanted = made(root, at)
        if wanted is None:
            continue
        there = {p.name: p.read_text(encoding="utf-8") for p in (shapes / at).glob("*.json")}
        for name in sorted(wanted.keys() | there.keys()):
            if wanted.get(name) != there.get(name):
                yield f"shapes/{at}/{name} is not that of the recordings (--write makes it anew)"


def write(root):
    for at in SETS:
        files = made(root, at)
        if files is None:
            sys.exit(f"no recordings: {SETS[at][0]} does not name their folder")
        folder = root / "tests/demo/shapes" / at
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.json"):
            path.unlink()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")


def selftest():
    hexadecimal = "0123456789abcdef"
    planted = ["eyJhbGciOi" + "JIUzI1NiJ9", "Bearer " + "abcdefgh", "Basic " + "ZGVtbzpkZW1v",
               "twa_" + hexadecimal, hexadecimal * 2, "Abc123" * 8, '{"password":' + '"x1"}',
               "/home/" + "somebody/", "localhost:" + "3000", "jo@" + "firm.com"]
    for text in planted:
        if not list(secrets(f'{{"body":"{text}"}}')):
            yield f"selftest: not found: {text}"
    for text in ("Bearer <FULL>", "golden.one@example.com", "a0210000-0000-4000-8000-00000000270e",
                 "/rest/people?filter=name.firstName[eq]:Zq"):
        for what, found in secrets(text):
            yield f"selftest: {what} in {text}: {found}"
    answer = {"errors": [{"message": "No such thing", "code": "X", "at": "Berlin"}], "data": [1, 2]}
    if shape(answer) != {"errors": [{"message": message("No such thing"), "code": "X", "at": ""}],
                         "data": [0]}:
        yield "selftest: the shape of an answer"


def main():
    what, root = sys.argv[1], Path(sys.argv[-1])
    if what == "--write":
        return write(root)
    found = list(selftest() if what == "selftest" else faults(root))
    for fault in found:
        print(fault)
    print(f"recorded shapes: {len(found) or 'no'} fault{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
