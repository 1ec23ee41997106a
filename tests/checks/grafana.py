#!/usr/bin/env python3
"""What packaging/grafana shows and watches is what the program measures.

usage: grafana.py selftest BINARY ROOT   plants faults, and finds each
       grafana.py BINARY ROOT

Every metric that the dashboard and the alerts name is a row of `twenty-mcp docs metrics`, with a
histogram's suffixes where it is one, every label is that row's, and every value of a label stands in
the sources. Each alert has a time, a severity and a section of docs/troubleshooting.md, and a test
in which it fires. promtool reads the rules and runs their tests; without it the check counts as
skipped.
"""
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

OURS = re.compile(r"^(?:http_server|mcp_server|twenty_mcp|process)_")
# Prometheus' own.
FOREIGN = {"up": set()}
SCRAPE_LABELS = {"instance", "job"}
WORDS = {
    "sum", "count", "by", "on", "or", "and", "unless", "offset", "rate", "increase", "changes",
    "absent", "histogram_quantile", "label_values", "le",
}
UNITS = re.compile(r"(?<![\w.])\d[\w.]*")
SECTION = re.compile(r"\bSee: (.+)\.\s*$")


def known_metrics(binary, root):
    """{name: its labels} of all that may be asked for, a histogram under its three names."""
    table = subprocess.run([binary, "docs", "metrics"], capture_output=True, text=True, env={},
                           timeout=30, check=True).stdout
    source = (root / "metrics/table.cpp").read_text(encoding="utf-8")
    kinds = dict(re.findall(r'"(\w+)",\s*kind::(\w+)', source))
    known = dict(FOREIGN)
    for name, labels in re.findall(r"^\| `(\w+)` \| ([^|]*) \|", table, re.M):
        given = set(re.findall(r"`(\w+)`", labels)) | SCRAPE_LABELS
        if kinds[name] == "histogram":
            known |= {f"{name}_count": given, f"{name}_sum": given, f"{name}_bucket": given | {"le"}}
        else:
            known[name] = given
    assert len(known) > 30, "the program prints its metrics"
    return known


def asked(expression):
    """[(metric, [(label, value)])] of an expression, and the labels of its by () and on ()."""
    grouped = {label.strip() for labels in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression)
               for label in labels.split(",")}
    bare = re.sub(r"\b(?:by|on)\s*\([^)]*\)", " ", expression)
    found = []
    for name, _, inside in re.findall(r"([a-zA-Z_]\w*)\s*(\{([^}]*)\})?", UNITS.sub(" ", re.sub(r"\[[^]]*\]", " ", bare))):
        if name in WORDS and not inside:
            continue
        found.append((name, re.findall(r'(\w+)\s*[=!]~?\s*"([^"]*)"', inside)))
    return found, grouped


def variable(query):
    """label_values(METRIC, LABEL) as an expression."""
    return re.sub(r"label_values\((.*),\s*(\w+)\)$", r"sum by (\2) (\1)", query)


def faults_of(where, expression, known, words):
    plain = variable(expression.replace("$__rate_interval", "5m"))
    used, grouped = asked(plain)
    labels = set(SCRAPE_LABELS)
    for name, matchers in used:
        if name not in known:
            yield f"{where}: no metric {name}"
            continue
        labels |= known[name] | (SCRAPE_LABELS if name in FOREIGN else set())
        for label, value in matchers:
            if label not in known[name] | SCRAPE_LABELS:
                yield f"{where}: {name} has no label {label}"
            for part in [] if label in SCRAPE_LABELS else value.split("|"):
                if not any(re.fullmatch(part, word) for word in words):
                    yield f"{where}: nothing in the sources is a {label} of {part}"
    for label in grouped - labels:
        yield f"{where}: no metric there has the label {label}"
    if not any(OURS.match(name) or name in FOREIGN for name, _ in used):
        yield f"{where}: asks for nothing: {expression}"


def expressions(node, path=""):
    """(where, expression) of a dashboard."""
    if isinstance(node, list):
        for i, each in enumerate(node):
            yield from expressions(each, f"{path}[{i}]")
    elif isinstance(node, dict):
        title = node.get("title") or node.get("name") or ""
        for key, each in node.items():
            if key in ("expr", "definition"):
                yield f"{path} {title}".strip(), each
            else:
                yield from expressions(each, f"{path}.{title or key}" if title else path)


def alerts_of(text):
    """{name: its part of the file}; the file's form is promtool's to judge."""
    parts = re.split(r"^ *- alert: *(\w+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def expression_of(alert):
    head = re.search(r"^ *expr: *(?:\|\n)?(.*?)^ *for:", alert, re.M | re.S)
    return head[1].strip() if head else ""


def faults(binary, root, dashboard=None, rules=None):
    known = known_metrics(binary, root)
    words = set()
    for file in [*root.glob("*.cpp"), *root.glob("*/*.?pp")]:
        words |= set(re.findall(r'"([\w./]*)"', file.read_text(encoding="utf-8")))
    folder = root / "packaging/grafana"
    dashboard = dashboard or (folder / "twenty-mcp.json").read_text(encoding="utf-8")
    shown = list(expressions(json.loads(dashboard)))
    for where, expression in shown:
        yield from faults_of(f"twenty-mcp.json {where}", expression, known, words)
    # A metric that nobody sees is measured for nobody.
    asked_for = " ".join(expression for _, expression in shown)
    for name in {re.sub(r"_(?:count|sum|bucket)$", "", name) for name in known} - set(FOREIGN):
        if not re.search(rf"\b{name}(?:_count|_sum|_bucket)?\b", asked_for):
            yield f"twenty-mcp.json: {name} is not shown"

    sections = set(re.findall(r"^## (.+)$", (root / "docs/troubleshooting.md").read_text(encoding="utf-8"), re.M))
    tested = (root / "tests/checks/alerts_test.yml").read_text(encoding="utf-8")
    alerts = alerts_of(rules or (folder / "alerts.yml").read_text(encoding="utf-8"))
    if len(alerts) < 12:
        yield f"alerts.yml: only {len(alerts)} alerts were found"
    for name, alert in alerts.items():
        yield from faults_of(f"alerts.yml {name}", expression_of(alert), known, words)
        for part in (r"^ *for: *\d+m$", r"^ *labels: \{severity: (?:warning|critical)\}$", r"^ *summary: *\S", r"^ *description:"):
            if not re.search(part, alert, re.M):
                yield f"alerts.yml {name}: nothing like {part}"
        named = SECTION.search(alert.split("\n\n")[0])
        if not named or named[1] not in sections:
            yield f"alerts.yml {name}: it ends with no section of docs/troubleshooting.md"
        if f'alertname="{name}"' not in tested:
            yield f"alerts_test.yml: {name} never fires"


def selftest(binary, root):
    folder = root / "packaging/grafana"
    dashboard = (folder / "twenty-mcp.json").read_text(encoding="utf-8")
    rules = (folder / "alerts.yml").read_text(encoding="utf-8")
    planted = [
        ("dashboard", "twenty_mcp_sessions{", "twenty_mcp_sesions{", "no metric twenty_mcp_sesions"),
        ("dashboard", "http_server_request_duration_seconds_count{", "http_server_request_duration_seconds{", "no metric"),
        ("dashboard", "twenty_mcp_sessions{", "twenty_mcp_sessions_total{", "no metric twenty_mcp_sessions_total"),
        ("dashboard", "sum by (limit)", "sum by (limits)", "the label limits"),
        ("dashboard", 'mcp_method_name=\\"tools/call', 'mcp_method=\\"tools/call', "no label mcp_method"),
        ("dashboard", "twenty_mcp_streams{", "twenty_mcp_sessions{", "twenty_mcp_streams is not shown"),
        ("rules", 'kind="wrong_admin_token"', 'kind="wrong_token"', "a kind of wrong_token"),
        ("rules", "twenty_mcp_twenty_reachable == 0", "twenty_mcp_reachable == 0", "no metric"),
        ("rules", "for: 3m", "", "TwentyMcpTwentyUnreachable"),
        ("rules", "See: Twenty is down.", "See: Twenty is gone.", "no section"),
        ("rules", "alert: TwentyMcpRestarts", "alert: TwentyMcpStarts", "TwentyMcpStarts never fires"),
    ]
    for what, old, new, told in planted:
        given = {"dashboard": dashboard, "rules": rules}
        assert old in given[what], f"{old} is no longer there"
        given[what] = given[what].replace(old, new)
        found = list(faults(binary, root, **given))
        if not any(told in line for line in found):
            print(f"{new!r} in place of {old!r} is not found: {found}")
            return 1
    print(f"{len(planted)} planted faults are found")
    return 0


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def main():
    binary, root = sys.argv[-2], Path(sys.argv[-1])
    if sys.argv[1] == "selftest":
        return selftest(binary, root)
    found = list(faults(binary, root))
    for line in found:
        print(line)
    if found:
        return 1
    if not shutil.which("promtool"):
        print("skipped: needs promtool (the package prometheus) for the rules and their tests")
        return 77
    if not run("promtool", "check", "rules", "packaging/grafana/alerts.yml", cwd=root):
        return 1
    if not run("promtool", "test", "rules", "tests/checks/alerts_test.yml", cwd=root):
        return 1
    print("the dashboard and the alerts name what the program measures")
    return 0


if __name__ == "__main__":
    sys.exit(main())
