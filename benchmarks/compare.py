#!/usr/bin/env python3
"""Does a change cost honest users anything? The CPU of two builds of the service, for tools/list
and for find_records of 20 companies, in turn and in one run, so that a busy machine slows both.

usage: compare.py OLD_SERVICE NEW_SERVICE [--demo BUILD/twenty-mcp-demo] [--rounds 9] [--seconds 2]
       compare.py OLD_SERVICE NEW_SERVICE --instructions 500
       compare.py OLD_SERVICE NEW_SERVICE --everything [--sample 1]

Both stand in front of one sample workspace, a third process whose CPU is not counted. What is
printed is the median over the rounds of new / old, and their spread. --check fails above 1.03.
Everything runs on loopback and ends by itself: rounds * 4 * seconds.

--instructions counts what a request executes in user space (Debian package valgrind) instead of
timing it: the same figure on a busy machine as on an idle one, which says nothing of caches.

--everything switches on what the new build can tell an administrator: traces of every request (or of
the share that --sample says) to a collector that takes them all, the listener for metrics, read once
a second, the log as JSON.
"""
import argparse
import glob
import http.client
import http.server
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import load

FIND = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
    "name": "find_records", "arguments": {"objectName": "company", "limit": 20}}})


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes whatever spans it is sent."""

    protocol_version = "HTTP/1.1"
    spans = 0

    def do_POST(self):  # noqa: N802 (the library's name)
        body = self.rfile.read(int(self.headers["content-length"]))
        Collector.spans += body.count(b'"spanId"')
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *unused):
        pass


def everything(sample, scraped):
    """Settings under which all is told, with a collector and a reader of metrics behind them."""
    collector = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    metrics = f"127.0.0.1:{load.free_port()}"

    def scrape():
        while True:
            try:
                urllib.request.urlopen(f"http://{metrics}/metrics", timeout=30).read()
            except OSError:
                pass  # not begun yet, or over
            time.sleep(1)

    if scraped:
        threading.Thread(target=scrape, daemon=True).start()
    return {
        "TWENTY_MCP_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        "TWENTY_MCP_TRACE_SAMPLE": str(sample),
        "TWENTY_MCP_METRICS_LISTEN": metrics,
        "TWENTY_MCP_LOG_FORMAT": "json",
    }


def started(program, workspace_port, data, prefix=(), further=None):
    port = load.free_port()
    return load.Server([*prefix, program, "serve"], port, {
        **(further or {}),
        "TWENTY_BASE_URL": f"http://127.0.0.1:{workspace_port}",
        "COOKIE_ENCRYPTION_KEY": "4b5c" * 16,
        "PUBLIC_URL": f"http://localhost:{port}",
        "TWENTY_MCP_LISTEN": f"127.0.0.1:{port}",
        "TWENTY_MCP_DATA_DIR": data,
    })


def instructions(server, headers, body, count):
    """Instructions a request: what callgrind counts between two readings, over a kept connection."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)

    def send(times):
        for _ in range(times):
            connection.request("POST", "/mcp", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200 or b'"isError":true' in text:
                sys.exit(f"a request fails under callgrind ({answer.status}): {text[:300]}")

    def control(word):
        subprocess.run(["callgrind_control", word, str(server.process.pid)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    send(count)  # caches, pools and the allocator settle first
    control("--zero")
    send(count)
    control("--dump")
    newest = max(glob.glob(os.path.join(server.folder, "callgrind.out*")), key=os.path.getmtime)
    with open(newest, encoding="utf-8") as file:
        totals = re.search(r"^(?:totals|summary): (\d+)", file.read(), re.M)
    return int(totals[1]) / count


def main():
    parser = argparse.ArgumentParser(description="CPU a request of two builds")
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--demo", default="")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--instructions", type=int, default=0)
    parser.add_argument("--everything", action="store_true")
    parser.add_argument("--sample", type=float, default=1)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    needed = "valgrind" if options.instructions else "wrk"
    if not shutil.which(needed):
        sys.exit(f"{needed} is needed (the Debian package of that name)")
    demo = options.demo or os.path.join(os.path.dirname(options.new), "twenty-mcp-demo")

    running = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            workspace_port = load.free_port()
            workspace = load.Server([demo, "--workspace-only", "--workspace-port",
                                     str(workspace_port)], workspace_port)
            running.append(workspace)
            time.sleep(0.5)  # the demo prints its keys once it listens
            key = re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", workspace.output())[0]
            scripts, asked = {}, {}
            for name, program in (("old", options.old), ("new", options.new)):
                data = os.path.join(folder, name)
                os.mkdir(data, 0o700)
                counting = ("valgrind", "--tool=callgrind",
                            f"--callgrind-out-file={data}/callgrind.out.%p")
                # callgrind makes a second short: what is read once in each would count too much.
                told = (everything(options.sample, not options.instructions)
                        if options.everything and name == "new" else {})
                server = started(program, workspace_port, data,
                                 counting if options.instructions else (), told)
                server.folder = data
                running.append(server)
                headers = load.open_session(server.port, load.login(server.port, key))
                for what, body in (("tools/list", load.LIST), ("find_records", FIND)):
                    _, answer = load.ask(server.port, "POST", "/mcp", body, headers)
                    if "error" in json.loads(answer) or json.loads(answer)["result"].get("isError"):
                        sys.exit(f"{name}: {what} fails: {answer}")
                    own = os.path.join(folder, f"{name}-{what.replace('/', '-')}")
                    os.mkdir(own)
                    scripts[what, name] = (server, load.wrk_script(own, headers, body))
                    asked[what, name] = (server, headers, body)
            worst = 0
            print(load.machine())
            for what in ("tools/list", "find_records"):
                if options.instructions:
                    old, new = (instructions(*asked[what, name], options.instructions)
                                for name in ("old", "new"))
                    worst = max(worst, new / old)
                    print(f"{what}: new / old {new / old:.3f}; {old:.0f} and {new:.0f} "
                          "instructions a request")
                    continue
                ratios, micros = [], {"old": [], "new": []}
                for number in range(options.rounds + 1):
                    # Who goes first changes; the first round warms up and does not count.
                    cost = {name: load.measure(*scripts[what, name], options)["cpu_us"]
                            for name in (("old", "new"), ("new", "old"))[number % 2]}
                    if number == 0:
                        continue
                    ratios.append(cost["new"] / cost["old"])
                    for name, value in cost.items():
                        micros[name].append(value)
                # wrk sees the status alone: a tool that fails is quick, and has one of 200 too.
                for name in ("old", "new"):
                    server, headers, body = asked[what, name]
                    _, answer = load.ask(server.port, "POST", "/mcp", body, headers)
                    if json.loads(answer)["result"].get("isError"):
                        sys.exit(f"{name}: {what} fails under load: {answer}")
                middle = statistics.median(ratios)
                worst = max(worst, middle)
                print(f"{what}: new / old {middle:.3f} (rounds {min(ratios):.3f} to "
                      f"{max(ratios):.3f}); medians {statistics.median(micros['old']):.1f} and "
                      f"{statistics.median(micros['new']):.1f} µs of CPU a request")
                if options.rounds > 1:
                    # A neighbour on the same core makes rounds dearer, never cheaper: the quickest
                    # quarter says most about the builds themselves.
                    old, new = (statistics.quantiles(micros[name], n=4)[0]
                                for name in ("old", "new"))
                    print(f"{what}: first quartiles {old:.1f} and {new:.1f} µs, "
                          f"new / old {new / old:.3f}")
            if options.everything:
                print(f"the collector got {Collector.spans} spans")
            if options.check and worst > 1.03:
                sys.exit("the new build costs more than 3 % more")
        finally:
            for server in reversed(running):
                server.stop()


if __name__ == "__main__":
    main()
