// What docs/observability.md promises of the log and the metrics, of a real service in front of a
// workspace that is made to fail. (The trail of calls: trail.mjs. Faults of the machine:
// machine_faults.mjs.)
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { admin, adminToken } from './support/admin.mjs';
import { collector } from './support/collector.mjs';
import { faultyTwenty } from './support/faulty_twenty.mjs';
import { callTool, initialize, rpc, send } from './support/mcp.mjs';
import {
    authorizeUrl, callback, consentPage, form, login, pkce, post, refresh, register, submit,
} from './support/oauth.mjs';
import {
    event, eventsOf, from, metricNames, promtool, requestOf, samplesOf, total, workspaceProcess,
} from './support/observed.mjs';
import { Pipeline } from './support/pipeline.mjs';
import { freePort, memoryFolder, service, until } from './support/program.mjs';
import { connect, Person } from './support/sdk.mjs';
import { connect2 } from './support/sdk2.mjs';

// Twenty refuses it for its signature.
const wrongKey = (key, n = 0) => `${key.slice(0, -8)}bad${1000 + n}A`;
const find = { objectName: 'company', limit: 2 };
const password = 'a-secret-of-at-least-32-characters/=';

async function prepared(t, env = {}, kept = {}) {
    const workspace = await workspaceProcess(t);
    const twenty = kept.faulty ? await faultyTwenty(t, workspace.url) : undefined;
    const port = await freePort();
    const server = await service(t, twenty?.url ?? workspace.url, {
        ADMIN_TOKEN: adminToken, TWENTY_MCP_METRICS_LISTEN: `127.0.0.1:${port}`, ...env,
    });
    const metrics = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const samples = async () => samplesOf(await metrics());
    return { workspace, twenty, server, metrics, samples, key: workspace.key };
}

// The line of a call, with what the client got.
async function called(server, access, name, args, headers) {
    const answer = await rpc(server.url, access, 'tools/call', { name, arguments: args }, headers);
    const line = await requestOf(server.program, answer.headers.get('x-request-id'));
    return { answer, line, text: answer.text };
}

test('a call that Twenty fails says so in its line, with status 200', async (t) => {
    const { server, workspace, samples, key } = await prepared(t);
    const { access } = await login(server.url, key);
    const good = await called(server, access, 'find_records', find);
    assert.deepEqual([good.line.outcome, good.line.object, good.line.rows, good.line.tool, good.line.mcp],
        ['ok', 'company', '2', 'find_records', 'tools/call']);
    assert.match(good.line.grant, /^[\da-f-]{36}$/);
    assert.ok(Number(good.line.twenty_calls) >= 1);

    const failures = [
        ['answer_500', 'upstream_refused'], ['answer_429', 'rate_limited'], ['answer_402', 'upstream_refused'],
        ['answer_html', 'upstream_down'], ['empty_reply', 'upstream_down'],
    ];
    for (const [name, outcome] of failures) {
        await workspace.set({ [name]: 9 });
        const { answer, line } = await called(server, access, 'find_records', find);
        await workspace.set({ [name]: 0 });
        assert.equal(answer.json.result.isError, true);
        assert.deepEqual([line.status, line.outcome, line.tool, line.object, line.level],
            ['200', outcome, 'find_records', 'company', 'info'], name);
        const counted = total(await samples(), 'mcp_server_operation_duration_seconds_count',
            `error_type="${outcome}"`, 'gen_ai_tool_name="find_records"');
        assert.ok(counted >= 1, `${outcome} is counted`);
    }
    // What a model does wrong, and a tool that is not there.
    const wrong = await called(server, access, 'find_records', { objectName: 'nothing' });
    assert.deepEqual([wrong.line.outcome, wrong.line.object], ['not_found', undefined]);
    const none = await called(server, access, 'no_such_tool', {});
    assert.deepEqual([none.line.tool, none.line.outcome], [undefined, '-32602']);
    const written = await called(server, access, 'create_record', { objectName: 'company', data: { name: 'x' } });
    assert.deepEqual([written.line.outcome, written.line.written], ['ok', '1']);
    const unread = await send(server.url, access, '{"jsonrpc":');
    const line = await requestOf(server.program, unread.headers.get('x-request-id'));
    assert.equal(line.status, '400');
    const lost = await fetch(`${server.url}/nowhere`, { headers: { host: 'x' } });
    assert.equal((await requestOf(server.program, lost.headers.get('x-request-id'))).status, '404');
});

test('a slow call has a line of its own, and a request that came under another name both names', async (t) => {
    const { server, workspace, samples, key } = await prepared(t, { TWENTY_MCP_SLOW_CALL_MS: '150' });
    const { access } = await login(server.url, key);
    await called(server, access, 'find_records', find);
    await workspace.set({ latency_ms: 200 });
    const { line } = await called(server, access, 'find_records', find);
    const slow = await event(server.program, 'slow_call', ({ id }) => id === line.id);
    assert.equal(slow.level, 'warning');
    for (const field of ['tool', 'outcome', 'object', 'rows', 'twenty_calls', 'twenty_ms', 'grant', 'mcp'])
        assert.equal(slow[field], line[field], field);
    assert.ok(Number(slow.twenty_ms) >= 200 && Number(slow.ms) >= 200, JSON.stringify(slow));
    assert.equal(total(await samples(), 'twenty_mcp_slow_calls_total', 'gen_ai_tool_name="find_records"'), 1);
    assert.equal(eventsOf(server.program.output).filter(({ event: e }) => e === 'slow_call').length, 1);

    // Ten calls at once: eight turns of a session, and four of an API key at Twenty.
    await workspace.set({ latency_ms: 50 });
    const begun = await rpc(server.url, access, 'initialize', initialize);
    const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') };
    const many = await Promise.all(Array.from({ length: 20 }, () =>
        called(server, access, 'find_records', find, session)));
    assert.ok(many.some((each) => Number(each.line.queue_ms) > 0), 'somebody waited for a turn');

    const { port } = new URL(server.url);
    const answer = await new Promise((resolve) => {
        http.get({ port, host: '127.0.0.1', path: '/mcp', headers: { host: 'other.example.com' } }, resolve);
    });
    assert.equal(answer.statusCode, 421);
    answer.resume();
    const strange = await requestOf(server.program, answer.headers['x-request-id']);
    assert.deepEqual([strange.status, strange.host], ['421', 'other.example.com']);
    assert.match(strange.expected, /localhost/);
});

test('a stream has its line at its end, with its outcome', async (t) => {
    const { server, key, samples } = await prepared(t);
    const { client } = await connect2(t, server.url, new Person(key), { pin: '2026-07-28' });
    const listening = await client.listen({ resourceSubscriptions: ['twenty://primer'] });
    await until(async () => total(await samples(), 'twenty_mcp_streams') === 1, 'it is open');
    const lines = () => eventsOf(server.program.output).filter(({ mcp }) => mcp === 'subscriptions/listen');
    assert.deepEqual(lines(), []);
    await sleep(300);
    await listening.close();
    await until(() => lines().length === 1, 'its line');
    const [line] = lines();
    assert.ok(Number(line.ms) >= 250, JSON.stringify(line));
    assert.ok(line.outcome && line.grant, JSON.stringify(line));

    const { client: older, transport } = await connect(t, server.url, new Person(key));
    await until(async () => total(await samples(), 'twenty_mcp_streams') >= 1, 'the stream is open');
    await transport.terminateSession();
    await older.close();
    await until(() => eventsOf(server.program.output).some((each) =>
        each.method === 'GET' && each.path === '/mcp' && each.status === '200'), 'its line');
});

test('each limit that refuses names itself in the log and in the metrics', async (t) => {
    const { server, samples, key } = await prepared(t, {
        TWENTY_MCP_STATIC_CLIENTS: JSON.stringify([{
            client_id: 'ours', client_name: 'Ours', redirect_uris: [callback], client_secret: password,
        }]),
    });
    const { url } = server;
    const clientId = await register(url);
    const page = () => consentPage(authorizeUrl(url, clientId, pkce().challenge));
    const steps = {
        authorize: () => fetch(authorizeUrl(url, clientId, pkce().challenge)),
        registration: () => fetch(`${url}/register`, {
            method: 'POST', headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ redirect_uris: [callback], token_endpoint_auth_method: 'none' }),
        }),
        token: () => post(`${url}/revoke`, { token: 'none', client_id: clientId }),
        failed_token: () => post(`${url}/token`,
            { grant_type: 'refresh_token', client_id: clientId, refresh_token: 'twr_none' }),
        failed_secret: () => post(`${url}/token`, {
            grant_type: 'refresh_token', client_id: 'ours', client_secret: `not ${password}`, refresh_token: 'x',
        }),
        consent: async () => submit(await page(), { api_key: 'no key at all' }),
        failed_key: async (n) => submit(await page(), { api_key: wrongKey(key, n) }),
        connections: () => post(`${url}/connections`, { api_key: 'no key at all' }, { origin: url }),
        failed_admin: () => admin(url, 'GET', '/admin', undefined, { authorization: 'Bearer wrong' }),
        admin: () => admin(url, 'GET', '/admin/log-level'),
    };
    let address = 0;
    for (const [name, step] of Object.entries(steps)) {
        address += 1;
        const line = await from(`203.0.${address}.9`, async () => {
            for (let n = 0; n < 130; n += 1) {
                const answer = await step(n);
                if (answer.status === 429) return requestOf(server.program, answer.headers.get('x-request-id'));
            }
            return undefined;
        });
        assert.ok(line, `${name} refuses nobody`);
        assert.deepEqual([line.limit, line.peer], [name, `203.0.${address}.0/24`], JSON.stringify(line));
        assert.equal(total(await samples(), 'twenty_mcp_limited_total', `limit="${name}"`), 1, name);
    }
    // Of one network, more addresses than one.
    const refused = [];
    for (let n = 0; n < 40; n += 1)
        refused.push(await from(`198.51.100.${Math.floor(n / 4)}`, () => steps.failed_key(100 + n)));
    const limits = new Set();
    for (const answer of refused.filter(({ status }) => status === 429))
        limits.add((await requestOf(server.program, answer.headers.get('x-request-id'))).limit);
    assert.deepEqual([...limits], ['key_check_network']);
    assert.ok((await login(url, key)).access, 'nobody else is kept out');
});

test('that Twenty is away is said once, and once that it is back', async (t) => {
    const { server, workspace, samples, key } = await prepared(t);
    const found = await event(server.program, 'twenty_found');
    assert.equal(found.url, workspace.url);
    const { access } = await login(server.url, key);
    assert.equal((await called(server, access, 'find_records', find)).line.outcome, 'ok');
    const readyz = async () => (await fetch(`${server.url}/readyz`)).json();
    const reachable = async () => total(await samples(), 'twenty_mcp_twenty_reachable');
    assert.deepEqual([(await readyz()).twenty, await reachable()], ['reachable', 1]);

    await workspace.kill();
    for (let i = 0; i < 3; i += 1)
        assert.equal((await called(server, access, 'find_records', find)).line.outcome, 'upstream_down');
    const away = await readyz();
    assert.deepEqual([away.ready, away.twenty, await reachable()], [true, 'unreachable', 0]);
    // While nobody calls, the server itself asks once a minute: too seldom for this test.
    await workspace.start();
    for (let i = 0; i < 3; i += 1)
        assert.equal((await called(server, access, 'find_records', find)).line.outcome, 'ok');
    assert.deepEqual([(await readyz()).twenty, await reachable()], ['reachable', 1]);
    const news = eventsOf(server.program.output).filter(({ event: e }) => /^twenty_(un|back)/.test(e));
    assert.deepEqual(news.map(({ event: e, level }) => [e, level]),
        [['twenty_unreachable', 'warning'], ['twenty_back', 'info']]);
    assert.match(news[0].why, /Connection refused/);

    await workspace.kill();
    await server.program.stop();
    await server.start();
    const lost = await event(server.program, 'twenty_not_found');
    assert.equal(lost.level, 'warning');
});

test('the formats hold what the text holds, and the level changes without a restart', async (t) => {
    const { server, key } = await prepared(t, { TWENTY_MCP_LOG_FORMAT: 'json' });
    const { access } = await login(server.url, key, { label: 'a "label"\nof two lines' });
    await callTool(server.url, access, 'find_records', find);
    await rpc(server.url, access, 'tools/call', { name: 'find_records', arguments: find }, {
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    await fetch(`${server.url}/${encodeURIComponent('"\\\n\u0001')}%ff`);
    const level = async (to) => assert.deepEqual(
        (await admin(server.url, 'PUT', '/admin/log-level', { level: to })).json, { level: to });
    const exchanges = () => server.program.output.split('\n').filter((line) => line.includes('twenty_exchange')).length;
    await callTool(server.url, access, 'find_records', find);
    assert.equal(exchanges(), 0);
    await level('debug');
    await callTool(server.url, access, 'find_records', find);
    await until(() => exchanges() > 0, 'each exchange has its line');
    await level('info');
    await sleep(50);
    const before = exchanges();
    await callTool(server.url, access, 'find_records', find);
    await sleep(50);
    assert.equal(exchanges(), before, 'and none again');
    assert.equal((await admin(server.url, 'PUT', '/admin/log-level', { level: 'loud' })).status, 400);
    await server.program.stop();

    const lines = server.program.output.trim().split('\n').map((line) => JSON.parse(line));
    assert.ok(lines.length > 10);
    for (const line of lines) {
        assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.ok(Math.abs(Date.now() - Date.parse(line.time)) < 60_000, line.time);
        assert.ok(['debug', 'info', 'warning', 'error'].includes(line.level) && /^\w+$/.test(line.event));
    }
    const { rows, status, ms, twenty_calls: calls } = lines.find(({ tool }) => tool === 'find_records');
    assert.deepEqual([rows, status, typeof ms, calls >= 1], [2, 200, 'number', true]);
    assert.ok(lines.some(({ trace }) => trace === '0af7651916cd43dd8448eb211c80319c'));
});

test('a trace of the client goes on to Twenty, the message\'s own before the request\'s', async (t) => {
    const { server, twenty, key } = await prepared(t, {}, { faulty: true });
    const { access } = await login(server.url, key);
    await callTool(server.url, access, 'find_records', find);
    const seen = async (headers, meta) => {
        twenty.requests.length = 0;
        const answer = await rpc(server.url, access, 'tools/call',
            { name: 'find_records', arguments: find, ...(meta && { _meta: meta }) }, headers);
        const line = await requestOf(server.program, answer.headers.get('x-request-id'));
        return { sent: twenty.requests.map((each) => each.headers.traceparent), trace: line.trace };
    };
    const [one, two] = ['0af7651916cd43dd8448eb211c80319c', '4bf92f3577b34da6a3ce929d0e0e4736'];
    const parent = (id) => `00-${id}-b7ad6b7169203331-01`;
    const header = await seen({ traceparent: parent(one) });
    assert.equal(header.trace, one);
    assert.match(header.sent[0], new RegExp(`^00-${one}-(?!b7ad6b7169203331)[\\da-f]{16}-01$`));
    const meta = await seen({ traceparent: parent(one) }, { traceparent: parent(two) });
    assert.deepEqual([meta.trace, meta.sent[0].split('-')[1]], [two, two]);
    for (const bad of ['00-0-0-00', `ff-${one}-b7ad6b7169203331-01`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'x\u00e9']) {
        const none = await seen({ traceparent: bad });
        assert.ok(!(none.sent[0] ?? '').includes(one) && none.trace !== one, bad);
    }
    const without = await seen({});
    assert.deepEqual([without.trace, without.sent[0]], [undefined, undefined]);
});

// -- Metrics ----------------------------------------------------------------------------------------

// Something of everything that is counted. Faults are of Twenty, of clients and of guesses.
async function mixedLoad({ server, workspace, key }) {
    const { url } = server;
    const grant = await login(url, key);
    const { access } = grant;
    const begun = await rpc(url, access, 'initialize', initialize);
    const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') };
    await Promise.all(Array.from({ length: 40 }, (_, n) => callTool(url, access, n % 2 ? 'find_records' : 'search_records',
        n % 2 ? find : { query: 'north' })));
    await Promise.all(Array.from({ length: 20 }, () => rpc(url, access, 'tools/call',
        { name: 'find_records', arguments: find }, session)));
    await callTool(url, access, 'create_record', { objectName: 'company', data: { name: 'One more' } });
    await callTool(url, access, 'find_records', { objectName: 'nothing' });
    await workspace.set({ answer_html: 1 });
    await callTool(url, access, 'find_records', find);
    await workspace.set({ answer_429: 1 });
    await callTool(url, access, 'find_records', find);
    await workspace.set({ answer_429: 0, answer_html: 0, latency_ms: 120 });
    await callTool(url, access, 'find_records', find);
    await workspace.set({ latency_ms: 0 });
    await refresh(url, grant.clientId, grant.refresh);
    await refresh(url, grant.clientId, grant.refresh);
    await refresh(url, grant.clientId, 'twr_no-such-token');
    await rpc(url, 'twa_no-such-token', 'tools/list');
    await from('203.0.113.77', async () => {
        for (let n = 0; n < 7; n += 1)
            await admin(url, 'GET', '/admin', undefined, { authorization: 'Bearer wrong' });
    });
    await admin(url, 'POST', '/admin/schema/refresh');
    return access;
}

// None of these can be had here: a part of the server fails by a defect alone (tests/actors/
// supervisor_test.cpp makes one), the log has a test of its own below, lost spans are otlp.mjs', and a
// database that does not answer and a clock that is set are machine_faults.mjs'.
const notHere = ['twenty_mcp_actor_restarts_total', 'twenty_mcp_log_lines_dropped_total',
    'twenty_mcp_calls_not_written_total', 'twenty_mcp_spans_dropped_total', 'twenty_mcp_store_failures_total',
    'twenty_mcp_clock_set_total'];

test('the metrics have Prometheus\' form, and under load every one of the table moves', async (t) => {
    const it = await prepared(t, { TWENTY_MCP_SLOW_CALL_MS: '100', TWENTY_MCP_OTLP_ENDPOINT: (await collector(t)).url });
    await mixedLoad(it);
    await until(async () => total(await it.samples(), 'twenty_mcp_spans_exported_total') > 0, 'spans are sent');
    const text = await it.metrics();
    const byToken = await admin(it.server.url, 'GET', '/metrics');
    assert.equal(byToken.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal((await fetch(`${it.server.url}/metrics`)).status, 401);

    const types = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, kind]) => [name, kind]));
    const samples = samplesOf(text);
    const names = metricNames();
    assert.ok(names.length > 25);
    for (const name of names.filter((each) => !['twenty_mcp_actor_restarts_total', 'twenty_mcp_calls_not_written_total'].includes(each))) {
        assert.ok(types.has(name), `${name} has a series`);
        if (types.get(name) === 'gauge' || notHere.includes(name)) continue;
        const moved = total(samples, types.get(name) === 'histogram' ? `${name}_count` : name);
        assert.ok(moved > 0, `${name} moves`);
    }
    for (const name of types.keys()) assert.ok(names.includes(name), `${name} is in the table`);
    const expected = {
        twenty_mcp_oauth_requests_total: ['result="issued"', 'result="repeated"', 'result="invalid_grant"'],
        twenty_mcp_token_lookups_total: ['result="hit"', 'result="opened"', 'result="refused"'],
        twenty_mcp_schema_requests_total: ['result="hit"', 'result="waited"'],
        twenty_mcp_twenty_wait_seconds_count: ['reason="pace"', 'reason="repeat"', 'reason="slot"'],
        twenty_mcp_twenty_repeats_total: ['error_type="upstream_down"', 'error_type="rate_limited"'],
        twenty_mcp_limited_total: ['limit="failed_admin"'],
        twenty_mcp_audit_events_total: ['kind="wrong_admin_token"', 'kind="schema_refreshed"', 'kind="connection_made"'],
    };
    for (const [name, labels] of Object.entries(expected))
        for (const label of labels) assert.ok(total(samples, name, label) > 0, `${name}{${label}}`);

    const judged = promtool(text);
    if (!judged) return t.diagnostic('there is no promtool: its form was not looked at by Prometheus\' own');
    assert.deepEqual(judged, { status: 0, said: [] });
    return undefined;
});

test('500 made-up tools, methods, paths, clients and hosts add no series', async (t) => {
    const it = await prepared(t);
    const access = await mixedLoad(it);
    const { url } = it.server;
    const { port } = new URL(url);
    const line = (verb, where, host) => `${verb} ${where} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const round = async (from_, to) => {
        for (let n = from_; n < to; n += 1) {
            await rpc(url, access, 'tools/call', { name: `made_up_${n}`, arguments: {} });
            await rpc(url, access, `made/up/${n}`);
            await callTool(url, access, 'find_records', { objectName: `made${n}` });
            await rpc(url, access, 'resources/read', { uri: `made://up/${n}` });
            await fetch(`${url}/.well-known/made-up-${n}`);
            await fetch(`${url}/admin/skills/made-up-${n}`, { headers: { authorization: `Bearer ${adminToken}` } });
            if (n % 5 === 0) await from(`10.${n % 250}.${n % 7}.3`, () => register(url, { client_name: `Made up ${n}` }));
            await from(`10.${n % 250}.8.3`, () => post(`${url}/token`, { grant_type: `made-up-${n}`, client_id: `x${n}` }));
        }
        const wire = await Pipeline.open(Number(port));
        for (let n = from_; n < to; n += 50) {
            const batch = Array.from({ length: Math.min(50, to - n) }, (_, i) => n + i);
            await wire.send(batch.map((i) => line('GET', `/made/up/${i}`, 'localhost')));
            await wire.send(batch.map((i) => line('GET', '/mcp', `made-up-${i}.example`)));
            await wire.send(batch.map((i) => line(`BREW${i}`, '/mcp', 'localhost')));
        }
        wire.close();
    };
    const count = async () => [...(await it.samples()).keys()].sort();
    await round(0, 10);
    await count(); // its own request
    const before = await count();
    await round(10, 500);
    const after = await count();
    assert.deepEqual(after.filter((series) => !before.includes(series)), [], 'no new series');
    assert.ok(!after.some((series) => /made_up|made-up|made\d|made.up|BREW/i.test(series)));
    t.diagnostic(`${after.length} series`);
});

test('a log that nobody reads loses lines, and says how many', async (t) => {
    const workspace = await workspaceProcess(t);
    const fifo = path.join(memoryFolder(t), 'stderr');
    spawnSync('mkfifo', [fifo]);
    const held = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    const server = await service(t, workspace.url, { ADMIN_TOKEN: adminToken }, { stdio: ['ignore', 'pipe', held] });
    const { host, port } = new URL(server.url);
    const wire = await Pipeline.open(Number(port));
    const lost = async () => total(samplesOf((await admin(server.url, 'GET', '/metrics')).text),
        'twenty_mcp_log_lines_dropped_total');
    for (let n = 0; n < 15_000; n += 500)
        await wire.send(Array.from({ length: 500 }, () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
    wire.close();
    assert.ok(await lost() > 1000, 'while nobody reads, the metric alone can tell');
    const buffer = Buffer.alloc(65536);
    let text = '';
    await until(() => {
        try {
            text += buffer.toString('latin1', 0, readSync(held, buffer));
        } catch (error) {
            if (error.code !== 'EAGAIN') throw error;
        }
        return /log_lines_dropped count=\d+\n/.test(text);
    }, 'the log says so');
    const told = Number(text.match(/warning log_lines_dropped count=(\d+)/)?.[1]);
    assert.ok(told > 1000, `${told}`);
    await until(async () => await lost() >= told, 'the metric says so, too');
    closeSync(held);
});

test('a budget\'s limit is what its server takes, with and without a listener for metrics', async (t) => {
    const limits = (samples) => [...samples].filter(([name]) => name.startsWith('twenty_mcp_memory_budget_limit_bytes'));
    const it = await prepared(t);
    const plain = await service(t, it.workspace.url, { ADMIN_TOKEN: adminToken });
    const alone = samplesOf((await admin(plain.url, 'GET', '/metrics')).text);
    assert.deepEqual(limits(await it.samples()), limits(alone));
    assert.ok([...await it.samples()].some(([name]) => /^http_server_.*http_route="\/metrics"/.test(name)), 'its own route');
});

test('a page in the place of Twenty is no Twenty that is back', async (t) => {
    const { server, twenty, samples, key } = await prepared(t, {}, { faulty: true });
    const { access } = await login(server.url, key);
    await callTool(server.url, access, 'find_records', find);
    twenty.fault = 'bad gateway';
    await callTool(server.url, access, 'find_records', find);
    assert.match((await event(server.program, 'twenty_unreachable')).detail, /^HTTP 50\d, /);
    twenty.fault = 'html'; // of a proxy, with status 200
    const { line } = await called(server, access, 'find_records', find);
    assert.equal(line.outcome, 'upstream_down');
    assert.doesNotMatch(server.program.output, /twenty_back/);
    assert.equal(total(await samples(), 'twenty_mcp_twenty_reachable'), 0);
    assert.ok(total(await samples(), 'twenty_mcp_twenty_request_duration_seconds_count',
        'error_type="upstream_down"', 'http_response_status_code="200"') > 0, 'counted as it was judged');
});

test('a client with too many requests at one time is refused by a limit with a name', async (t) => {
    const { server, samples } = await prepared(t);
    const { port } = new URL(server.url);
    // Bodies that do not come: each is a request in progress, behind a trusted proxy.
    const head = 'POST /token HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.99\r\n'
        + 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n';
    const sockets = Array.from({ length: 300 }, () => net.connect(Number(port), '127.0.0.1', function open() { this.write(head); }));
    t.after(() => sockets.forEach((socket) => socket.destroy()));
    sockets.forEach((socket) => socket.on('error', () => {}));
    const line = await event(server.program, 'request', ({ status }) => status === '429');
    assert.ok(line.limit, JSON.stringify(line));
    assert.ok(total(await samples(), 'twenty_mcp_limited_total') > 0);
});

test('counters of known labels begin at nothing, so that the first count is an increase', async (t) => {
    const { samples } = await prepared(t);
    const names = [...(await samples()).keys()];
    for (const series of ['twenty_mcp_store_commit_seconds_count{result="failed"}', 'twenty_mcp_audit_events_total{kind="ended_by_reuse"}',
        'twenty_mcp_audit_events_total{kind="wrong_admin_token"}', 'twenty_mcp_limited_total{limit="failed_admin"}'])
        assert.ok(names.includes(series), series);
});

// -- What must be nowhere ---------------------------------------------------------------------------

test('no secret and no value of a record is in the log, the metrics, the spans or the trail', async (t) => {
    const spans = await collector(t);
    const marks = {
        value: 'zqmark-value', changed: 'zqmark-changed', query: 'zqmarkquery', filter: 'zqmark-filter',
        object: 'zqmarkobject', tool: 'zqmark_tool', method: 'zqmark/method', uri: 'zqmark://uri',
        graphql: 'zqmarkfield', variable: 'zqmark-variable', path: 'zqmark-query-of-a-path', state: 'zqmark-state',
        agent: 'zqmark-agent', secret: `zqmark-${password}`, cookie: 'zqmark-cookie', primer: 'zqmark-primer',
        field: 'zqmarkField', cursor: 'zqmark-cursor', token: 'twa_zqmark-token', argument: 'zqmarkArgument',
    };
    const label = 'zqlabel of a person';
    const { server, workspace, metrics, key } = await prepared(t, {
        TWENTY_MCP_LOG_LEVEL: 'debug', TWENTY_MCP_SLOW_CALL_MS: '1', TWENTY_MCP_OTLP_ENDPOINT: spans.url,
    });
    const { url } = server;
    const clientId = await register(url);
    const grant = await login(url, key, { label }, clientId);
    const { access } = grant;
    const begun = await rpc(url, access, 'initialize', initialize);
    const made = await callTool(url, access, 'create_record', { objectName: 'company', data: { name: marks.value } });
    const { id } = made.structured;
    const everything = [
        ['update_record', { objectName: 'company', id, data: { name: marks.changed } }],
        ['find_records', { objectName: 'company', filter: { name: { eq: marks.filter } } }],
        ['find_records', { objectName: 'company', filter: { [marks.field]: { eq: 1 } } }],
        ['find_records', { objectName: 'company', search: marks.query, cursor: marks.cursor, [marks.argument]: 1 }],
        ['find_records', { objectName: marks.object }],
        ['search_records', { query: marks.query }],
        ['get_record', { objectName: 'company', id }],
        ['get_record', { objectName: 'company', id: marks.value }],
        ['run_graphql', { endpoint: 'graphql', query: `{ companies(filter: {name: {eq: "${marks.value}"}}) { edges { node { ${marks.graphql} } } } }` }],
        ['run_graphql', { endpoint: 'graphql', query: 'query($v: String) { companies(filter: {name: {eq: $v}}) { edges { node { name } } } }', variables: { v: marks.variable } }],
        ['run_graphql_mutation', { endpoint: 'graphql', query: `mutation { updateCompany(id: "${id}", data: {name: "${marks.changed}"}) { id name } }` }],
        [marks.tool, { x: marks.value }],
    ];
    for (const fault of [{}, { answer_500: 1 }, { answer_402: 9 }]) {
        for (const [name, args] of everything) {
            await workspace.set({ answer_402: 0, answer_500: 0, ...fault });
            await callTool(url, access, name, args);
        }
    }
    await workspace.set({ answer_402: 0, answer_500: 0 });
    await rpc(url, access, marks.method, { x: marks.value });
    await rpc(url, access, 'resources/read', { uri: marks.uri });
    await rpc(url, access, 'prompts/get', { name: marks.tool, arguments: { topic: marks.value } });
    await rpc(url, access, 'tools/list', {}, { 'user-agent': marks.agent, cookie: `a=${marks.cookie}`, 'mcp-session-id': marks.value });
    await fetch(`${url}/healthz?${marks.path}`);
    await rpc(url, marks.token, 'tools/list');
    await fetch(authorizeUrl(url, clientId, pkce().challenge, { state: marks.state, scope: marks.value }));
    await post(`${url}/token`, { grant_type: 'refresh_token', client_id: clientId, client_secret: marks.secret, refresh_token: marks.token });
    await admin(url, 'PUT', '/admin/primer', `# ${marks.primer}`);
    await submit(await consentPage(authorizeUrl(url, clientId, pkce().challenge)), { api_key: wrongKey(key, 7), label: marks.value });
    await callTool(url, access, 'delete_record', { objectName: 'company', id });
    const again = await refresh(url, clientId, grant.refresh);

    const calls = (await admin(url, 'GET', '/admin/calls?limit=1000')).text;
    const outputs = {
        'the metrics': await metrics(), 'the trail': calls,
        'the trail as CSV': (await admin(url, 'GET', '/admin/calls?limit=1000&format=csv')).text,
        'the audit': (await admin(url, 'GET', '/admin/audit?limit=1000')).text,
    };
    await server.program.stop();
    outputs['the log'] = server.program.output;
    outputs['the spans'] = spans.text;
    for (const { trace } of eventsOf(server.program.output).filter((each) => each.trace))
        assert.ok(spans.spans.some((each) => each.traceId === trace && each.kind === 2), `${trace} has its span`);
    assert.ok(spans.spans.length > 50);
    assert.ok(outputs['the log'].includes('twenty_exchange') && outputs['the log'].includes('slow_call'));
    const secrets = {
        key, wrongKey: wrongKey(key, 7), adminToken, access, refresh: grant.refresh, renewed: again.body.access_token,
        session: begun.headers.get('mcp-session-id'), ...marks,
    };
    for (const [where, text] of Object.entries(outputs)) {
        for (const [name, secret] of Object.entries(secrets))
            assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), `${name} is in ${where}`);
        assert.equal(text.includes(label), where.startsWith('the trail'), `the label in ${where}`);
    }
    assert.ok(calls.includes(id), 'the trail has the ids of what was written');
    assert.ok(!spans.text.includes(id), 'and no span has');
});
