// The admin API as a team's administrator uses it, held to its own OpenAPI document.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import test from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { admin, adminToken, documented } from './support/admin.mjs';
import { callTool, initialize, rpc } from './support/mcp.mjs';
import { authorizeUrl, consentPage, login, pkce, refresh, register, submit } from './support/oauth.mjs';
import { demo, service } from './support/program.mjs';

async function prepared(t, env = {}) {
    const { workspace, key, readOnlyKey } = await demo(t);
    const server = await service(t, workspace, Object.assign(env, { ADMIN_TOKEN: adminToken }));
    return { server, key, readOnlyKey };
}

// A session with an open stream. ended(): resolves with the seconds since `since` when it is over.
async function listening(base, access) {
    const begun = await rpc(base, access, 'initialize', initialize);
    const session = begun.headers.get('mcp-session-id');
    const response = await fetch(`${base}/mcp`, {
        headers: {
            authorization: `Bearer ${access}`, accept: 'text/event-stream', 'mcp-session-id': session,
        },
    });
    assert.equal(response.status, 200);
    const reader = response.body.getReader();
    const over = (async () => {
        try {
            while (!(await reader.read()).done) { /* what comes does not matter */ }
        } catch { /* cut off: over as well */ }
        return Date.now();
    })();
    return { session, over, leave: () => reader.cancel() };
}

test('the OpenAPI document is valid, and every endpoint answers as it says', async (t) => {
    const { server, key } = await prepared(t);
    const { document, call, seen } = await documented(server.url);
    const validator = new Validator();
    const verdict = await validator.validate(document);
    assert.ok(verdict.valid, JSON.stringify(verdict.errors));
    assert.equal(validator.version, '3.1');
    assert.equal(document.servers[0].url, server.url);

    const grant = await login(server.url, key, { label: 'Work laptop' });
    await callTool(server.url, grant.access, 'list_objects');
    const { endpoints } = await call('GET', '/admin');
    await call('GET', '/admin/openapi.json');
    await call('GET', '/admin/primer', {}, 404);
    await call('PUT', '/admin/primer', { body: '# One\n' });
    await call('PUT', '/admin/primer', { body: '# Two\n' });
    await call('PUT', '/admin/primer', { body: '# Three\n', headers: { 'if-match': '"old"' } }, 412);
    await call('PUT', '/admin/primer', { body: ' ' }, 400);
    await call('GET', '/admin/primer');
    const lint = (body) => call('POST', '/admin/primer/lint', { body });
    assert.equal((await lint('# Ours\n')).workspaces.length, 1);
    await call('POST', '/admin/primer/lint', { body: ' ' }, 400);
    const { versions } = await call('GET', '/admin/primer/history');
    assert.deepEqual(versions.map(({ bytes, current }) => [bytes, current]), [[6, true], [6, false]]);
    const [, first] = versions;
    const history = '/admin/primer/history/{version}';
    const path = `/admin/primer/history/${first.version}`;
    assert.equal(await call('GET', history, { path }), '# One\n');
    await call('GET', history, { path: '/admin/primer/history/999' }, 404);
    await call('POST', '/admin/primer/rollback', { body: { version: first.version } });
    assert.equal(await call('GET', '/admin/primer'), '# One\n');
    assert.match((await callTool(server.url, grant.access, 'get_primer')).text, /# One/);
    await call('POST', '/admin/primer/rollback', { body: { version: 999 } }, 404);
    await call('POST', '/admin/primer/rollback', { body: { versoin: 1 } }, 400);
    await call('DELETE', '/admin/primer');

    const skill = '/admin/skills/{name}';
    const ours = { path: '/admin/skills/ours' };
    const body = '---\nname: ours\ndescription: Does it.\n---\n';
    await call('GET', skill, ours, 404);
    await call('PUT', skill, { ...ours, body });
    await call('PUT', skill, { ...ours, body: { files: { 'SKILL.md': body, 'a.md': 'x' } } });
    await call('PUT', skill, { ...ours, body: '# Ours\n' }, 400);
    await call('PUT', skill, { ...ours, body, headers: { 'if-match': '"old"' } }, 412);
    await call('PUT', skill, { ...ours, body: `${body}${'x'.repeat(100_000)}` }, 413);
    await call('PUT', skill, { ...ours, body, headers: { 'content-type': 'text/html' } }, 415);
    assert.deepEqual(Object.keys((await call('GET', skill, ours)).files), ['SKILL.md', 'a.md']);
    assert.equal((await call('GET', '/admin/skills')).skills.length, 1);
    const kept = await call('GET', `${skill}/history`, { path: `${ours.path}/history` });
    const back = { path: `${ours.path}/rollback`, body: { version: kept.versions[1].version } };
    await call('POST', `${skill}/rollback`, back);
    await call('POST', `${skill}/rollback`, { ...back, body: { version: 999 } }, 404);
    await call('DELETE', skill, { ...ours, headers: { 'if-match': '"old"' } }, 412);
    await call('DELETE', skill, ours);

    const { connections } = await call('GET', '/admin/connections');
    assert.equal(connections.length, 1);
    assert.equal(connections[0].label, 'Work laptop');
    assert.equal(connections[0].mode, 'write');
    const one = { path: `/admin/connections/${connections[0].id}` };
    assert.deepEqual(await call('GET', '/admin/connections/{id}', one), connections[0]);
    assert.deepEqual(await call('POST', '/admin/schema/refresh'), { dropped: 1 });
    assert.ok(!(await callTool(server.url, grant.access, 'list_objects')).failed);
    const status = await call('GET', '/admin/status');
    assert.equal(status.connections, 1);
    assert.deepEqual(await call('GET', '/admin/writes'), { pauses: [] });
    const of = { connection: connections[0].id };
    const paused = await call('POST', '/admin/writes/pause', { body: { ...of, reason: 'Holidays' } });
    assert.deepEqual(paused.pauses.map(({ since: _, ...one }) => one), [{ of: 'connection', ...of, reason: 'Holidays' }]);
    await call('POST', '/admin/writes/pause', { body: { ...of, all: true } }, 400);
    await call('POST', '/admin/writes/pause', { body: { key: '000000000000' } }, 404);
    assert.deepEqual(await call('POST', '/admin/writes/resume', { body: of }), { pauses: [] });
    assert.deepEqual(await call('DELETE', '/admin/connections/{id}', one), { ended: 1 });
    await call('DELETE', '/admin/connections/{id}', one, 404);
    await call('GET', '/admin/connections/{id}', one, 404);
    await call('POST', '/admin/connections/revoke', { body: { all: true } });
    await call('POST', '/admin/connections/revoke', { body: {} }, 400);
    await call('GET', '/admin/keys');
    await call('GET', '/admin/keys');
    await call('GET', '/admin/audit');
    const { calls } = await call('GET', '/admin/calls');
    assert.equal(calls[0].tool, 'list_objects');
    assert.equal(calls[0].label, 'Work laptop');
    await call('GET', '/admin/calls', { path: '/admin/calls?outcome=ok&limit=0' }, 400);
    assert.equal((await call('GET', '/admin/calls/chain')).last, calls[0].id);
    const { level } = await call('GET', '/admin/log-level');
    await call('PUT', '/admin/log-level', { body: { level: 'loud' } }, 400);
    assert.deepEqual(await call('PUT', '/admin/log-level', { body: { level } }), { level });
    await call('GET', '/admin/audit', { headers: { authorization: 'Bearer wrong' } }, 401);
    await call('GET', '/admin/audit', { headers: { origin: 'https://example.com' } }, 403);
    const all = endpoints.map(({ method, path: row }) => `${method} ${row}`);
    assert.deepEqual([...seen].sort(), all.sort(), 'no endpoint was left out');
});

test('a primer is held to the data models of the workspaces that were called, and kept as it is', async (t) => {
    const { server, key } = await prepared(t);
    const lint = async (body) => {
        const { status, json } = await admin(server.url, 'POST', '/admin/primer/lint', body);
        assert.equal(status, 200, JSON.stringify(json));
        return json;
    };
    const text = '# Ours\n\nA deal is an `oportunity`, won when `opportunity.stage` is `CUSTOMRE`.\n'
        + 'Look at `company.domian`, by find_record.\n';
    const kinds = ({ findings }) => findings.map(({ line, kind }) => [line, kind]);
    const before = await lint(text);
    assert.deepEqual(kinds(before), [[4, 'unknown_tool']]);
    assert.deepEqual(before.workspaces, []);
    assert.match(before.note, /No data model is kept now/);

    const grant = await login(server.url, key);
    await callTool(server.url, grant.access, 'list_objects');
    const found = await lint(text);
    assert.deepEqual(kinds(found), [[3, 'unknown_object'], [3, 'unknown_choice'],
        [4, 'unknown_tool'], [4, 'unknown_field']]);
    assert.match(found.findings[0].text, /did you mean `opportunity`\?/);
    assert.equal(found.workspaces.length, 1);
    assert.equal((await admin(server.url, 'GET', '/admin/primer')).status, 404, 'nothing is stored');
    const bundled = readFileSync(new URL('../../primer/default-context.md', import.meta.url), 'utf8');
    assert.deepEqual((await lint(bundled)).findings, []);

    const written = await admin(server.url, 'PUT', '/admin/primer', text);
    assert.deepEqual(written.json.warnings, found.findings.map((each) => `Line ${each.line}: ${each.text}`));
    assert.equal((await admin(server.url, 'GET', '/admin/primer')).text, text);
    const { json } = await admin(server.url, 'GET', '/admin/audit?kind=admin_called');
    assert.ok(json.events.some(({ detail }) => detail === 'POST /admin/primer/lint'));
});

test('a connection that is ended loses its stream within a second, and its next call', async (t) => {
    const { server, key, readOnlyKey } = await prepared(t);
    const ada = await login(server.url, key, { label: 'Ada' });
    const bob = await login(server.url, readOnlyKey, { label: 'Bob', mode: 'read' });
    const adas = await listening(server.url, ada.access);
    const bobs = await listening(server.url, bob.access);
    const found = async (query) =>
        (await admin(server.url, 'GET', `/admin/connections?${query}`)).json.connections;

    const [hers] = await found('mode=write');
    assert.equal(hers.label, 'Ada');
    const since = Date.now();
    assert.equal((await admin(server.url, 'DELETE', `/admin/connections/${hers.id}`)).status, 200);
    assert.ok(await adas.over - since < 1000, `after ${await adas.over - since} ms`);
    assert.equal((await rpc(server.url, ada.access, 'tools/list')).status, 401);
    const renewed = await refresh(server.url, ada.clientId, ada.refresh);
    assert.deepEqual([renewed.status, renewed.body.error], [400, 'invalid_grant']);
    assert.equal((await rpc(server.url, bob.access, 'tools/list')).status, 200, 'Bob goes on');

    // Bob's key ends with all that was made with it.
    await login(server.url, readOnlyKey, { label: 'Bob again', mode: 'read' });
    const his = await found('mode=read');
    assert.equal(his.length, 2);
    assert.equal(his[0].key, his[1].key);
    assert.notEqual(his[0].key, hers.key);
    const then = Date.now();
    const { json } = await admin(server.url, 'POST', '/admin/connections/revoke', { key: his[0].key });
    assert.deepEqual(json, { ended: 2 });
    assert.ok(await bobs.over - then < 1000);
    assert.deepEqual(await found(''), []);
});

test('pages of connections follow each other', async (t) => {
    const { server, key } = await prepared(t);
    const client = await register(server.url);
    for (const label of ['a', 'b', 'c']) await login(server.url, key, { label }, client);
    const labels = [];
    let cursor = '';
    do {
        const query = `limit=2${cursor && `&cursor=${cursor}`}`;
        const { json } = await admin(server.url, 'GET', `/admin/connections?${query}`);
        labels.push(...json.connections.map(({ label }) => label));
        cursor = json.next_cursor ?? '';
    } while (cursor);
    assert.deepEqual(labels.sort(), ['a', 'b', 'c']);
});

test('what happened is written down, outlives a kill -9, and tells no secret', async (t) => {
    const { server, key } = await prepared(t);
    const grant = await login(server.url, key);
    for (let i = 0; i < 5; i += 1) {
        const guess = { authorization: `Bearer wrong-guess-${i}`, 'x-forwarded-for': '203.0.113.9' };
        assert.equal((await admin(server.url, 'GET', '/admin', undefined, guess)).status, 401);
    }
    // Row 117: behind a proxy the address that guessed is blocked, and nobody else.
    const blocked = await admin(server.url, 'GET', '/admin', undefined, { 'x-forwarded-for': '203.0.113.9' });
    assert.equal(blocked.status, 429);
    assert.ok(Number(blocked.headers.get('retry-after')) > 1700);
    await admin(server.url, 'PUT', '/admin/primer', '# Ours\n');
    await admin(server.url, 'POST', '/admin/connections/revoke', { all: true });
    await server.program.kill();
    await server.start();

    const { json, text } = await admin(server.url, 'GET', '/admin/audit');
    const kinds = json.events.map(({ kind }) => kind).filter((kind) => kind !== 'admin_called');
    assert.deepEqual(kinds.reverse(), ['connection_made', 'wrong_admin_token', 'primer_written',
        'ended_by_admin', 'connections_revoked']);
    const guesses = json.events.find(({ kind }) => kind === 'wrong_admin_token');
    assert.deepEqual([guesses.times, guesses.source], [5, '203.0.113.0/24']);
    const ended = json.events.find(({ kind }) => kind === 'ended_by_admin');
    const made = await admin(server.url, 'GET', '/admin/audit?kind=connection_made&limit=1');
    assert.equal(made.json.events[0].connection, ended.connection);
    for (const secret of [key, adminToken, 'wrong-guess', grant.access, grant.refresh]) {
        assert.ok(!text.includes(secret), text);
    }
});

// Row 117: the head decides; what follows it is never waited for.
test('a body that is too large or of a stranger is refused without a byte of it', async (t) => {
    const { server } = await prepared(t);
    const headOnly = async (token, length) => {
        const { hostname, port, host } = new URL(server.url);
        const socket = net.connect(Number(port), hostname);
        socket.write(`PUT /admin/primer HTTP/1.1\r\nHost: ${host}\r\n`
            + `Authorization: Bearer ${token}\r\nContent-Type: text/markdown\r\n`
            + `Content-Length: ${length}\r\n\r\n`);
        const [answer] = await once(socket, 'data');
        socket.destroy();
        return Number(answer.toString().split(' ')[1]);
    };
    assert.equal(await headOnly(adminToken, 100_001), 413);
    assert.equal(await headOnly(`${adminToken}x`, 100_000), 401);
    assert.equal(await headOnly(`${adminToken}x`, 10 ** 12), 401);
    assert.equal((await admin(server.url, 'GET', '/admin/primer')).status, 404, 'nothing was stored');
});

// Rows 83 and 117, over the whole program.
test('the server key is changed online, and an idle connection alone has to be made again', async (t) => {
    const [older, newer] = ['1a2b'.repeat(16), '3c4d'.repeat(16)];
    const env = { COOKIE_ENCRYPTION_KEY: older };
    const { server, key } = await prepared(t, env);
    const keys = async () => (await admin(server.url, 'GET', '/admin/keys')).json;
    const restart = async (changes) => {
        Object.assign(env, changes);
        await server.restart(env);
    };
    const busy = await login(server.url, key, { label: 'busy' });
    const idle = await login(server.url, key, { label: 'idle' });
    assert.deepEqual((await keys()).keys.map(({ state }) => state), ['current']);
    const clientId = await register(server.url);
    const oldPage = await consentPage(authorizeUrl(server.url, clientId, pkce().challenge));

    await restart({ COOKIE_ENCRYPTION_KEY: newer, COOKIE_ENCRYPTION_KEY_PREVIOUS: older });
    assert.equal((await keys()).done, false);
    assert.equal((await rpc(server.url, busy.access, 'tools/list')).status, 200, 'nobody notices');
    assert.equal((await rpc(server.url, idle.access, 'tools/list')).status, 200);
    const checked = await submit(oldPage, { api_key: key, action: 'check' });
    assert.equal(checked.status, 200, 'a page that was open goes on');
    let token = { access: busy.access, refresh: busy.refresh };
    for (let i = 0; i < 6; i += 1) { // old access tokens leave with the sixth
        const { status, body } = await refresh(server.url, busy.clientId, token.refresh);
        assert.equal(status, 200, JSON.stringify(body));
        token = { access: body.access_token, refresh: body.refresh_token };
    }
    const [current, previous] = (await keys()).keys;
    assert.deepEqual([current.state, previous.state], ['current', 'previous']);
    assert.equal(previous.rows.refresh_tokens, 1, 'the idle one');
    assert.equal(previous.rows.instance, undefined);

    await restart({ COOKIE_ENCRYPTION_KEY_PREVIOUS: '' });
    assert.equal((await rpc(server.url, token.access, 'tools/list')).status, 200);
    assert.equal((await refresh(server.url, busy.clientId, token.refresh)).status, 200);
    assert.equal((await rpc(server.url, idle.access, 'tools/list')).status, 401);
    const lost = await refresh(server.url, idle.clientId, idle.refresh);
    assert.deepEqual([lost.status, lost.body.error], [400, 'invalid_grant']);
    const page = await submit(oldPage, { api_key: key });
    assert.equal(page.status, 400, 'a page of the old key is refused, not a fault');
    assert.match(await page.text(), /<h1/);
    const left = await keys();
    assert.equal(left.done, true);
    assert.deepEqual(left.keys.map(({ state }) => state), ['current', 'unknown']);
    await login(server.url, key, { label: 'idle, made again' });
});
