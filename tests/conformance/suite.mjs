// usage: suite.mjs RUN. The official conformance suite against the program under test, which is
// the fixture server or the product, as expected/RUN.json says. Beside it, RUN.yml lists every
// check that does not pass, each with its reason; it is the suite's own baseline format.
// CONFORMANCE_RECORD=1 writes the counts that a run gave instead of comparing them.
// Scenarios of an extension are in no set; a run names them as `scenarios`.
// The suite has requirement sets from 2025-11-25 on. A run at an older `revision` takes all of its
// scenarios that are as old as 2025-06-18, but for those that RUN.json leaves out with a reason.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { approve, login, register } from '../e2e/support/oauth.mjs';
import { demo, freePort, Program, scratchFolder } from '../e2e/support/program.mjs';
import { suiteProxy } from '../e2e/support/suite_proxy.mjs';

const suite = fileURLToPath(
    new URL('../e2e/node_modules/@modelcontextprotocol/conformance/', import.meta.url));
const run = process.argv[2];
const expectedFile = fileURLToPath(new URL(`expected/${run}.json`, import.meta.url));
const baselineFile = expectedFile.replace(/json$/, 'yml');
const expected = JSON.parse(readFileSync(expectedFile));

// The suite reports each message of a stream as a check of its own, which never fails.
const logLines = new Set(['outgoing-request', 'incoming-response', 'incoming-sse-event', 'stream-closed']);

function conformance(args, onOutput = () => {}) {
    const child = spawn(process.execPath, [path.join(suite, 'dist/index.js'), ...args],
        { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
            output += chunk;
            onOutput(output);
        });
    }
    return once(child, 'close').then(([code]) => ({ code, output }));
}

// {scenario: [{id, status}]} of what the suite wrote down.
function results(folder) {
    const found = {};
    for (const name of readdirSync(folder)) {
        const scenario = name.match(/^(?:authorization-server-|server-)?(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/)[1];
        found[scenario] = JSON.parse(readFileSync(path.join(folder, name, 'checks.json')))
            .filter(({ id }) => !logLines.has(id));
    }
    return found;
}

// Entries are "SCENARIO" or "SCENARIO:CHECK", and each says why.
function baseline() {
    if (!existsSync(baselineFile)) return [];
    return readFileSync(baselineFile, 'utf8').split('\n')
        .filter((line) => line.startsWith('  - '))
        .map((line) => {
            const [, entry] = line.match(/^ {2}- (\S+) +# \w.+$/) ?? [];
            assert.ok(entry, `${path.basename(baselineFile)}: an entry without a reason: ${line}`);
            return entry;
        });
}

function compare(found, known) {
    const excused = (scenario, id) => known.includes(scenario) || known.includes(`${scenario}:${id}`);
    const passed = {};
    for (const [scenario, checks] of Object.entries(found)) {
        for (const { id, status, errorMessage } of checks) {
            assert.ok(status === 'SUCCESS' || excused(scenario, id),
                `${scenario}:${id} ${status} ${errorMessage ?? ''}`);
        }
        if (!known.includes(scenario))
            passed[scenario] = checks.filter(({ status }) => status === 'SUCCESS').length;
    }
    for (const entry of known) {
        const [scenario, id] = entry.split(':');
        assert.ok(found[scenario], `${entry} is excused and was not run`);
        assert.ok(found[scenario].some((c) => c.status !== 'SUCCESS' && (!id || c.id === id)),
            `${entry} passes now: take it out of ${path.basename(baselineFile)}`);
    }
    if (process.env.CONFORMANCE_RECORD) {
        writeFileSync(expectedFile, `${JSON.stringify({ ...expected, passed }, null, 2)}\n`);
        return;
    }
    assert.deepEqual(passed, expected.passed, 'the checks that passed, by scenario');
}

async function fixtures(t) {
    const port = await freePort();
    const program = new Program([String(port)]);
    t.after(() => program.stop());
    await program.until((output) => output.includes('conformance fixtures on'));
    return { base: `http://localhost:${port}` };
}

async function product(t) {
    const server = await demo(t);
    const { access } = await login(server.url, server.key);
    return { base: server.url, token: access };
}

const servers = { fixtures, product };

async function serverRun(t, output) {
    const { base, token } = await servers[expected.server](t);
    const { revision } = expected;
    const { url, revisions } = token || revision
        ? await suiteProxy(t, base, { token, revision }) : { url: base };
    const args = ['server', '--url', `${url}/mcp`, '-o', output];
    if (existsSync(baselineFile)) args.push('--expected-failures', baselineFile);
    if (expected.requirements)
        return conformance([...args, '--requirements', expected.requirements]);
    if (expected.scenarios) return scenarioRun(args, expected.scenarios);
    const done = await olderRun([...args, '--spec-version', revision, '--force']);
    assert.deepEqual([...revisions], [revision], 'what the requests were sent by');
    return done;
}

// One scenario at a time: --force, without which 2025-03-26 has but one, is not for a whole set.
async function olderRun(args) {
    const { output: list } = await conformance(
        ['list', '--server', '--spec-version', '2025-06-18']);
    const scenarios = [...list.matchAll(/^ {2}- (\S+) \[/gm)].map(([, name]) => name);
    return scenarioRun(args, scenarios.filter((name) => !expected.without?.[name]));
}

async function scenarioRun(args, scenarios) {
    const all = { code: 0, output: '' };
    for (const scenario of scenarios) {
        const { code, output } = await conformance([...args, '--scenario', scenario]);
        all.code ||= code;
        all.output += output;
    }
    return all;
}

// The suite prints an authorize URL and waits for the callback; a person approves.
async function authorizationRun(t, output) {
    const server = await demo(t);
    const port = await freePort();
    const clientId = await register(server.url, { redirect_uris: [`http://127.0.0.1:${port}/callback`] });
    let consent;
    const done = await conformance(
        ['authorization', '--url', server.url, '--client-id', clientId, '--port', String(port),
            '--resource', `${server.url}/mcp`, '-o', output],
        (text) => {
            const url = text.match(/^http\S+\/authorize\?\S+$/m)?.[0];
            if (url && text.includes('Waiting up to'))
                consent ??= approve(url, { api_key: server.key }).then((back) => fetch(back));
        });
    assert.ok(consent, `the suite printed no authorize URL:\n${done.output}`);
    await consent;
    return done;
}

test(`${run} gives exactly the checks that expected/${run}.json records`, async (t) => {
    const { version } = JSON.parse(readFileSync(path.join(suite, 'package.json')));
    assert.equal(version, expected.suite, 'the suite that the counts were taken with');
    const folder = scratchFolder(t);
    const { code, output } = await (expected.server === 'authorization' ? authorizationRun : serverRun)(t, folder);
    compare(results(folder), baseline());
    assert.equal(code, 0, output);
});
