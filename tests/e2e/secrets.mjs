// Plants a key, tokens and an admin token, lets a whole day of use pass in a minute, and then
// looks for them wherever they must not be: the log, the database and its journal, every answer,
// the folder after a crash, what the kernel tells of the process.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { rpc } from './support/mcp.mjs';
import {
    approve, authorizeUrl, callback, consentPage, form, login, pkce, redeem, refresh, register, submit,
} from './support/oauth.mjs';
import { demo, serverKey, service } from './support/program.mjs';

const adminToken = 'planted-admin-token-of-good-length';
const wrongKey = 'eyJhbGciOiJIUzI1NiJ9.eyJwbGFudGVkIjoid3Jvbmcta2V5In0.cGxhbnRlZC13cm9uZy1rZXk';

// Everything that the server answers, so that it can be searched.
function recorder() {
    const answers = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (...args) => {
        const response = await fetch(...args);
        const copy = response.clone();
        const head = JSON.stringify([...response.headers]);
        answers.push(copy.text().then((text) => `${head}\n${text}`, () => head));
        return response;
    };
    return {
        all: async () => (await Promise.all(answers)).join('\n'),
        stop: () => { globalThis.fetch = fetch; },
    };
}

// A secret as itself, and as it would look in base64, in hex or escaped.
function spellings(secret) {
    const bytes = Buffer.from(secret);
    return [secret, encodeURIComponent(secret), bytes.toString('hex'),
        bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
}

function findNothing(where, text, secrets) {
    for (const [name, secret] of Object.entries(secrets)) {
        assert.ok(secret?.length >= 16, `${name} was planted`);
        for (const spelling of spellings(secret))
            assert.ok(!text.includes(spelling), `${name} is in ${where}`);
    }
}

const filesOf = (folder) => readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), 'latin1')).join('\n');

async function use(server, key) {
    const { url } = server;
    const planted = {};
    const grant = await login(url, key, { label: 'planted' });
    Object.assign(planted, { access: grant.access, refresh: grant.refresh });

    // A good day.
    assert.equal((await rpc(url, grant.access, 'tools/list')).status, 200);
    const found = await rpc(url, grant.access, 'tools/call',
        { name: 'find_records', arguments: { objectName: 'person', limit: 2 } });
    assert.equal(found.status, 200);
    const second = await refresh(url, grant.clientId, grant.refresh);
    Object.assign(planted, { access2: second.body.access_token, refresh2: second.body.refresh_token });

    // A code that is shown with the wrong verifier, then redeemed, then shown again.
    const { verifier, challenge } = pkce();
    const clientId = await register(url);
    const back = await approve(authorizeUrl(url, clientId, challenge), { api_key: key });
    planted.code = back.searchParams.get('code');
    planted.verifier = verifier;
    await redeem(url, clientId, planted.code, pkce().verifier);
    assert.equal((await redeem(url, clientId, planted.code, verifier)).status, 200);
    await redeem(url, clientId, planted.code, verifier);

    // Keys and tokens where they do not belong.
    const refused = await submit(await consentPage(authorizeUrl(url, clientId, challenge)),
        { api_key: wrongKey });
    assert.equal(refused.status, 422);
    const form422 = await submit(await consentPage(authorizeUrl(url, clientId, challenge)),
        { api_key: key, mode: 'nonsense' });
    assert.ok(form422.status >= 400);
    for (const token of [key, wrongKey, planted.refresh2, planted.code])
        assert.equal((await rpc(url, token, 'tools/list')).status, 401);
    const probes = [
        [`/mcp?access_token=${grant.access}`, { method: 'POST', body: '{}' }],
        [`/nowhere/${grant.access}?key=${key}`, {}],
        ['/token', { method: 'POST', body: form({ api_key: key, code: planted.code }) }],
        ['/token', { method: 'POST', body: form({ grant_type: 'x', client_id: key }) }],
        ['/revoke', { method: 'POST', body: form({ token: planted.access2 }) }],
        ['/register', { method: 'POST', body: JSON.stringify({ client_name: 7, key }) }],
        ['/mcp', { method: 'POST', body: `{"broken": "${key}`, headers: { authorization: `Bearer ${grant.access}` } }],
        ['/admin/primer', { headers: { authorization: `Bearer ${adminToken}` } }],
        ['/admin/primer', { headers: { authorization: `Bearer ${adminToken}x` } }],
        ['/admin/primer', { method: 'PUT', body: 'hello', headers: { authorization: `Bearer ${adminToken}` } }],
        [`/authorize?client_id=${key}`, {}],
        ['/healthz', {}], ['/readyz', {}], ['/metrics', {}],
    ];
    for (const [target, options] of probes) await fetch(`${url}${target}`, options);
    return planted;
}

test('no key and no token is found outside of where it belongs', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { ADMIN_TOKEN: adminToken });
    const heard = recorder();
    t.after(heard.stop);
    const planted = await use(server, key);
    const alive = Object.fromEntries(['environ', 'cmdline', 'status', 'limits'].map((name) =>
        [name, readFileSync(`/proc/${server.program.process.pid}/${name}`, 'latin1')]));
    const inUse = filesOf(server.folder); // with the write-ahead log
    heard.stop();
    const answers = await heard.all();

    const server_only = { serverKey, serverKeyBytes: Buffer.from(serverKey, 'hex').toString('latin1'), adminToken };
    const all = { ...planted, key, wrongKey, ...server_only };
    findNothing('the log', server.program.output, all);
    findNothing('the database', inUse, all);
    findNothing('an answer', answers, { key, wrongKey, ...server_only });
    findNothing('the environment that the kernel shows', alive.environ, server_only);
    findNothing('the command line', alive.cmdline, all);
    assert.ok(inUse.includes(callback) || inUse.length > 10_000, 'the database was really read');
    assert.ok(inUse.includes(createHash('sha256').update(planted.refresh2).digest('latin1')),
        'tokens are found by their hash, as they are kept');

    // Row 124: no core file, and the keys' memory is locked.
    // AddressSanitizer makes nothing of mlock.
    if (process.env.E2E_SANITIZED !== '1') {
        assert.match(alive.limits, /Max core file size +0 +0 /);
        assert.ok(Number(alive.status.match(/VmLck:\s+(\d+) kB/)[1]) >= 1024, 'locked memory');
    }
    server.program.process.kill('SIGABRT');
    await server.program.exited;
    assert.deepEqual(readdirSync(server.folder).filter((name) => /core/.test(name)), []);
    findNothing('the log after a crash', server.program.output, all);
    findNothing('the database after a crash', filesOf(server.folder), all);
    await server.start();
    await server.program.stop();
    findNothing('the database after a clean end', filesOf(server.folder), all);
});
