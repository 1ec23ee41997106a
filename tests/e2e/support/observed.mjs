// What an administrator sees, read back: the log's lines, the metrics' samples; and a workspace that
// can be made to fail, killed and started again.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { freePort, Program } from './program.mjs';

const demoBinary = path.join(path.dirname(process.env.TWENTY_MCP_BINARY), 'twenty-mcp-demo');

// One line of the text format: {time, level, event, and the fields}. undefined: it is none.
function eventOf(line) {
    const [, time, level, event, rest] =
        line.match(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (debug|info|warning|error) (\w+)((?: \w+=(?:"(?:[^"\\]|\\.)*"|[^ "]*))*)$/) ?? [];
    if (!event) return undefined;
    const fields = [...rest.matchAll(/ (\w+)=("(?:[^"\\]|\\.)*"|[^ "]*)/g)]
        .map(([, key, value]) => [key, value.startsWith('"') ? value.slice(1, -1).replace(/\\(["\\])/g, '$1') : value]);
    return { time, level, event, ...Object.fromEntries(fields) };
}

// All lines must be events.
export function eventsOf(text) {
    return text.split('\n').filter(Boolean).map((line) => {
        const found = eventOf(line);
        assert.ok(found, `no event: ${line}`);
        return found;
    });
}

// Waits for an event for which `wanted` is true, beyond the first `after` lines.
export async function event(program, name, wanted = () => true, after = 0, seconds = 20) {
    return program.until(() => eventsOf(program.output.slice(0, program.output.lastIndexOf('\n') + 1))
        .slice(after).find((each) => each.event === name && wanted(each)), seconds);
}

// The line of one request, by its X-Request-Id. Reads may wait a moment for their line.
export const requestOf = (program, id) => event(program, 'request', (each) => each.id === id);

// {NAME{LABELS}: value} of Prometheus' text format.
export function samplesOf(text) {
    return new Map(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
    }));
}

// The sum of all samples of that name whose labels contain `labels`, as 'kind="graphql"'.
export function total(samples, name, ...labels) {
    let sum = 0;
    for (const [series, value] of samples)
        if (series.split('{')[0] === name && labels.every((label) => series.includes(label))) sum += value;
    return sum;
}

// The rows of `twenty-mcp docs metrics`.
export function metricNames() {
    const run = spawnSync(process.env.TWENTY_MCP_BINARY, ['docs', 'metrics'], { encoding: 'utf8', env: {} });
    return [...run.stdout.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
}

// The demo's workspace as a process of its own: {url, key, readOnlyKey, set(), kill(), start()}.
export async function workspaceProcess(t) {
    const port = await freePort();
    const it = { url: `http://127.0.0.1:${port}` };
    it.start = async () => {
        it.program = new Program(['--workspace-only', '--workspace-port', String(port)], {}, { binary: demoBinary });
        [it.key, it.readOnlyKey] = await it.program.until((output) => {
            const found = output.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+(?=\s)/g);
            return found?.length >= 2 && found;
        });
    };
    it.kill = () => it.program.kill();
    it.set = async (switches) => {
        const answer = await fetch(`${it.url}/demo/switches`, {
            method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(switches),
        });
        assert.equal(answer.status, 200);
    };
    t.after(() => (it.program.running ? it.program.kill() : undefined));
    await it.start();
    return it;
}

// Everything that `step` sends comes from this address, as a trusted proxy tells it.
export async function from(peer, step) {
    const { fetch: plain } = globalThis;
    globalThis.fetch = (url, options = {}) =>
        plain(url, { ...options, headers: { ...options.headers, 'x-forwarded-for': peer } });
    try {
        return await step();
    } finally {
        globalThis.fetch = plain;
    }
}

// promtool's words about a text of metrics; undefined: it is not here.
export function promtool(text) {
    const run = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    if (run.error) return undefined;
    return { status: run.status, said: `${run.stdout}${run.stderr}`.split('\n').filter(Boolean) };
}
