"""Which constant of the code stands behind which figure of a document.

A row: the document; the words around its figure, which is the one group of the pattern; and the
constants that add up to it. A constant is named by its file's stem, so that a file may move, and
by a pattern around its value. house.py compares them (rule `figures`).
"""
import re

FIGURES = [
    ("stored-data", r"access: (its hour)", [("types", r"seconds access\{(.*?)\}")]),
    ("stored-data", r"code: (15 minutes) \(it", [("types", r"seconds code\{(.*?)\}"),
                                                  ("sweep", r"replay_window = (.*?);")]),
    ("stored-data", r"\(it is good for (5), and then",
     [("types", r"seconds code\{(.*?)\}")], 60),
    ("stored-data", r"(30 days) without use,", [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("stored-data", r"at most (\d+) for a connection", [("sessions", r"kept_sessions = (.*?);")]),
    ("stored-data", r"(90 days), and at most the last",
     [("audit", r"hours audit_kept\{(.*?)\}")]),
    ("stored-data", r"at most the last ([\d,]+) of a kind",
     [("audit", r"audit_rows_of_a_kind = (.*?);")]),
    ("stored-data", r"unused for (30 days)", [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("stored-data", r"after (180 days)", [("types", r"hours refresh_absolute\{(.*?)\}")]),
    ("stored-data", r"workspace is kept for (an hour)",
     [("settings", r"minutes schema_ttl\{(.*?)\}")]),
    ("stored-data", r"Twenty took for (\d+ minutes)",
     [("key_check", r"minutes remembered\{(.*?)\}")]),
    ("stored-data", r"and goes after (90 days)", [("audit", r"hours audit_kept\{(.*?)\}")]),
    ("architecture", r"more than (two seconds) ago",
     [("settings", r"seconds schema_check_gap\{(.*?)\}")]),
    ("architecture", r"at most every (half minute)",
     [("settings", r"seconds schema_refresh_gap\{(.*?)\}")]),
    ("architecture", r"access token \| (1 hour)", [("types", r"seconds access\{(.*?)\}")]),
    ("architecture", r"authorization code \| (5 minutes)", [("types", r"seconds code\{(.*?)\}")]),
    ("architecture", r"refresh token, unused \| (30 days)",
     [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("architecture", r"refresh token, at most \| (180 days)",
     [("types", r"hours refresh_absolute\{(.*?)\}")]),
    ("architecture", r"repeat of a rotation \| (60 seconds)",
     [("types", r"seconds rotation_grace\{(.*?)\}")]),
    ("architecture", r"successor is in use \| (10 seconds)",
     [("types", r"seconds rotation_race\{(.*?)\}")]),
    ("stored-data", r"refresh: (a minute) after it is spent",
     [("types", r"seconds rotation_grace\{(.*?)\}")]),
    ("threat-model", r"old token is good for (ten seconds)",
     [("types", r"seconds rotation_race\{(.*?)\}")]),
    ("architecture", r"consent form \| (15 minutes)",
     [("types", r"seconds authorization\{(.*?)\}")]),
    ("architecture", r"no compression, (5 KiB) and",
     [("client_document", r"max_document_bytes = (.*?);")]),
    ("architecture", r"KiB and (5 seconds)", [("document_fetch", r"milliseconds deadline\{(.*?)\}")]),
    ("architecture", r"good documents for (5 minutes) to",
     [("client_document", r"shortest_life = (.*?);")]),
    ("architecture", r"minutes to (a day) \(", [("client_document", r"longest_life = (.*?);")]),
    ("architecture", r"\(and (a day) longer", [("client_documents", r"hours still_good\{(.*?)\}")]),
    ("architecture", r"no new one\), at most (\d+);",
     [("client_documents", r"max_documents = (.*?);")]),
    ("architecture", r"at once: (\d+) slots", [("client_documents", r"any_host_slots = (.*?);")]),
    ("architecture", r"and (\d+) more for", [("client_documents", r"known_host_slots = (.*?);")]),
    ("threat-model", r"a head of (16 KiB) and a",
     [("server", r"size_t header_bytes = (.*?);")]),
    ("threat-model", r"a message of (16 KiB); a",
     [("server", r"unchecked_body_bytes = (.*?);")]),
    ("threat-model", r"past (60) bad tokens", [("limits", r'"bad_token", (\d+),')]),
    ("threat-model", r"60 bad tokens (a minute)", [("limits", r'"bad_token", \d+, (\w+)')]),
    ("threat-model", r"its path takes, (16 KiB) where", [("router", r"least_bytes = (.*?);")]),
    ("threat-model", r"(64 MiB) for all large bodies", [("server", r"max_body_bytes = (.*?);")]),
    ("threat-model", r"\| (64) for an address, its network",
     [("server", r"size_t max_connections_per_peer = (.*?);")]),
    ("threat-model", r"in a queue of (1 MiB) that", [("line_writer", r"max_waiting = (.*?);")]),
    ("threat-model", r"(12) questions about keys and \d+ documents",
     [("schema_query", r"key_checks_at_once = (.*?);")]),
    ("threat-model", r"questions about keys and (\d+) documents",
     [("client_documents", r"any_host_slots = (.*?);")]),
    ("threat-model", r"of the (\d+) slots and a rate",
     [("schema_query", r"key_checks_at_once = (.*?);")]),
    ("threat-model", r"consent page \| (five) refusals",
     [("limits", r'"failed_key", (\d+),')]),
    ("threat-model", r"block an address for (a quarter of an hour)",
     [("limits", r'"failed_key", \d+, \w+, (\w+)')]),
    ("threat-model", r"in constant time, (five) tries",
     [("limits", r'"failed_admin", (\d+),')]),
    ("threat-model", r"past (a hundred) failures an hour",
     [("limits", r'"failed_admin_all", (\d+),')]),
    ("threat-model", r"failures (an hour)", [("limits", r'"failed_admin_all", \d+, (\w+)')]),
    ("threat-model", r"good once, for (five minutes)", [("types", r"seconds code\{(.*?)\}")]),
    ("threat-model", r"Within (a minute), while",
     [("types", r"seconds rotation_grace\{(.*?)\}")]),
    ("architecture", r"(Five) failures within",
     [("settings", r"restarts_allowed = (.*?);")]),
    ("architecture", r"failures within (a minute)",
     [("settings", r"seconds restarts_window\{(.*?)\}")]),
    ("admin", r"one row for (an hour),", [("audit", r"\{admin_called, \S+ (\w+),")]),
    ("admin", r"counts up in one row for (an hour)\.",
     [("audit", r"\{refresh_repeated, \S+ (\w+),")]),
    ("admin", r"network for (a minute)", [("audit", r"\{wrong_admin_token, \S+ (\w+),")]),
    ("admin", r"(Five) wrong tokens", [("limits", r'"failed_admin", (\d+),')]),
    ("admin", r"within (five minutes) block", [("limits", r'"failed_admin", \d+, (\w+)')]),
    ("admin", r"an address for (half an hour)",
     [("limits", r'"failed_admin", \d+, \w+, (\w+)')]),
    ("admin", r"may call (\d+) times", [("limits", r'"admin", (\d+),')]),
    ("admin", r"times (a minute)", [("limits", r'"admin", \d+, (\w+)')]),
    ("admin", r"the last (ten) versions", [("uploads", r"kept_versions = (.*?);")]),
    ("admin", r"may be (\d+) skills", [("upload", r"most_skills = (.*?);")]),
    ("admin", r"removed the latest (\d+) keep", [("upload", r"most_skills = (.*?);")]),
    ("stored-data", r"until (\d+) others were removed", [("upload", r"most_skills = (.*?);")]),
    ("admin", r"of (\d+) files and", [("skill", r"most_skill_files = (.*?);")]),
    ("admin", r"files and ([\d,]+) bytes each", [("skill", r"most_skill_bytes = (.*?);")]),
    ("admin", r"data model is kept for (an hour)",
     [("settings", r"minutes schema_ttl\{(.*?)\}")]),
    ("backup", r"mostly within (an hour)", [("types", r"seconds access\{(.*?)\}")]),
    ("admin", r"kept for (90 days)", [("audit", r"hours audit_kept\{(.*?)\}")]),
    ("admin", r"at most the last ([\d,]+) of a kind",
     [("audit", r"audit_rows_of_a_kind = (.*?);")]),
]
# What looks like a figure of ours and is none of a constant.
ELSEWHERE = {
    ("architecture", "a second"): "a second thread",
    ("threat-model", "a second"): "a second request",
}

WORDS = {word: number for number, word in enumerate(
    "zero one two three four five six seven eight nine ten".split())}
WORDS |= {"a": 1, "an": 1, "its": 1, "half": 0.5, "half an": 0.5, "a quarter of an": 0.25,
          "a hundred": 100}
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "KiB": 1024, "MiB": 1024 * 1024}
COUNT = r"\d[\d,]*|a quarter of an|half an|half|its|an?|" + "|".join(list(WORDS)[:11])
# A figure that must have a row: a time, a size, a bound.
FIGURE = re.compile(rf"(?<![\w./-])(?:(?:{COUNT}) (?:second|minute|hour|day|KiB)s?\b"
                    r"|(?<=at most )\d[\d,]*(?! days)|(?<=at most the last )\d[\d,]*)", re.I)


def of_document(words):
    """Seconds, bytes or a count."""
    words = " ".join(words.split())
    found = re.fullmatch(r"(.*?) ?(second|minute|hour|day|KiB|MiB)?s?", words)
    number, unit = found[1].lower().strip(), found[2]
    value = WORDS[number] if number in WORDS else int(number.replace(",", ""))
    return value * UNITS.get(unit, 1)


def of_code(match):
    """The same of a constant: C++'s digits, products, suffixes and chrono types."""
    value = 1
    for factor in match[1].split("*"):
        number, suffix = re.fullmatch(r"\s*([\d']+)(\w*)\s*", factor).groups()
        value *= int(number.replace("'", "")) * {"min": 60, "h": 3600}.get(suffix, 1)
    if "milliseconds" in match[0]:
        return value / 1000
    return value * (60 if "minutes" in match[0] else 3600 if "hours" in match[0] else 1)


def faults(root, sources):
    """`sources`: (text, name) of every product file."""
    sources = list(sources)
    for document in sorted({row[0] for row in FIGURES}):
        path = root / "docs" / (document + ".md")
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        prose = re.sub(r"```.*?```|`[^`]*`", lambda m: re.sub(r"\S", " ", m[0]), text, flags=re.S)
        covered = []
        for name, words, constants, *unit in FIGURES:
            if name != document:
                continue
            shown = re.search(words.replace(" ", r"\s+"), text)
            if not shown:
                yield f"docs/{document}.md: nothing is like: {words}"
                continue
            covered.append(shown.span(1))
            value = 0
            for stem, pattern in constants:
                hits = [h for source, file in sources
                        if re.search(rf"(?:^|/){stem}\.[ch]pp$", file)
                        for h in re.finditer(pattern, source)]
                if len(hits) != 1:
                    yield f"docs/{document}.md: {len(hits)} constants in {stem} are like: {pattern}"
                    break
                value += of_code(hits[0])
            else:
                said = of_document(shown[1]) * (unit[0] if unit else 1)
                if said != value:
                    yield f"docs/{document}.md: \"{shown[0]}\" says {said}, the code {value}"
        for figure in FIGURE.finditer(prose):
            if (document, figure[0]) in ELSEWHERE:
                continue
            if not any(a <= figure.start() < b for a, b in covered):
                at = text.count("\n", 0, figure.start()) + 1
                yield f"docs/{document}.md:{at}: no constant is named for \"{figure[0]}\""
