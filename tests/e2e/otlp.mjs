// What docs/observability.md promises of traces: a collector gets them as OTLP, joined to those of the
// client and of Twenty; and one that fails in any way harms nobody. (That no secret leaves with them:
// observability.mjs.)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { adminToken } from './support/admin.mjs';
import { collector } from './support/collector.mjs';
import { faultyTwenty } from './support/faulty_twenty.mjs';
import { callTool, rpc } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { event, eventsOf, requestOf, samplesOf, total, workspaceProcess } from './support/observed.mjs';
import { freePort, memoryFolder, service, until } from './support/program.mjs';

const find = { objectName: 'company', limit: 2 };
const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';

async function prepared(t, endpoint, env = {}) {
    const workspace = await workspaceProcess(t);
    const twenty = await faultyTwenty(t, workspace.url);
    const port = await freePort();
    const server = await service(t, twenty.url, {
        ADMIN_TOKEN: adminToken, TWENTY_MCP_METRICS_LISTEN: `127.0.0.1:${port}`, TWENTY_MCP_DATA_DIR: memoryFolder(t),
        ...(endpoint && { TWENTY_MCP_OTLP_ENDPOINT: endpoint }), ...env,
    });
    const samples = async () => samplesOf(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    const { access } = await login(server.url, workspace.key);
    return { workspace, twenty, server, samples, access };
}

const spansOf = (spans, kind, trace = undefined) =>
    spans.filter((each) => each.kind === kind && (!trace || each.traceId === trace));

test('a call is a span of its client\'s trace, and its exchanges with Twenty are spans below it', async (t) => {
    const there = await collector(t);
    const { server, twenty, access } = await prepared(t, `${there.url}/v1/traces`, {
        TWENTY_MCP_OTLP_HEADERS: 'authorization=Basic%20dXNlcjpwYXNz,x-scope=team',
    });
    twenty.requests.length = 0;
    const answer = await rpc(server.url, access, 'tools/call', { name: 'find_records', arguments: find }, {
        traceparent: `00-${traceId}-${parent}-01`, 'mcp-protocol-version': '2025-11-25',
    });
    const line = await requestOf(server.program, answer.headers.get('x-request-id'));
    await until(() => spansOf(there.spans, 2, traceId).length === 1, 'the span arrives by itself');

    const [served] = spansOf(there.spans, 2, traceId);
    assert.deepEqual([served.name, served.parentSpanId, served.flags], ['tools/call find_records', parent, 0x301]);
    const { 'twenty_mcp.queue_ms': queued, ...of } = served.of;
    assert.ok(queued >= 0);
    assert.deepEqual(of, {
        'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'find_records',
        'mcp.protocol.version': '2025-11-25', 'twenty.object': 'company', 'twenty_mcp.rows': 2,
        'twenty_mcp.records_written': 0, 'twenty_mcp.request_id': line.id, 'twenty_mcp.grant_id': line.grant,
    });
    const exchanges = spansOf(there.spans, 3, traceId);
    assert.equal(exchanges.length, Number(twenty.requests.length));
    assert.ok(exchanges.some((each) => each.name === 'POST graphql'));
    for (const each of exchanges) {
        assert.deepEqual([each.parentSpanId, each.flags], [served.spanId, 0x101]);
        assert.deepEqual([each.of['server.address'], each.of['server.port'], each.of['http.response.status_code']],
            ['127.0.0.1', twenty.port, 200]);
        assert.ok(BigInt(each.startTimeUnixNano) + 1_000_000n >= BigInt(served.startTimeUnixNano));
        assert.ok(BigInt(each.endTimeUnixNano) <= BigInt(served.endTimeUnixNano) + 1_000_000n);
    }
    // Twenty hears of the very spans that the collector gets.
    assert.deepEqual(twenty.requests.map(({ headers }) => headers.traceparent).sort(),
        exchanges.map((each) => `00-${traceId}-${each.spanId}-01`).sort());

    assert.equal(there.resource['service.name'], 'twenty-mcp');
    assert.match(there.resource['service.version'], /^\d+\.\d+\.\d+$/);
    assert.match(there.resource['service.instance.id'], /^[\da-f-]{36}$/);
    assert.deepEqual([there.requests[0].headers.authorization, there.requests[0].headers['x-scope']],
        ['Basic dXNlcjpwYXNz', 'team']);
});

test('a request without a trace begins one that its line in the log names, a failed one has its error', async (t) => {
    const there = await collector(t);
    const { server, twenty, workspace, access } = await prepared(t, there.url);
    const traced = async (method, params) => {
        const answer = await rpc(server.url, access, method, params);
        return requestOf(server.program, answer.headers.get('x-request-id'));
    };
    const listed = await traced('tools/list');
    const wrong = await traced('tools/call', { name: 'find_records', arguments: { objectName: 'nothing' } });
    const none = await traced('made/up');
    await workspace.set({ answer_500: 1 });
    const failed = await traced('tools/call', { name: 'find_records', arguments: find });
    Object.assign(twenty, { fault: 'reset', matches: /companies/ });
    const lost = await traced('tools/call', { name: 'find_records', arguments: find });
    await server.program.stop(); // the last spans leave with it
    const by = (line) => spansOf(there.spans, 2, line.trace)[0];
    assert.deepEqual([by(listed).name, by(listed).parentSpanId, by(listed).status], ['tools/list', undefined, undefined]);
    assert.deepEqual([by(wrong).of['error.type'], by(wrong).status], ['not_found', { code: 2 }]);
    assert.deepEqual([by(none).name, by(none).of['rpc.response.status_code']], ['other', '-32601']);
    assert.equal(by(failed).of['error.type'], 'upstream_refused');
    const refused = spansOf(there.spans, 3, failed.trace).filter((each) => each.of['http.response.status_code'] === 500);
    assert.deepEqual(refused.map((each) => each.of['error.type']), ['upstream_refused']);
    const tries = spansOf(there.spans, 3, lost.trace).filter((each) => each.of['error.type'] === 'upstream_down');
    assert.ok(tries.length > 1, `${tries.length} tries`);
    assert.deepEqual(tries.map((each) => each.of['http.request.resend_count'] ?? 0).sort(), tries.map((_, n) => n));
    assert.equal(new Set(tries.map((each) => each.spanId)).size, tries.length);
});

test('sampling keeps to the client\'s word, and to the ratio where there is none', async (t) => {
    const there = await collector(t);
    const { server, access, twenty } = await prepared(t, there.url, { TWENTY_MCP_TRACE_SAMPLE: '0' });
    const call = async (headers) => {
        twenty.requests.length = 0;
        await rpc(server.url, access, 'tools/call', { name: 'find_records', arguments: find }, headers);
        return twenty.requests.at(-1).headers.traceparent;
    };
    assert.match(await call({}), /-00$/);
    assert.match(await call({ traceparent: `00-${'1'.repeat(32)}-${parent}-00` }), /^00-1{32}-[\da-f]{16}-00$/);
    assert.match(await call({ traceparent: `00-${traceId}-${parent}-01` }), /-01$/);
    await server.program.stop();
    assert.deepEqual([...new Set(there.spans.map((each) => each.traceId))], [traceId]);
});

// What a collector may do to its senders, and whether its spans are tried again.
const failures = {
    'hangs': { answer: () => {} },
    'closes': { answer: (_, response) => response.socket.destroy(), again: true },
    'answers 429 with Retry-After': {
        answer: (_, response) => response.writeHead(429, { 'retry-after': '1' }).end(), again: true, pause: 1000,
    },
    'answers 503 with Retry-After': {
        answer: (_, response) => response.writeHead(503, { 'retry-after': '2' }).end(), again: true, pause: 2000,
    },
    'answers 400': { answer: (_, response) => response.writeHead(400).end('{"code":3,"message":"bad"}') },
    'answers something else than HTTP': { answer: (_, response) => response.socket.end('nonsense\r\n\r\n'), again: true },
};
test('a collector that fails harms no call, and the service stops in time', { concurrency: true }, (all) => Promise.all(
    Object.entries(failures).map(([name, { answer, again, pause = 900 }]) => all.test(`one that ${name}`, async (t) => {
        const there = await collector(t, answer);
        const { server, access, samples } = await prepared(t, there.url);
        const call = () => callTool(server.url, access, 'find_records', find);
        assert.equal((await call()).failed, false);
        await until(() => there.requests.length > 0, 'the collector was asked');
        const begun = Date.now();
        for (let n = 0; n < 20; n += 1) assert.equal((await call()).failed, false);
        assert.ok(Date.now() - begun < 5000, 'nobody waits for it');
        const dropped = async (reason) => total(await samples(), 'twenty_mcp_spans_dropped_total', `reason="${reason}"`);
        if (again) {
            await until(() => there.requests.length > 1, 'it is tried again');
            const [first, second] = there.requests;
            assert.ok(second.at - first.at >= pause, `after ${second.at - first.at} ms`);
            assert.equal(await dropped('refused'), 0);
        } else if (name === 'answers 400') {
            assert.ok(await until(() => dropped('refused'), 'they are dropped') > 0);
        }
        if (name !== 'hangs') {
            const { why } = await event(server.program, 'collector_failed');
            assert.ok(why, 'the log says why');
        }
        assert.equal(total(await samples(), 'twenty_mcp_spans_exported_total'), 0);
        const stopping = Date.now();
        await server.program.stop();
        assert.ok(Date.now() - stopping < 5000, `it took ${Date.now() - stopping} ms`);
        assert.ok(eventsOf(server.program.output).filter((each) => each.event === 'collector_failed').length <= 1,
            'it is said once');
    })),
));

test('a collector that comes back gets what waited, and both are said once', async (t) => {
    const there = await collector(t);
    await there.close();
    const { server, access, samples } = await prepared(t, there.url);
    await callTool(server.url, access, 'find_records', find);
    const { why, detail } = await event(server.program, 'collector_failed');
    assert.match(`${why} ${detail}`, /collector cannot be reached.*127\.0\.0\.1/);
    await there.listen(there.port);
    await event(server.program, 'collector_back');
    assert.ok(there.spans.some((each) => each.of['gen_ai.tool.name'] === 'find_records'));
    await until(async () => total(await samples(), 'twenty_mcp_spans_exported_total') === there.spans.length, 'counted');
    assert.equal(total(await samples(), 'twenty_mcp_spans_dropped_total'), 0);
    assert.equal(eventsOf(server.program.output).filter((each) => each.event === 'collector_failed').length, 1);
});

test('traces that come faster than they are told of are left out and counted, and what waits is bounded', async (t) => {
    const there = await collector(t, () => {});
    const { server, access, samples } = await prepared(t, there.url);
    const resident = () => Number(readFileSync(`/proc/${server.program.process.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
    const ping = () => rpc(server.url, access, 'ping');
    const flood = async (count) => {
        for (let n = 0; n < count; n += 50) await Promise.all(Array.from({ length: 50 }, ping));
    };
    await flood(2500);
    const left = async () => total(await samples(), 'twenty_mcp_spans_dropped_total', 'reason="rate"');
    const used = async () => total(await samples(), 'twenty_mcp_memory_budget_used_bytes', 'budget="spans"');
    assert.ok(await left() > 0, 'there is a rate');
    assert.ok(await used() > 100_000, `${await used()}`);
    const before = resident();
    await flood(2500);
    assert.ok(await left() > 2500, `${await left()}`);
    assert.ok(await used() <= total(await samples(), 'twenty_mcp_memory_budget_limit_bytes', 'budget="spans"'));
    if (!process.env.E2E_SANITIZED) assert.ok(resident() - before < 8 * 1024, `${resident() - before} KB more`);
});

test('without a collector there are no spans, no metric of them and no trace of our own', async (t) => {
    const { server, twenty, access, samples } = await prepared(t, undefined);
    twenty.requests.length = 0;
    const answer = await rpc(server.url, access, 'tools/call', { name: 'find_records', arguments: find });
    const line = await requestOf(server.program, answer.headers.get('x-request-id'));
    assert.deepEqual([line.trace, twenty.requests[0].headers.traceparent], [undefined, undefined]);
    assert.ok(![...(await samples()).keys()].some((each) => each.includes('spans')));
});
