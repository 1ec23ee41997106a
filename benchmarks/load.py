#!/usr/bin/env python3
"""How fast is tools/list, measured against the ceiling of this very machine: a bare Beast
server that sends a fixed answer of 12 KB. Both get the same load in turn, in one run, so that
a busy machine slows both.

usage: load.py BUILD_FOLDER [--seconds 4] [--rounds 4] [--connections 32] [--check] [--markdown]

--markdown prints a section for benchmarks/results.md; measure on an idle machine.
--check fails below 60 % of the bare server's rate or above 30 µs of server CPU a request.
Everything runs on loopback and ends by itself: rounds * 2 * seconds.
"""
import argparse
import base64
import hashlib
import html
import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

CALLBACK = "http://127.0.0.1:33418/callback"
LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
PROTOCOL = "2025-11-25"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One process under load."""

    def __init__(self, command, port, settings=None):
        self.port = port
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log,
                                        env={"PATH": os.environ["PATH"], **(settings or {})})
        deadline = time.monotonic() + 120  # under callgrind a start is slow
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"{command[0]} does not start:\n{self.output()}")
                time.sleep(0.05)

    def output(self):
        self.log.seek(0)
        return self.log.read()

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer, answer.read().decode()


def login(port, api_key):
    """A connection that may read and write, made as a person makes it. Returns its token."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    _, body = ask(port, "POST", "/register", json.dumps({
        "client_name": "load", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none",
    }), {"content-type": "application/json"})
    client = json.loads(body)["client_id"]
    verifier = base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    answer, page = ask(port, "GET", "/authorize?" + urllib.parse.urlencode({
        "response_type": "code", "client_id": client, "redirect_uri": CALLBACK,
        "code_challenge": challenge.decode(), "code_challenge_method": "S256",
    }))
    hidden = {html.unescape(name): html.unescape(value) for name, value in
              re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)}
    cookie = "; ".join(c.split(";")[0] for c in answer.headers.get_all("set-cookie", []))
    answer, page = ask(port, "POST", "/authorize", urllib.parse.urlencode({
        **hidden, "api_key": api_key, "mode": "write", "label": "load", "action": "approve",
    }), {**form, "cookie": cookie, "origin": f"http://localhost:{port}"})
    location = answer.headers.get("location")
    if not location:
        sys.exit(f"consent failed ({answer.status}): {page}")
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)["code"][0]
    _, body = ask(port, "POST", "/token", urllib.parse.urlencode({
        "grant_type": "authorization_code", "client_id": client, "code": code,
        "code_verifier": verifier, "redirect_uri": CALLBACK,
    }), form)
    return json.loads(body)["access_token"]


def open_session(port, token):
    """The headers of a session's requests."""
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
               "Authorization": f"Bearer {token}", "MCP-Protocol-Version": PROTOCOL}
    answer, _ = ask(port, "POST", "/mcp", json.dumps({
        "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": PROTOCOL, "capabilities": {},
            "clientInfo": {"name": "load", "version": "1"}}}), headers)
    return {**headers, "Mcp-Session-Id": answer.headers["mcp-session-id"]}


def wrk_script(folder, headers, body=LIST):
    lines = [f"wrk.headers[{json.dumps(k)}] = {json.dumps(v)}" for k, v in headers.items()]
    path = os.path.join(folder, "request.lua")
    with open(path, "w", encoding="ascii") as file:
        file.write('wrk.method = "POST"\nwrk.body = ' + json.dumps(body) + "\n" +
                   "\n".join(lines) + """
done = function(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("RESULT %d %d %d %.0f %.0f\\n", summary.requests, summary.duration,
        e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50),
        latency:percentile(99)))
end
""")
    return path


def measure(server, script, options):
    before = server.cpu_seconds()
    out = subprocess.run(["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s", "-s",
                          script, f"http://127.0.0.1:{server.port}/mcp"],
                         capture_output=True, text=True, check=True).stdout
    cpu = server.cpu_seconds() - before
    requests, micros, errors, p50, p99 = map(int, re.search(
        r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", out).groups())
    if errors or not requests:
        sys.exit(f"{errors} of {requests} requests failed:\n{out}{server.output()[-2000:]}")
    return {"rate": requests / micros * 1e6, "cpu_us": cpu / requests * 1e6, "p50_us": p50,
            "p99_us": p99}


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        cpu = re.search(r"model name\s*: (.*)", file.read())
    version = subprocess.run(["g++", "--version"], capture_output=True, text=True, check=False)
    with open("/proc/loadavg", encoding="ascii") as file:
        load = file.read().split()[0]
    return (f"{os.cpu_count()} × {cpu[1] if cpu else 'unknown CPU'}, Linux {os.uname().release}, "
            f"{version.stdout.splitlines()[0]}, load before the run {load}")


def main():
    parser = argparse.ArgumentParser(description="tools/list against a bare Beast server")
    parser.add_argument("build")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed (Debian package wrk)")
    bare_program = os.path.join(options.build, "benchmarks", "bare_beast")

    port = free_port()
    product = Server([os.path.join(options.build, "twenty-mcp-demo"), "--port", str(port)], port)
    bare = None
    try:
        time.sleep(0.5)  # the demo prints its keys once it listens
        key = re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", product.output())[0]
        headers = open_session(port, login(port, key))
        _, body = ask(port, "POST", "/mcp", LIST, headers)
        tools = len(json.loads(body)["result"]["tools"])
        size = len(body.encode())
        bare_port = free_port()
        bare = Server([bare_program, str(bare_port)], bare_port)

        results = {"twenty-mcp": [], "bare": []}
        with tempfile.TemporaryDirectory() as folder:
            script = wrk_script(folder, headers)
            for _ in range(options.rounds):
                results["twenty-mcp"].append(measure(product, script, options))
                results["bare"].append(measure(bare, script, options))
        middle = {name: {k: statistics.median(r[k] for r in rounds) for k in rounds[0]}
                  for name, rounds in results.items()}
        ratio = middle["twenty-mcp"]["rate"] / middle["bare"]["rate"]
        what = (f"tools/list: {tools} tools, {size} bytes; {options.connections} connections, "
                f"{options.rounds} rounds of {options.seconds} s each, medians")
        notes = f"ratio {ratio:.0%}; memory of twenty-mcp {product.memory_mb():.0f} MB"
        if options.markdown:
            print(f"## {time.strftime('%Y-%m-%d')}\n\n{machine()}\n\n{what}; {notes}\n")
            print("| server | requests/s | CPU a request | p50 | p99 |\n|---|---|---|---|---|")
            row = "| {} | {:.0f} | {:.1f} µs | {:.0f} µs | {:.0f} µs |"
        else:
            print(what)
            row = "  {:10}  {:8.0f} req/s   {:5.1f} µs CPU a request   p50 {:5.0f} µs   p99 {:5.0f} µs"
        for name, m in middle.items():
            print(row.format(name, m["rate"], m["cpu_us"], m["p50_us"], m["p99_us"]))
        if not options.markdown:
            print(f"  {notes}")
        if options.check and (ratio < 0.6 or middle["twenty-mcp"]["cpu_us"] > 30):
            sys.exit("below the goal: 60 % of the bare server, at most 30 µs")
    finally:
        product.stop()
        if bare:
            bare.stop()


if __name__ == "__main__":
    main()
