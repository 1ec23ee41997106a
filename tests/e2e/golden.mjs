// Every row of golden/protocol.json against the fixture server: what one endpoint answers to
// both protocol eras and to bad input. How a row is read:
//   as       modern: with an envelope and its headers; session: in a session of its own
//   each     the row's variants, laid over it one after the other
//   set      members of the envelope; `envelope` replaces it or, where null, takes members out
//   state    what is done to the requestState of a first round before the row's request
//   negotiated  of the session, if it is not 2025-11-25
//   answer   status, content type, JSON-RPC code, members by path; null type: no body
//   sdk      what the official SDK's server answers, where ours `differs` and why
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { freePort, Program } from './support/program.mjs';
import { exchange, has } from './support/exchange.mjs';

const rows = JSON.parse(readFileSync(new URL('../golden/protocol.json', import.meta.url)));
const plain = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const version = { modern: '2026-07-28', session: '2025-11-25' };
const own = 'io.modelcontextprotocol/';
const unknownSession = Buffer.alloc(32, 7).toString('base64url');

async function start(t) {
    const port = await freePort();
    const program = new Program([String(port)]);
    t.after(() => program.stop());
    await program.until((output) => output.includes('conformance fixtures on'));
    return { url: `http://127.0.0.1:${port}/mcp`, program };
}

function envelope(row) {
    const whole = {
        [`${own}protocolVersion`]: row.version ?? version.modern,
        [`${own}clientCapabilities`]: { elicitation: {} },
        [`${own}clientInfo`]: { name: 'golden', version: '1' },
    };
    const given = row.envelope;
    if (given === undefined) return { ...whole, ...row.set };
    if (given === null || typeof given !== 'object' || Array.isArray(given)) return given;
    return Object.fromEntries(Object.entries(whole).filter(([name]) => !(name in given)));
}

async function openSession(server, grant, capabilities = {}, negotiated = version.session) {
    const answer = await exchange(server.url, {
        headers: { ...plain, ...(grant && { 'x-fixture-grant': grant }) },
        body: {
            jsonrpc: '2.0', id: 0, method: 'initialize',
            params: { protocolVersion: negotiated, capabilities, clientInfo: { name: 'golden', version: '1' } },
        },
    });
    assert.equal(answer.status, 200, answer.text);
    return answer.headers['mcp-session-id'];
}

// An event id of a stream in a session that is not the row's.
async function foreignEvent(server) {
    const headers = { ...plain, 'mcp-session-id': await openSession(server), 'mcp-protocol-version': version.session };
    const answer = await exchange(server.url, {
        headers,
        body: {
            jsonrpc: '2.0', id: 1, method: 'tools/call',
            params: { name: 'test_tool_with_progress', arguments: {}, _meta: { progressToken: 1 } },
        },
    });
    assert.ok(answer.events.length >= 4, answer.text);
    return answer.events[0].id;
}

// A task of the first grant.
async function startTask(server) {
    const request = withEnvelope({
        body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'slow_compute', arguments: { seconds: 60 } } },
        set: { [`${own}clientCapabilities`]: { extensions: { [`${own}tasks`]: {} } } },
    });
    const { json } = await exchange(server.url, request);
    has(json, { 'result.resultType': 'task' }, 'a long call');
    return json.result.taskId;
}

function withEnvelope(row) {
    const body = structuredClone(row.body);
    const headers = { ...plain, 'mcp-protocol-version': row.version ?? version.modern };
    headers['mcp-method'] = body.method;
    const name = body.params?.name ?? body.params?.uri ?? body.params?.taskId;
    if (name) headers['mcp-name'] = name;
    if (row.envelope !== false) body.params = { ...body.params, _meta: envelope(row) };
    return { body, headers };
}

// The bytes of a row that is no JSON value, or is one that would be long to write down.
function bodyOf(row, body) {
    if (row.text !== undefined) return row.text;
    if (row.base64) return Buffer.from(row.base64, 'base64');
    if (row.nested) return '['.repeat(row.nested) + ']'.repeat(row.nested);
    if (row.repeat) return Array(row.repeat).fill(body[0]);
    const text = JSON.stringify(body);
    return text?.replace('"$envelope"', JSON.stringify(envelope({})));
}

async function requestOf(server, row) {
    if (row.body?.params?.taskId === '$task') {
        row = structuredClone(row);
        row.body.params.taskId = await startTask(server);
    }
    const request = { method: row.method, body: row.body, headers: { ...plain } };
    if (row.as === 'modern') Object.assign(request, withEnvelope(row));
    let session;
    if (row.as === 'session') {
        session = await openSession(server, undefined, {}, row.negotiated);
        Object.assign(request.headers, { 'mcp-session-id': session, 'mcp-protocol-version': version.session });
    }
    Object.assign(request.headers, row.headers);
    if (row.grant) request.headers['x-fixture-grant'] = row.grant;
    for (const [name, value] of Object.entries(request.headers)) {
        if (value === '$unknown') request.headers[name] = unknownSession;
        if (value === '$altered') request.headers[name] = session.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'));
        if (value === '$foreign-event') request.headers[name] = await foreignEvent(server);
    }
    request.body = bodyOf(row, request.body);
    if (['GET', 'HEAD', 'DELETE'].includes(request.method)) delete request.body;
    return request;
}

const flip = (text, at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
const states = {
    'as given': (state) => state,
    altered: (state) => flip(state, 40),
    cut: (state) => state.slice(0, -4),
    'made up': () => 'c29tZSBzdGF0ZQ',
    empty: () => '',
    'a number': () => 7,
};

// The second round of a request, with a requestState that was dealt with as the row says.
async function secondRound(server, row) {
    const first = await exchange(server.url, await requestOf(server, row));
    has(first.json, { 'result.resultType': 'input_required' }, 'the first round');
    const state = first.json.result.requestState;
    const again = structuredClone(row);
    const params = again.body.params;
    params.requestState = (states[row.state] ?? states['as given'])(state);
    params.inputResponses = row.inputs;
    again.body.id = 2;
    if (row.state === 'foreign') again.grant = 'second';
    if (row.state === 'of other arguments') params.arguments = { other: true };
    if (row.state === 'of another tool') params.name = 'test_input_required_result_tampered_state';
    if (row.state === 'expired') {
        server.program.process.kill('SIGUSR1'); // 16 minutes pass
        await server.program.until(async () => {
            const answer = await exchange(server.url, await requestOf(server, again));
            return answer.json.error;
        });
    }
    if (row.state === 'replayed') await exchange(server.url, await requestOf(server, again));
    return requestOf(server, again);
}

function check(answer, wanted, request, what) {
    what = `${what}: ${answer.text.slice(0, 400)}`;
    assert.equal(answer.status, wanted.status, what);
    assert.equal(answer.type, wanted.type, what);
    if (wanted.type === null) assert.equal(answer.text, '', what);
    const json = answer.json ?? answer.events?.at(-1)?.data;
    assert.equal(json?.error?.code, wanted.code, what);
    if (json?.error && json.jsonrpc) {
        const id = 'id' in wanted ? wanted.id : JSON.parse(request.body).id;
        assert.equal(json.id, id ?? null, what);
        assert.equal(typeof json.error.message, 'string', what);
    }
    has(json, wanted.has, what);
    has(answer.headers, wanted.headers, what);
    if (wanted.session) assert.match(answer.headers['mcp-session-id'], /^[!-~]{32,}$/, what);
    if (wanted.events)
        assert.deepEqual(answer.events.filter((e) => e.data).map((e) => e.data.method), wanted.events, what);
}

async function run(server, row) {
    const request = await (row.state ? secondRound : requestOf)(server, row);
    for (const { answer, ...before } of row.before ?? []) {
        const { headers } = request;
        const earlier = await exchange(server.url, { headers, ...before });
        assert.equal(earlier.status, answer.status, earlier.text);
    }
    // An open stream is heard until it has said what the row expects, or more.
    const enough = (events) => events.filter((e) => e.data).length >= row.answer.events.length;
    const answer = await exchange(server.url, request, row.answer.events && enough);
    check(answer, row.answer, request, row.id);
}

test('the golden table', async (t) => {
    const server = await start(t);
    for (const row of rows) {
        await t.test(`${row.id}: ${row.says}`, async () => {
            for (const variant of row.each ?? [{}])
                await run(server, { ...row, ...variant, answer: { ...row.answer, ...variant.answer } });
        });
    }
});

test('every row of the table is there once, and every difference has its reason', () => {
    const ids = rows.map((row) => row.id);
    assert.deepEqual(ids.filter((id) => id[0] === 'G'), Array.from({ length: 34 }, (_, i) => `G${i + 1}`));
    assert.equal(new Set(ids).size, ids.length);
    for (const row of rows)
        assert.equal(Boolean(row.sdk), Boolean(row.differs), `${row.id}: sdk and differs go together`);
});

const slow = (id, progressToken) => ({
    jsonrpc: '2.0', id, method: 'tools/call',
    params: { name: 'test_tool_with_progress', arguments: {}, _meta: { progressToken } },
});

test('two requests of one id in flight are both answered, each on its own stream', async (t) => {
    const server = await start(t);
    const headers = { ...plain, 'mcp-session-id': await openSession(server), 'mcp-protocol-version': version.session };
    const answers = await Promise.all(['a', 'b'].map((token) =>
        exchange(server.url, { headers, body: slow(7, token) })));
    for (const [i, token] of ['a', 'b'].entries()) {
        const messages = answers[i].events.map((e) => e.data).filter(Boolean);
        const progress = messages.filter((m) => m.method);
        assert.deepEqual(progress.map((m) => m.params.progressToken), [token, token, token]);
        has(messages.at(-1), { id: 7, 'result.content.0.text': 'Progress reported' }, token);
    }
});

test('a request that is cancelled as it finishes gets its result or nothing, and no second one', async (t) => {
    const server = await start(t);
    const headers = { ...plain, 'mcp-session-id': await openSession(server), 'mcp-protocol-version': version.session };
    const cancel = (requestId) => exchange(server.url, {
        headers, body: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } },
    });
    let finished = 0;
    let dropped = 0;
    for (let id = 1; id <= 24; id += 1) {
        // The tool takes a tenth of a second; this is spread around its end.
        const late = new Promise((resolve) => { setTimeout(resolve, 88 + id); }).then(() => cancel(id));
        const [answer, cancelled] = await Promise.all([exchange(server.url, { headers, body: slow(id, id) }), late]);
        assert.equal(cancelled.status, 202);
        const results = answer.events.filter((e) => e.data && 'id' in e.data);
        if (results.length === 0) {
            dropped += 1;
        } else {
            has(results[0].data, { id, 'result.content.0.text': 'Progress reported' }, `request ${id}`);
            assert.equal(results.length, 1);
            finished += 1;
        }
    }
    assert.equal((await cancel('of no request')).status, 202);
    t.diagnostic(`${finished} finished, ${dropped} dropped`);
    assert.equal((await exchange(server.url, { headers, body: { jsonrpc: '2.0', id: 99, method: 'ping' } })).status, 200);
});
