"""How long a file and a function may be, and which ones are longer for a reason.

A file at the top or in a room has at most FILE lines, its functions' bodies at most FUNCTION;
tests and benchmarks have at most TEST_FILE lines. An exception is named by its file's name, so that
the file may move; one that is no longer needed is a fault too. house.py compares (rules
`file_length` and `function_length`).
"""
import re

FILE = 300
FUNCTION = 50
TEST_FILE = 800

# Why a file or a function is longer. The list shrinks: what has become short is taken from it.
TABLE = "a table and nothing else"
PARTS = "functions that share only their subject; each is short"
ONE_STATE = "the methods of one class, whose state is not cut yet"
ONE_SWITCH = "one case after another, each of a line or two"
ONE_STORY = "steps that share their locals, told from top to bottom"

LONG_FILES = {
}
# (file's name, function's name)
LONG_FUNCTIONS = {
    ("admin_operations.cpp", "build"): TABLE,
    ("commands.cpp", "commands"): TABLE,
    ("config.cpp", "settings"): TABLE,
    ("admin_server_operations.cpp", "server_operations"): TABLE,
    ("json_parse.cpp", "read"): ONE_SWITCH,
    ("result.cpp", "to_string"): ONE_SWITCH,
    ("schema_cache.cpp", "ask"): ONE_STORY,
    ("store.cpp", "store_logic::behavior"): ONE_SWITCH,
    ("table.cpp", "table"): TABLE,
    ("workflows.cpp", "workflows"): TABLE,
}

# A head that is no function's: a block of a statement, a type, a namespace, an initialiser.
OTHER_HEAD = re.compile(r"(?:if|for|while|switch|else|do|namespace|class|struct|union|enum|try|catch"
                        r"|return|co_return|extern|case|default)\b|[})]")
STATEMENT_END = re.compile(r"[;{}]\s*$|^\s*(?:public|private|protected):\s*$|^\s*#")


def functions(code):
    """Name, line and length of the body of each function in formatted code without literals: the
    body ends where a brace stands as far left as the function's head begins."""
    rows = code.split("\n")
    for number, row in enumerate(rows):
        if not row.rstrip().endswith("{"):
            continue
        first = number
        while first > 0 and rows[first - 1].strip() and not STATEMENT_END.search(rows[first - 1]):
            first -= 1
        while first < number and rows[first].strip() in ("", '""'):
            first += 1
        head = " ".join(r.strip() for r in rows[first:number + 1])
        named = re.match(r"(?:[^(=]|operator\W+)*?([\w:~]+)\s*\(", head)
        if not named or OTHER_HEAD.match(head) or re.match(r"[^(]*\[[^]]*\]\s*\(", head):
            continue
        indent = re.match(r" *", rows[first])[0]
        for end in range(number + 1, len(rows)):
            if rows[end].startswith(indent + "}"):
                yield named[1], first + 1, end - number - 1
                break


def faults(found, limit, exceptions):
    """`found`: where, key and length of each."""
    longest = {}
    for where, key, length in found:
        if length > limit and key not in exceptions:
            yield f"{where}: {length} lines, at most {limit}"
        longest[key] = max(length, longest.get(key, 0))
    for key in exceptions:
        if longest.get(key, limit + 1) <= limit:
            yield f"{key}: {longest[key]} lines; take it from the exceptions in lengths.py"
