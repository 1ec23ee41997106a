#!/usr/bin/env python3
"""The house rules that a compiler and a linker cannot see, each one a CTest test.

usage: house.py CHECK ROOT        CHECK: one of the functions marked @check
       house.py all ROOT          every check; prints those that find something
       house.py selftest ROOT     every check must find the fault planted for it

A check yields one line for every fault; no line means that the rule holds.
"""
import functools
import os
import re
import sys
import tempfile
from pathlib import Path

import figures as known_figures
import lengths

# Which rooms a room may include (its own is understood).
DIRECTION = {
    "base": set(),
    "metrics": {"base"},
    "tracing": {"base"},
    "oauth": {"base"},
    "twenty": {"base"},
    "primer": {"twenty", "base"},
    "mcp": {"twenty", "base"},
    "crm": {"mcp", "primer", "twenty", "base"},
    "stored": {"oauth", "base"},
    "store": {"stored", "metrics", "oauth", "base"},
    "actors": {"mcp", "primer", "twenty", "oauth", "store", "stored", "metrics",
               "tracing", "base"},
    "http": {"actors", "twenty", "stored", "metrics", "tracing", "base"},
    "web": {"http", "actors", "mcp", "oauth", "primer", "twenty", "stored", "metrics", "base"},
    "stdio": {"http", "actors", "mcp", "oauth", "twenty", "stored", "base"},
    "doctor": {"http", "oauth", "twenty", "base"},
    "console": {"web", "http", "base"},
    "demo": {"twenty", "base", "http"},
}
# http/, web/ and stdio/ see the actors as messages, and http/ runs them, but for the one bridge.
SEES_ACTORS_AS = {"actors/messages.hpp", "actors/executor.hpp"}
BRIDGE = {"http/caf_bridge.cpp"}

# The database's class is known to its actor alone; everything else has stored/. Backups are made by
# processes without actors.
SEES_STORE = re.compile(r"(?:tests/)?(?:store/|actors/store|maintenance_program\.cpp)")
# Names that are a room's and a class's of another room.
OWN_CLASSES = {"demo": {"store"}}

# The one home of each third-party library. "main" stands for the files at the top.
HOMES = {
    r"simdjson": {"base"},
    r"sodium": {"base"},
    r"date/": {"base"},
    r"utf8proc": {"base"},
    r"yaml\.h": {"primer"},
    r"prometheus/": {"metrics"},
    r"sqlite3": {"store"},
    r"caf/": {"actors", *BRIDGE},
    r"boost/beast": {"http"},
    r"boost/asio": {"http", "web", "stdio", "doctor", "demo", "main"},
    r"openssl/": {"http"},
    r"kainjow/": {"web"},
    r"CLI/": {"main"},
    r"systemd/": {"main"},
}
# The sample workspace and what is made of it: in the demo's program alone.
DEMO = {"room_demo", "demo_program", "twenty-mcp-demo"}
# Rules of the pure rooms: no clock, no threads, no files, no sockets.
PURE = {"tracing", "oauth", "twenty", "primer", "mcp", "crm", "stored"}
# They serve whatever the program hands in, and never say which product that is.
NAMELESS = {"mcp", "actors"}
# Transport serves any pages and any protocol: what these words name is web/'s.
ABOVE_TRANSPORT = re.compile(
    r"\boauth::|\b(?:oauth|consent|authorize|admin|connector|mustache|redirect_uri|client_id"
    r"|scope|claude|anthropic)\b|/(?:mcp|token|register|revoke|healthz|readyz)\b|\bweb[:/]", re.I)
IMPURE = re.compile(
    r"\b(?:system_clock|steady_clock)::now|\bstd::(?:thread|mutex|ifstream|ofstream)\b"
    r"|#include <(?:fstream|thread|mutex|iostream|filesystem|sys/|unistd)"
    r"|(?<![\w:.>])time\(nullptr\)")

SOURCE = {".cpp", ".hpp"}
TEXT = SOURCE | {".md", ".py", ".mjs", ".sh", ".txt", ".cmake", ".service", ".sql", ".json", ""}
SKIPPED = {".git", "node_modules", ".cache", "data", "__pycache__"}
CHECKS = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


def files(root, suffixes, below=""):
    for folder, names, found in os.walk(root / below):
        names[:] = sorted(n for n in names if n not in SKIPPED and not n.startswith("build"))
        for name in sorted(found):
            path = Path(folder, name)
            if path.suffix in suffixes and not path.is_symlink():
                yield path, path.relative_to(root).as_posix()


@functools.cache
def text_of(path):
    """Each file is read once, however many checks look at it."""
    return path.read_text(encoding="utf-8")


def product(root):
    for path, name in files(root, SOURCE):
        room = name.split("/")[0] if "/" in name else "main"
        if room in DIRECTION or room == "main":
            yield text_of(path), name, room


def lines(text):
    return enumerate(text.splitlines(), 1)


@check
def include_homes(root):
    """Libraries stay in their rooms, and rooms include only what lies below them."""
    for text, name, room in product(root):
        for number, line in lines(text):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if not found:
                continue
            header = found[2]
            for library, homes in HOMES.items():
                if re.match(library, header) and room not in homes and name not in homes:
                    yield f"{name}:{number}: {header} belongs to {', '.join(sorted(homes))}"
            target = header.split("/")[0] if "/" in header else "main"
            if target == "store" and not SEES_STORE.match(name):
                yield f"{name}:{number}: only the store's actor includes {header}; see stored/"
            if found[1] == "<" or room == "main":
                continue
            if target in ("embedded", room):
                continue
            if target not in DIRECTION[room]:
                yield f"{name}:{number}: {room}/ must not include {header}"
            elif room in ("http", "web", "stdio") and target == "actors" and header not in SEES_ACTORS_AS \
                    and name not in BRIDGE:
                yield f"{name}:{number}: {room}/ sees the actors through actors/messages.hpp only"


@check
def namespace_homes(root):
    """A file names only namespaces of rooms that it may include; headers may come by detours."""
    rooms = re.compile(r"(?<![\w.>:])(" + "|".join(DIRECTION) + r")::")
    for path, name in files(root, SOURCE):
        room = name.split("/")[0] if "/" in name else "main"
        if room in DIRECTION:
            seen = {room, *DIRECTION[room]}
        elif room in ("main", "tests"):
            seen = set(DIRECTION)
        else:
            continue
        if not SEES_STORE.match(name):
            seen.discard("store")
        seen |= OWN_CLASSES.get(room, set())
        for number, line in lines(without_literals(text_of(path))):
            for other in rooms.findall(line):
                if other not in seen:
                    yield f"{name}:{number}: {room}/ must not name {other}::"


@check
def demo_home(root):
    """Of the files at the top only the demo's own include the sample workspace."""
    for text, name, room in product(root):
        if room == "main" and not name.startswith("demo_"):
            for number, line in lines(text):
                if re.match(r'\s*#\s*include\s*"demo[_/]', line):
                    yield f"{name}:{number}: the demo's program alone has: {line.strip()}"


@check
def link_lines(root):
    """A room is linked with rooms that it may include, and nothing of the service with the demo."""
    path = root / "CMakeLists.txt"
    text = re.sub(r"#.*", "", text_of(path)) if path.exists() else ""
    for command, target, rest in re.findall(
            r"\b(room|target_link_libraries)\(\s*([\w-]+)([^)]*)\)", text):
        room = target if command == "room" else target.removeprefix("room_")
        for library in sorted(set(rest.split())):
            if room in DIRECTION and library.startswith("room_"):
                if library.removeprefix("room_") not in DIRECTION[room]:
                    yield f"CMakeLists.txt: room {room} must not link {library}"
            elif target not in DEMO and library in DEMO:
                yield f"CMakeLists.txt: {target} must not link {library}"


@check
def pure_rooms(root):
    """oauth, twenty, primer, mcp, crm and stored do no I/O and read no clock."""
    for text, name, room in product(root):
        if room in PURE:
            for number, line in lines(text):
                if IMPURE.search(line.split("//")[0]):
                    yield f"{name}:{number}: a pure room: {line.strip()}"


@check
def nameless_rooms(root):
    """mcp and actors do not name the product that they serve."""
    for text, name, room in product(root):
        if room in NAMELESS:
            for number, line in lines(text):
                if "twenty-mcp" in line or "crm::" in line:
                    yield f"{name}:{number}: names the product: {line.strip()}"


# Where messages between actors are, and the list of each of these files.
MESSAGES = ("actors/messages.hpp", "actors/admin_messages.hpp", "actors/interfaces.hpp",
            "actors/session_messages.hpp")


@check
def one_list_of_messages(root):
    """Each message has a home and a line in the list of its file, and stands in no other list."""
    known = set()
    for name in MESSAGES:
        path = root / name
        text = text_of(path) if path.exists() else ""
        structs = re.findall(r"^struct (\w+) \{\n +static constexpr auto home = actor::", text, re.M)
        listed = re.findall(r"\bEACH\((\w+)\)", text)
        known.update(structs)
        for one in sorted({*structs, *listed}):
            if (structs.count(one), listed.count(one)) != (1, 1):
                yield f"{name}: {one}: {structs.count(one)} structs with a home, " \
                      f"{listed.count(one)} lines in the list"
    for text, name, _ in product(root):
        if name in MESSAGES:
            continue
        for number, line in lines(text):
            # A macro's row, a function's declaration: both of them a list beside the list.
            for one in re.findall(r"^ *[A-Z_]+\((?:actors::)?(\w+)\)[,;]?(?: *\\)?$"
                                  r"|\bask\(actors::(\w+)(?: \w+)?\)(?: override)?[;{ ]", line):
                if known & set(one):
                    yield f"{name}:{number}: lists messages beside {MESSAGES[0]}: {line.strip()}"


# Rooms whose sources become one in a unity build, and the sources that are programs of their own.
UNITY_ROOMS = {*DIRECTION, "", *(f"tests/{room}" for room in (*DIRECTION, "program", "cost"))}
PROGRAMS = {"main.cpp", "demo_main.cpp"}
# A function's head at the left edge: its name, with its type before it or on the line above.
FUNCTION_HEAD = re.compile(r"(?!(?:return|using|struct|class|enum|namespace)\b)"
                           r"(?:[A-Za-z_][\w:<>,&*\s\[\]]*[\s&*>])?(\w+)\(")


def anonymous_functions(text):
    """Name and line of each function that is declared in an anonymous namespace."""
    inside = False
    for number, line in lines(text):
        inside = line == "namespace {" or (inside and line != "} // namespace")
        if inside and (found := FUNCTION_HEAD.match(line)):
            yield found[1], number


@check
def unity_names(root):
    """A function of an anonymous namespace shares its name with none in another file of the room:
    a unity build puts both into one scope, and may call the one that was not meant."""
    known = {}
    for path, name in files(root, {".cpp"}):
        room = name.rpartition("/")[0]
        if room not in UNITY_ROOMS or name in PROGRAMS:
            continue
        for function, number in anonymous_functions(text_of(path)):
            first = known.setdefault((room, function), name)
            if first != name:
                yield f"{name}:{number}: {first} has a function {function} too"


@check
def transport_only(root):
    """http names no page, no endpoint and no rule of OAuth."""
    for text, name, room in product(root):
        if room == "http":
            for number, line in lines(text):
                if ABOVE_TRANSPORT.search(line):
                    yield f"{name}:{number}: more than transport: {line.strip()}"


@check
def file_length(root):
    """Product files have at most 300 lines, tests and benchmarks at most 800."""
    tests, product_files = [], []
    for path, name in files(root, SOURCE | {".mjs", ".py", ".sh"}):
        is_test = name.startswith(("tests/", "benchmarks/"))
        (tests if is_test else product_files).append(
            (name, path.name, path.read_bytes().count(b"\n")))
    yield from lengths.faults(product_files, lengths.FILE, lengths.LONG_FILES)
    yield from lengths.faults(tests, lengths.TEST_FILE, {})


@check
def function_length(root):
    """The body of a product's function has at most 50 lines."""
    found = ((f"{name}:{line}: {function}", (Path(name).name, function), length)
             for text, name, _ in product(root)
             for function, line, length in lengths.functions(without_literals(text)))
    yield from lengths.faults(found, lengths.FUNCTION, lengths.LONG_FUNCTIONS)


@check
def environment_home(root):
    """The environment is read in process.cpp only."""
    for text, name, _ in product(root):
        if name != "process.cpp":
            for number, line in lines(text):
                if re.search(r"\b(?:secure_)?getenv\s*\(|\benviron\b", line.split("//")[0]):
                    yield f"{name}:{number}: {line.strip()}"


@check
def forbidden_words(root):
    """Nothing unfinished, and nothing that names a machine, is in the tree."""
    # TO-DO is also a status of Twenty's tasks, so the first group counts in comments only.
    words = re.compile(r"(?://|#|--|\*).*\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b"
                       r"|not imple" r"mented|(?<!\w)/(?:wo" r"rk|ro" r"ot)/")
    for path, name in files(root, TEXT):
        if path.name == "package-lock.json":
            continue
        for number, line in lines(path.read_text(encoding="utf-8", errors="replace")):
            if words.search(line):
                yield f"{name}:{number}: {line.strip()[:80]}"


@check
def header_comments(root):
    """Every header opens with the reason why it exists."""
    for text, name, _ in product(root):
        if name.endswith(".hpp") and not text.startswith("//"):
            yield f"{name}:1: opens with no comment"
        if name.endswith(".hpp") and "#pragma once" not in text:
            yield f"{name}:1: has no #pragma once"


def without_literals(text):
    """Comments and the insides of string literals go, line breaks stay."""
    pattern = r'R"(\w*)\((?s:.*?)\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*(?s:.*?)\*/'
    return re.sub(pattern, lambda m: '""' + "\n" * m[0].count("\n"), text)


@check
def co_await_braces(root):
    """g++ 12 destroys aggregate temporaries of a statement with co_await twice: no braces in it."""
    for text, name, _ in product(root):
        code = without_literals(text)
        for found in re.finditer(r"\bco_await\b[^;{}]*[\w>]\{", code):
            inside = found[0]
            if re.search(r"\)\s*(?:const\b|noexcept\b|->.*)?\s*\{$", inside):
                continue  # a block: if (co_await …) {
            number = code.count("\n", 0, found.start()) + 1
            yield f"{name}:{number}: {' '.join(inside.split())}"


@check
def doc_links(root):
    """Relative links in the documents lead to a file, and anchors to a heading."""
    def anchors(text):
        for heading in re.findall(r"^#+ +(.*)$", text, re.M):
            plain = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading))
            yield plain.strip().lower().replace(" ", "-")

    for path, name in files(root, {".md"}):
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"\w+:", target):
                continue
            file, _, anchor = target.partition("#")
            goal = (path.parent / file) if file else path
            if not goal.exists():
                yield f"{name}: no file behind {target}"
            elif anchor and goal.suffix == ".md" and \
                    anchor not in anchors(goal.read_text(encoding="utf-8")):
                yield f"{name}: no heading behind {target}"


@check
def doc_paths(root):
    """A file of a room that a document names in code type exists, with or without its suffix."""
    for path, name in files(root, {".md"}):
        if name == "CHANGELOG.md":
            continue
        for named in re.findall(r"`([a-z]+/[\w/.-]+)`", path.read_text(encoding="utf-8")):
            room = root / named.split("/")[0]
            if not (room.is_dir() and named.split("/")[0] in {*DIRECTION, "tests", "scripts"}):
                continue
            goal = root / named
            if re.search(r"[A-Z]{3}|N\b", named):  # NAME and N stand for any
                continue
            if not goal.exists() and not list(goal.parent.glob(goal.name + ".*")):
                yield f"{name}: no file behind `{named}`"


@check
def figures(root):
    """Times, sizes and bounds in the documents are the constants of the code."""
    yield from known_figures.faults(root, ((text, name) for text, name, _ in product(root)))


def cpp_titles(text):
    """The titles of a test program's source; a long one is written in several literals."""
    for literals in re.findall(r'\bTEST_CASE\(\s*((?:"(?:\\.|[^"\\\n])*"\s*)+)', text):
        yield "".join(re.findall(r'"((?:\\.|[^"\\])*)"', literals))


def test_titles(root):
    """The names by which documents speak of tests: titles, and names of CTest."""
    yield from ("check_" + name for name in CHECKS)
    for path, _ in files(root, {".cpp", ".mjs", ".txt"}, "tests"):
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".cpp":
            yield from cpp_titles(text)
        elif path.suffix == ".mjs":
            yield from re.findall(r"\btest\((['`])(.*?)\1,", text)
        elif path.name == "CMakeLists.txt":
            yield from re.findall(r"add_test\(NAME (\w+)", text)
            yield from ("e2e_" + name for name in re.findall(r"\be2e\((\w+)", text))


@check
def claims(root):
    """Each test that a document leans on exists; one whose file is named, in that file."""
    known = {t if isinstance(t, str) else t[1] for t in test_titles(root)}
    for document in ("threat-model.md", "stored-data.md", "twenty-facts.md"):
        path = root / "docs" / document
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        for title in re.findall(r"`([^`\n]*)`", text):
            if (" " in title or re.match(r"(?:check|e2e|fuzz)_", title)) and title not in known:
                yield f"docs/{document}: no test is called: {title}"
        for title, place in re.findall(r"`([^`\n]*)` \((\w+/\w+)\)", text):
            test = root / "tests" / (place + "_test.cpp")
            if not test.exists() or title not in cpp_titles(test.read_text(encoding="utf-8")):
                yield f"docs/{document}: not in {test.name}: {title}"


# What selftest plants, one fault a check: a file and its text, or two.
FAULTS = {
    "include_homes": ("oauth/x.cpp", '#include <sqlite3.h>\n'),
    "namespace_homes": ("http/x.cpp", "result<store::store> kept;\n"),
    "demo_home": ("main.cpp", '#include "demo/workspace.hpp"\n'),
    "link_lines": ("CMakeLists.txt", "target_link_libraries(twenty-mcp PRIVATE program room_demo)\n"),
    "pure_rooms": ("mcp/x.cpp", "auto now = std::chrono::system_clock::now();\n"),
    "nameless_rooms": ("mcp/x.cpp", 'auto name = "twenty-mcp";\n'),
    "one_list_of_messages": ("actors/messages.hpp",
                             "struct lost {\n    static constexpr auto home = actor::store;\n};\n"),
    "unity_names": ("http/x.cpp", "namespace {\nint f(int) {\n} // namespace\n",
                    "http/y.cpp", "namespace {\nint f(long) {\n} // namespace\n"),
    "transport_only": ("http/x.cpp", 'if (path == "/authorize") return;\n'),
    "file_length": ("store/x.cpp", "\n" * 301),
    "function_length": ("store/x.cpp", "int f(int n) {\n" + "    ++n;\n" * 51 + "}\n"),
    "environment_home": ("http/x.cpp", 'auto v = std::getenv("HOME");\n'),
    "forbidden_words": ("http/x.cpp", "// TO" + "DO: finish\n"),
    "header_comments": ("base/x.hpp", "#pragma once\n"),
    "co_await_braces": ("http/x.cpp", "auto r = co_await f(point{1, 2});\n"),
    "doc_links": ("docs/x.md", "[gone](gone.md)\n"),
    "doc_paths": ("base/x.md", "See `base/gone`.\n"),
    "figures": ("docs/stored-data.md", "access: its hour, and at most 77 for a connection\n"),
    "claims": ("docs/threat-model.md", "| all is well | `there is no such test` |\n"),
}


def selftest():
    for name, function in CHECKS.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            if list(function(root)):
                yield f"{name}: finds a fault in an empty tree"
            for file, text in zip(FAULTS[name][::2], FAULTS[name][1::2]):
                planted = root / file
                planted.parent.mkdir(parents=True, exist_ok=True)
                planted.write_text(text, encoding="utf-8")
            if not list(function(root)):
                yield f"{name}: does not find the fault planted for it"


def main():
    what, root = sys.argv[1], Path(sys.argv[2])
    if what == "all":
        found = [f"{name}: {fault}" for name, function in CHECKS.items() for fault in function(root)]
        print("\n".join(found or ["the house rules hold"]))
        return 1 if found else 0
    faults = list(selftest() if what == "selftest" else CHECKS[what](root))
    for fault in faults:
        print(fault)
    print(f"{what}: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
