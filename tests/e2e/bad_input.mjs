// Whatever goes wrong, on whichever side: a clear answer that says what to change, nothing
// lost, nothing of the workspace's raw answers passed on.
import assert from 'node:assert/strict';
import test from 'node:test';
import { faultNames, faultyTwenty, leak } from './support/faulty_twenty.mjs';
import {
    approve, authorizeUrl, consentPage, login, pkce, post, redeem, refresh, register, submit,
} from './support/oauth.mjs';
import { callTool, initialize, rpc, send } from './support/mcp.mjs';
import { demo, service } from './support/program.mjs';

const noId = '00000000-0000-4000-8000-000000000000';

function clear(text, what) {
    assert.ok(text.length > 10 && text.length < 2000, `${what}: a short sentence: ${text}`);
    assert.ok(!text.includes('secret-place') && !text.includes('<html'), `${what}: no raw body: ${text}`);
}

// A tool result that the model can act on.
function recoverable(result, says, what) {
    assert.ok(result.failed, `${what} is refused`);
    assert.ok(!result.error, `${what}: a tool result, not a protocol error: ${result.text}`);
    clear(result.text, what);
    assert.match(result.text, says, what);
}

test('a key that is wrong is explained on the consent page', async (t) => {
    const server = await demo(t);
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = (claims) => `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
    const later = Math.floor(Date.now() / 1000) + 86400;
    const id = '20202020-1c25-4d02-bf25-6aeccf7ea419';
    const wrong = {
        empty: '',
        'no key at all': 'hunter2',
        'unknown or revoked': jwt({ sub: id, type: 'API_KEY', workspaceId: id, jti: noId, exp: later }),
        expired: jwt({ sub: id, type: 'API_KEY', workspaceId: id, jti: noId, exp: 1_600_000_000 }),
        'a session token': jwt({ sub: id, type: 'ACCESS', workspaceId: id, userId: id, exp: later }),
        'far too long': 'x'.repeat(9000),
        'control characters': `${server.key}\u0000\r\nX-Injected: 1`,
    };
    const clientId = await register(server.url);
    for (const [what, key] of Object.entries(wrong)) {
        const page = await consentPage(authorizeUrl(server.url, clientId, pkce().challenge));
        const response = await submit(page, { api_key: key });
        const html = await response.text();
        assert.equal(response.headers.get('location'), null, what);
        assert.ok(response.status >= 400 && response.status < 500, `${what}: ${response.status}`);
        assert.match(html, /role="alert"|can&#39;t be used/, what);
        if (key.length > 6) assert.ok(!html.includes(key), `${what}: the key is not shown again`);
    }
    assert.ok(!server.program.output.includes('hunter2'), 'nor logged');
    assert.equal(server.program.output.split(server.key).length, 2, 'the demo prints its key once');
});

test('a key pasted with blanks and line breaks around it is good', async (t) => {
    const server = await demo(t);
    const grant = await login(server.url, `  ${server.key}\r\n`);
    assert.ok(grant.access);
});

test('a workspace that is down or ill at consent is said to be so', async (t) => {
    const { workspace, key } = await demo(t);
    const twenty = await faultyTwenty(t, workspace);
    const server = await service(t, twenty.url);
    const clientId = await register(server.url);
    for (const fault of faultNames.filter((name) => name !== 'hung')) {
        twenty.fault = fault;
        const page = await consentPage(authorizeUrl(server.url, clientId, pkce().challenge));
        const response = await submit(page, { api_key: key });
        const html = await response.text();
        assert.equal(response.headers.get('location'), null, fault);
        assert.match(html, /role="alert"/, fault);
        assert.ok(!html.includes('secret-place'), fault);
    }
    twenty.fault = null;
    assert.ok((await login(server.url, key, {}, clientId)).access, 'and well again afterwards');
});

test('every illness of the workspace becomes a tool result', { timeout: 200_000 }, async (t) => {
    const { workspace, key } = await demo(t);
    const twenty = await faultyTwenty(t, workspace);
    const server = await service(t, twenty.url);
    const { access } = await login(server.url, key);
    const find = () => callTool(server.url, access, 'find_records', { objectName: 'company', limit: 1 });
    assert.ok(!(await find()).failed);

    // Those that may take the whole time of a call run side by side with nothing else.
    for (const fault of faultNames) {
        twenty.fault = fault;
        const started = Date.now();
        const result = await find();
        recoverable(result, /Twenty|workspace/i, fault);
        assert.ok(Date.now() - started < 55_000, `${fault}: answered within the budget`);
        twenty.fault = null;
        const after = await find();
        assert.ok(!after.failed, `well again after ${fault}: ${after.text}`);
    }

    const { port } = twenty;
    await twenty.close();
    recoverable(await find(), /Twenty|workspace/i, 'down');
    await twenty.listen(port);
    assert.ok(!(await find()).failed, 'well again after being down');

    twenty.delay = 2000;
    assert.ok(!(await find()).failed, 'slow is not ill');
});

test('a write that may or may not have arrived is not sent twice', async (t) => {
    const { workspace, key } = await demo(t);
    const twenty = await faultyTwenty(t, workspace);
    const server = await service(t, twenty.url);
    const { access } = await login(server.url, key);
    const found = await callTool(server.url, access, 'find_records', { objectName: 'company', limit: 1 });
    const [id] = found.text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/);
    twenty.requests.length = 0;
    twenty.fault = 'cut short';
    const result = await callTool(server.url, access, 'update_record',
        { objectName: 'company', id, data: { name: 'Perhaps' } });
    recoverable(result, /./, 'an update without an answer');
    const writes = twenty.requests.filter((request) => /mutation/.test(request.body));
    assert.ok(writes.length <= 1, `${writes.length} mutations were sent`);
});

test('objects, fields, ids and arguments that do not exist are named with what does', async (t) => {
    const server = await demo(t);
    const { access } = await login(server.url, server.key);
    const call = (name, args) => callTool(server.url, access, name, args);
    const company = (data) => ({ objectName: 'company', data });

    recoverable(await call('find_records', { objectName: 'compnay' }), /company/, 'unknown object');
    recoverable(await call('describe_object', { objectName: '' }), /object/i, 'empty object');
    recoverable(await call('find_records', { objectName: 'company', filter: 'nmae[eq]:"x"' }),
        /name/, 'unknown field in a filter');
    recoverable(await call('find_records', { objectName: 'company', orderBy: 'nmae' }),
        /name/, 'unknown field in an order');
    recoverable(await call('find_records', { objectName: 'company', filter: 'name[eq' }),
        /filter/i, 'broken filter');
    recoverable(await call('create_record', company({ nmae: 'x' })), /name/, 'unknown field');
    recoverable(await call('create_record', company({ employees: 'many' })), /employees/,
        'wrong type of a value');
    recoverable(await call('create_record', { objectName: 'company' }), /data/, 'nothing to write');
    recoverable(await call('update_record', { ...company({}), id: noId }), /./, 'nothing to change');

    for (const id of ['', '?x=1', '../companies', 'company', `${noId}/..`, `${noId}?depth=2`, '*']) {
        for (const tool of ['get_record', 'update_record', 'delete_record', 'restore_record']) {
            const args = { objectName: 'company', id, ...(tool === 'update_record' && { data: { name: 'x' } }) };
            recoverable(await call(tool, args), /id|UUID/i, `${tool} with id "${id}"`);
        }
    }
    recoverable(await call('get_record', { objectName: 'company', id: noId }), /not|no /i, 'no such record');
    recoverable(await call('find_records', { objectName: 'company', cursor: 'nonsense' }), /cursor/i,
        'made-up cursor');

    recoverable(await call('find_records', {}), /objectName/, 'missing argument');
    recoverable(await call('find_records', { objectName: 7 }), /objectName/, 'argument of a wrong type');
    recoverable(await call('find_records', { objectName: 'company', limit: 'all' }), /limit/, 'wrong limit');
    recoverable(await call('get_record', { objectName: 'company', id: noId, nmae: 1 }), /./, 'unknown argument');

    recoverable(await call('run_graphql', { endpoint: 'graphql', query: '{ companies { edges' }), /./,
        'broken GraphQL');
    recoverable(await call('run_graphql', {
        endpoint: 'graphql', query: 'mutation { deleteCompany(id: "x") { id } }',
    }), /run_graphql_mutation|mutation/i, 'a mutation as a query');

    const unknown = await rpc(server.url, access, 'tools/call', { name: 'drop_database', arguments: {} });
    assert.equal(unknown.json.error.code, -32602, unknown.text);
    const method = await rpc(server.url, access, 'tools/destroy');
    assert.equal(method.json.error.code, -32601, method.text);
});

test('a connection that may only read cannot write by any tool', async (t) => {
    const server = await demo(t);
    const { access } = await login(server.url, server.key, { mode: 'read' });
    const { json } = await rpc(server.url, access, 'tools/list');
    const names = json.result.tools.map((tool) => tool.name);
    for (const tool of ['create_record', 'update_record', 'delete_record', 'restore_record',
        'run_graphql_mutation']) {
        assert.ok(!names.includes(tool), `${tool} is not offered`);
        const answer = await rpc(server.url, access, 'tools/call',
            { name: tool, arguments: { objectName: 'company', id: noId, data: { name: 'x' } } });
        assert.ok(answer.status === 403 || answer.json.error || answer.json.result.isError, tool);
    }
});

test('bodies that are no request are refused before anything happens', async (t) => {
    const server = await demo(t);
    const { access } = await login(server.url, server.key);
    const deep = '['.repeat(1000) + ']'.repeat(1000);
    const call = (args) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_records","arguments":${args}}}`;
    const bodies = {
        'not JSON': ['{"jsonrpc"', 400],
        empty: ['', 400],
        'not UTF-8': [Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400],
        'a number': ['42', 400],
        'no JSON-RPC': ['{"id":1,"method":"ping"}', 400],
        '1,000 levels': [deep, 400],
        '1,000 levels inside of arguments': [call(`{"objectName":"company","filter":${deep}}`), [200, 400]],
        'too large': [call(`{"objectName":"${'x'.repeat(9_000_000)}"}`), 413],
    };
    for (const [what, [body, status]] of Object.entries(bodies)) {
        const answer = await send(server.url, access, body).catch((error) => {
            // A server may close the connection while the rest of a huge body is on its way.
            assert.equal(what, 'too large', `${what}: ${error.cause ?? error}`);
            return { status: 413 };
        });
        assert.ok([status].flat().includes(answer.status), `${what}: ${answer.status} ${answer.text}`);
        if (answer.status === 200) assert.ok(answer.json.error || answer.json.result.isError, what);
    }
    const xml = await send(server.url, access, '<xml/>', { 'content-type': 'text/xml' });
    assert.equal(xml.status, 415);
    for (const path of ['/nothing', '/mcp/../admin', '/admin']) {
        const { status } = await fetch(`${server.url}${path}`);
        assert.ok([400, 404, 405, 503].includes(status), `${path}: ${status}`);
    }
    const { status } = await fetch(`${server.url}/token`);
    assert.equal(status, 405);
    assert.equal((await rpc(server.url, access, 'ping')).status, 200, 'and the server is well');
});

test('tokens that are none, spent or of another kind are refused', async (t) => {
    const server = await demo(t);
    const grant = await login(server.url, server.key);
    for (const token of ['', 'nonsense', grant.refresh, `${grant.access}x`, server.key]) {
        const answer = await rpc(server.url, token, 'initialize', initialize);
        assert.equal(answer.status, 401, `token "${token.slice(0, 8)}": ${answer.text}`);
        assert.match(answer.headers.get('www-authenticate'), /^Bearer .*resource_metadata=/);
    }
    const inQuery = await fetch(`${server.url}/mcp?access_token=${grant.access}`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}',
    });
    assert.equal(inQuery.status, 401, 'a token in the address does not count');

    // RFC 6749 §10.5: a code that is redeemed twice ends what it gave.
    const clientId = await register(server.url);
    const { verifier, challenge } = pkce();
    const back = await approve(authorizeUrl(server.url, clientId, challenge), { api_key: server.key });
    const code = back.searchParams.get('code');
    const wrongVerifier = await redeem(server.url, clientId, code, pkce().verifier);
    assert.equal(wrongVerifier.body.error, 'invalid_grant');
    const first = await redeem(server.url, clientId, code, verifier);
    const second = await redeem(server.url, clientId, code, verifier);
    assert.equal(second.status, 400);
    assert.equal(second.body.error, 'invalid_grant');
    if (first.status === 200) {
        const after = await rpc(server.url, first.body.access_token, 'initialize', initialize);
        assert.equal(after.status, 401, 'a code that leaked ends the connection');
    }

    const stolen = await refresh(server.url, clientId, grant.refresh);
    assert.equal(stolen.status, 400, 'a refresh token belongs to its client');
    const basic = await post(`${server.url}/token`, { grant_type: 'password', client_id: clientId });
    assert.equal((await basic.json()).error, 'unsupported_grant_type');
});

test('a redirect address that was not registered gets nothing', async (t) => {
    const server = await demo(t);
    const clientId = await register(server.url);
    const url = authorizeUrl(server.url, clientId, pkce().challenge,
        { redirect_uri: 'https://evil.example/callback' });
    const response = await fetch(url, { redirect: 'manual' });
    assert.equal(response.status, 400);
    assert.equal(response.headers.get('location'), null);
    for (const [what, metadata] of Object.entries({
        script: { redirect_uris: ['javascript:alert(1)'] },
        'plain http': { redirect_uris: ['http://evil.example/cb'] },
        none: { redirect_uris: [] },
    })) {
        const answer = await fetch(`${server.url}/register`, {
            method: 'POST', headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ client_name: 'x', ...metadata }),
        });
        assert.equal(answer.status, 400, what);
    }
});

test('a browser page of another site is refused', async (t) => {
    const server = await demo(t);
    const { access } = await login(server.url, server.key);
    const answer = await rpc(server.url, access, 'ping', {}, { origin: 'https://evil.example' });
    assert.equal(answer.status, 403);
    assert.ok(!leak.includes(answer.text));
});
