// What only the whole program shows of the rules for logins: streams that end with their grant,
// files that anonymous requests leave alone, refusals that a script can read. Row numbers are
// those of tests/security/plan.txt.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { faultyTwenty } from './support/faulty_twenty.mjs';
import {
    authorizeUrl, consentPage, login, pkce, post, refresh, register, submit,
} from './support/oauth.mjs';
import { initialize, rpc } from './support/mcp.mjs';
import { event, workspaceProcess } from './support/observed.mjs';
import { demo, service, until } from './support/program.mjs';

async function session(base, access) {
    const begun = await rpc(base, access, 'initialize', initialize);
    assert.equal(begun.status, 200, begun.text);
    return begun.headers.get('mcp-session-id');
}

// The session's own stream; `ended` resolves when it is over.
async function stream(base, access) {
    const response = await fetch(`${base}/mcp`, {
        headers: {
            authorization: `Bearer ${access}`, accept: 'text/event-stream',
            'mcp-session-id': await session(base, access),
        },
    });
    assert.equal(response.status, 200);
    const it = { over: false };
    it.ended = response.text().then(() => { it.over = true; }, () => { it.over = true; });
    return it;
}

const within = (promise, milliseconds) => Promise.race([
    promise.then(() => true),
    new Promise((resolve) => { setTimeout(resolve, milliseconds, false).unref(); }),
]);

test('row 85: revoking a refresh token ends access and streams within a second', async (t) => {
    const server = await demo(t);
    for (const hint of ['refresh_token', 'access_token', 'nonsense']) {
        const grant = await login(server.url, server.key);
        const open = await stream(server.url, grant.access);
        const other = await login(server.url, server.key);
        const untouched = await stream(server.url, other.access);
        const revoked = await post(`${server.url}/revoke`,
            { token: grant.refresh, client_id: grant.clientId, token_type_hint: hint });
        assert.equal(revoked.status, 200);
        assert.equal(await revoked.text(), '');
        assert.ok(await within(open.ended, 1000), `hint ${hint}: the stream has ended`);
        assert.equal((await rpc(server.url, grant.access, 'ping')).status, 401);
        assert.equal((await refresh(server.url, grant.clientId, grant.refresh)).status, 400);
        assert.ok(!untouched.over, 'another connection goes on');
        assert.equal((await rpc(server.url, other.access, 'ping')).status, 200);
        await post(`${server.url}/revoke`, { token: other.refresh, client_id: other.clientId });
        assert.ok(await within(untouched.ended, 1000));
    }
});

test('row 85: revoking an access token leaves the refresh token its life', async (t) => {
    const server = await demo(t);
    const grant = await login(server.url, server.key);
    await post(`${server.url}/revoke`, { token: grant.access, client_id: grant.clientId });
    assert.equal((await rpc(server.url, grant.access, 'ping')).status, 401);
    const next = await refresh(server.url, grant.clientId, grant.refresh);
    assert.equal(next.status, 200);
    assert.equal((await rpc(server.url, next.body.access_token, 'ping')).status, 200);
});

test('row 84: a token of another client, or none, is revoked by nobody and 200 all the same', async (t) => {
    const server = await demo(t);
    const grant = await login(server.url, server.key);
    const stranger = await register(server.url);
    for (const token of [grant.access, grant.refresh, 'twr_unknown', 'garbage %']) {
        const answer = await post(`${server.url}/revoke`, { token, client_id: stranger });
        assert.equal(answer.status, 200);
        assert.equal(await answer.text(), '');
    }
    assert.equal((await rpc(server.url, grant.access, 'ping')).status, 200);
    assert.equal((await refresh(server.url, grant.clientId, grant.refresh)).status, 200);
});

test('row 90: anonymous requests leave the files of the server as they are', async (t) => {
    const { workspace } = await demo(t);
    const server = await service(t, workspace);
    // All but SQLite's shared memory, which holds locks and no content.
    const fingerprint = () => readdirSync(server.folder)
        .filter((name) => !name.endsWith('-shm'))
        .map((name) => {
            const bytes = readFileSync(path.join(server.folder, name));
            return `${name} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`;
        }).sort().join('\n');
    const before = fingerprint();
    assert.match(before, /\.db /);
    for (let i = 0; i < 300; i += 1) {
        const client = await register(server.url, { client_name: `client ${i}` });
        const page = await consentPage(authorizeUrl(server.url, client, pkce().challenge));
        if (i % 10 === 0) await (await submit(page, { action: 'deny' })).text();
        if (i % 10 === 1) await (await submit(page, { api_key: 'no key' })).text();
        if (i % 10 === 2) await refresh(server.url, client, 'twr_unknown');
    }
    assert.equal(fingerprint(), before);
});

test('row 94: a token in an address counts for nothing and is in no log', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { TWENTY_MCP_LOG_LEVEL: 'debug' });
    const { access } = await login(server.url, key);
    const answer = await fetch(`${server.url}/mcp?access_token=${access}`, {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    });
    assert.equal(answer.status, 401);
    assert.doesNotMatch(answer.headers.get('www-authenticate'), /error=/);
    await fetch(`${server.url}/authorize?api_key=${key}&client_id=x`);
    await server.program.stop();
    await until(() => /path=\/mcp status=401/.test(server.program.output), 'the log line', 10);
    assert.ok(!server.program.output.includes(access), 'the token');
    assert.ok(!server.program.output.includes(key), 'the key');
});

test('row 45: a Twenty that redirects is not followed, and no key is sent on', async (t) => {
    const { workspace, key } = await demo(t);
    const twenty = await faultyTwenty(t, workspace);
    const server = await service(t, twenty.url);
    const page = await consentPage(authorizeUrl(server.url, await register(server.url),
        pkce().challenge));
    twenty.fault = 'redirect';
    const answer = await submit(page, { api_key: key });
    assert.equal(answer.status, 503);
    assert.ok(answer.headers.get('retry-after'));
    assert.ok(twenty.requests.length > 0, 'it was asked');
    assert.ok(twenty.requests.every((request) => request.url !== '/elsewhere'), 'but not there');
    twenty.fault = null;
    assert.equal((await submit(page, { api_key: key })).status, 303, 'the form is still good');
});

test('a connection whose sealed row was changed by hand is renewed no more', async (t) => {
    const workspace = await workspaceProcess(t);
    const server = await service(t, workspace.url);
    const { clientId, access, refresh: renewal } = await login(server.url, workspace.key);
    await server.program.stop();
    const run = spawnSync('python3', ['-c', 'import sqlite3,sys; db=sqlite3.connect(sys.argv[1]); '
        + 'db.execute("UPDATE grants SET props = zeroblob(length(props))"); db.commit()',
    path.join(server.folder, 'twenty-mcp.db')], { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    await server.start();
    assert.equal((await rpc(server.url, access, 'tools/list')).status, 401);
    const answer = await refresh(server.url, clientId, renewal);
    assert.deepEqual([answer.status, answer.body.error], [400, 'invalid_grant']);
    await event(server.program, 'sealed_row_refused', ({ row }) => row === 'grant');
});

test('rows 7 and 86: a script can read that its body was too large, before it was read', async (t) => {
    const server = await demo(t);
    const headers = { 'content-type': 'application/json', origin: 'https://script.example' };
    for (const place of ['/token', '/register', '/revoke']) {
        const answer = await fetch(server.url + place,
            { method: 'POST', headers, body: 'x'.repeat(17 * 1024) });
        assert.equal(answer.status, 413, place);
        assert.equal(answer.headers.get('access-control-allow-origin'), '*', place);
        assert.equal(answer.headers.get('cache-control'), 'no-store', place);
        assert.equal((await answer.json()).error, 'invalid_request', place);
    }
});

test('rows 32 and 37: looking binds nothing, and a form that was answered gives no second code', async (t) => {
    const server = await demo(t);
    const client = await register(server.url);
    const url = authorizeUrl(server.url, client, pkce().challenge);
    const head = await fetch(url, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
    const page = await consentPage(url);
    const codeOf = (answer) => new URL(answer.headers.get('location')).searchParams.get('code');
    const first = await submit(page, { api_key: server.key });
    assert.equal(first.status, 303);
    const again = await submit(page, { api_key: server.key });
    assert.equal(codeOf(again), codeOf(first), 'the same click, the same code');
    const changed = await submit(page, { api_key: server.key, label: 'another' });
    assert.equal(changed.status, 400);
    assert.equal(changed.headers.get('location'), null);
});
