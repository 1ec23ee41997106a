#!/usr/bin/env python3
"""Does a change cost honest users anything? The CPU of two builds of the service, for tools/list
and for find_records of 20 companies, in turn and in one run, so that a busy machine slows both.

usage: compare.py OLD_SERVICE NEW_SERVICE [--demo BUILD/twenty-mcp-demo] [--rounds 9] [--seconds 2]

Both stand in front of one sample workspace, a third process whose CPU is not counted. What is
printed is the median over the rounds of new / old, and their spread. --check fails above 1.03.
Everything runs on loopback and ends by itself: rounds * 4 * seconds.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time

import load

FIND = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
    "name": "find_records", "arguments": {"objectName": "company", "limit": 20}}})


def started(program, workspace_port, data):
    port = load.free_port()
    return load.Server([program, "serve"], port, {
        "TWENTY_BASE_URL": f"http://127.0.0.1:{workspace_port}",
        "COOKIE_ENCRYPTION_KEY": "4b5c" * 16,
        "PUBLIC_URL": f"http://localhost:{port}",
        "TWENTY_MCP_LISTEN": f"127.0.0.1:{port}",
        "TWENTY_MCP_DATA_DIR": data,
    })


def main():
    parser = argparse.ArgumentParser(description="CPU a request of two builds")
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--demo", default="")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed (Debian package wrk)")
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
                server = started(program, workspace_port, data)
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
            if options.check and worst > 1.03:
                sys.exit("the new build costs more than 3 % more")
        finally:
            for server in reversed(running):
                server.stop()


if __name__ == "__main__":
    main()
