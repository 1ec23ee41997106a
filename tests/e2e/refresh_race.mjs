// A thousand refreshes at once with one token, by several processes of one client, lock nobody
// out: rows 70, 74, 75 and 79 of the negative-test plan, as a fleet of Claude Code processes does it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { initialize, rpc } from './support/mcp.mjs';
import { approve, authorizeUrl, login, patiently, pkce, redeem, refresh, register } from './support/oauth.mjs';
import { demo, memoryFolder, scratchFolder, service, until } from './support/program.mjs';

const script = fileURLToPath(new URL('support/fleet_process.mjs', import.meta.url));
const sanitized = process.env.E2E_SANITIZED === '1';
const atOnce = Number(process.env.E2E_REFRESHES ?? (sanitized ? 200 : 1000));
const processes = 4;
const waves = 5;

// One process of the fleet: ask(COUNT, TOKEN) resolves with its distinct answers.
function member(t, base, clientId, file) {
    const child = spawn(process.execPath, [script, base, clientId, file],
        { stdio: ['pipe', 'pipe', 'inherit'] });
    t.after(() => child.stdin.end());
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return async (count, token) => {
        child.stdin.write(`${count} ${token}\n`);
        return JSON.parse((await lines.next()).value);
    };
}

async function start(t, env = {}) {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace,
        { TWENTY_MCP_DATA_DIR: memoryFolder(t), TWENTY_MCP_LOG_LEVEL: 'warning', ...env });
    const { clientId, access, refresh: token } = await login(server.url, key, { mode: 'read' });
    const file = path.join(scratchFolder(t), 'credentials.json');
    writeFileSync(file, JSON.stringify({ access_token: access, refresh_token: token }));
    const stored = () => JSON.parse(readFileSync(file, 'utf8'));
    const fleet = Array.from({ length: processes }, () => member(t, server.url, clientId, file));
    return { server, base: server.url, clientId, file, stored, fleet };
}

const works = async (base, access) =>
    assert.equal((await rpc(base, access, 'initialize', initialize)).status, 200);

// Everybody in the fleet at once with one token: one pair for all. Read here, for a slow process
// would find what a quick one has stored already.
async function wave({ fleet, stored }, count, token = stored().refresh_token) {
    const answers = (await Promise.all(fleet.map((ask) => ask(count / processes, token)))).flat();
    const [first] = answers;
    assert.equal(answers.reduce((sum, { times }) => sum + times, 0), count);
    for (const { times, ...answer } of answers) {
        assert.equal(answer.status, 200, JSON.stringify(answer));
        assert.deepEqual([answer.access, answer.next], [first.access, first.next], 'the same pair');
    }
    return first;
}

// row 75
test(`${waves} waves of ${atOnce} refreshes with one token give one pair a wave`, async (t) => {
    const it = await start(t);
    const seen = new Set();
    for (let i = 0; i < waves; i += 1) {
        const before = it.stored();
        const began = Date.now();
        const { access, next } = await wave(it, atOnce);
        t.diagnostic(`wave ${i + 1}: ${Date.now() - began} ms`);
        assert.ok(!seen.has(next), 'each wave rotates once');
        seen.add(next);
        assert.deepEqual([it.stored().access_token, it.stored().refresh_token], [access, next]);
        await works(it.base, access);
        await works(it.base, before.access_token); // row 74: its time is not over
    }
});

// row 70: a code is spent once, and who spends it again ends what it gave.
test('fifty redemptions of one code at once give one pair, which is dead', async (t) => {
    const { url: base, key } = await demo(t);
    const clientId = await register(base);
    const { verifier, challenge } = pkce();
    const back = await approve(authorizeUrl(base, clientId, challenge), { api_key: key });
    const code = back.searchParams.get('code');
    const answers = await Promise.all(
        Array.from({ length: 50 }, () => redeem(base, clientId, code, verifier)));
    const good = answers.filter(({ status }) => status === 200);
    assert.equal(good.length, 1);
    for (const { status, body } of answers) {
        if (status !== 200) assert.deepEqual([status, body.error], [400, 'invalid_grant']);
    }
    const [{ body }] = good;
    assert.equal((await rpc(base, body.access_token, 'initialize', initialize)).status, 401);
    assert.equal((await refresh(base, clientId, body.refresh_token)).body.error, 'invalid_grant');
});

test('who comes late in a race gets the same pair, although it is in use', async (t) => {
    const it = await start(t);
    const token = it.stored().refresh_token;
    const { access, next } = await wave(it, 40);
    await works(it.base, access);
    await sleep(2500);
    const [late] = await it.fleet[0](1, token);
    assert.deepEqual([late.status, late.access, late.next], [200, access, next]);
    assert.deepEqual((await wave(it, 40, token)).next, next);
});

// row 79
test('a process with a stale token harms none of the others', async (t) => {
    const it = await start(t);
    const stale = it.stored().refresh_token;
    await wave(it, 40);
    const last = await wave(it, 40);
    for (let i = 0; i < 50; i += 1) {
        const { status, body } = await refresh(it.base, it.clientId, stale);
        assert.deepEqual([status, body.error], [400, 'invalid_grant']);
    }
    await works(it.base, last.access);
    await wave(it, 40);
    assert.ok(existsSync(it.file));
});

// An hour passes while the server is down: the rows say since when a token is spent.
async function anHourLater({ server }) {
    await server.program.stop();
    const database = new DatabaseSync(path.join(server.folder, 'twenty-mcp.db'));
    const { changes } = database.prepare('UPDATE refresh_tokens SET changed_at = changed_at - 3600, seen = seen - min(seen, 3600)').run();
    database.close();
    assert.ok(changes > 0);
    await server.start();
}

for (const [setting, alive] of [['end', false], ['refuse', true]]) {
    test(`${setting}: a token an hour old ${alive ? 'is refused and harms nobody' : 'ends the connection'}`, async (t) => {
        const it = await start(t, { TWENTY_MCP_REFRESH_REUSE: setting });
        const first = it.stored().refresh_token;
        const second = (await wave(it, 4)).next;
        const last = await wave(it, 4);
        await works(it.base, last.access);
        await anHourLater(it);
        for (const stale of alive ? [first, second, first] : [second]) { // retired, spent
            const { status, body } = await refresh(it.base, it.clientId, stale);
            assert.deepEqual([status, body.error], [400, 'invalid_grant']);
        }
        const { status } = await rpc(it.base, last.access, 'initialize', initialize);
        assert.equal(status, alive ? 200 : 401);
        assert.equal((await refresh(it.base, it.clientId, last.next)).status, alive ? 200 : 400);
        const said = alive ? 'stale_refresh_token' : 'refresh_token_reused';
        await until(() => it.server.program.output.includes(said), said, 10); // a thread writes the log
        assert.ok(!it.server.program.output.includes(alive ? 'refresh_token_reused' : 'stale_refresh_token'));
    });
}

// The limits of an address count what costs something: a fleet behind one of them has them all
// to itself, and still never loses its tokens.
test(`${atOnce} refreshes from one limited address are 200, and further ones keep the tokens`, async (t) => {
    const it = await start(t);
    const from = { 'x-forwarded-for': '203.0.113.9' };
    const send = async (token) => {
        const response = await fetch(`${it.base}/token`, {
            method: 'POST', headers: from,
            body: new URLSearchParams({
                grant_type: 'refresh_token', client_id: it.clientId, refresh_token: token,
            }),
        });
        return { status: response.status, headers: response.headers, body: await response.json() };
    };
    let token = it.stored().refresh_token;
    const answers = await Promise.all(Array.from({ length: atOnce },
        () => patiently(it.base, it.clientId, token, from)));
    for (const { status, body } of answers) {
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(body.refresh_token, answers[0].body.refresh_token);
    }
    // A runaway that rotates without end is told to wait, and goes on when it has.
    let limited;
    let before = token;
    token = answers[0].body.refresh_token;
    for (let i = 0; i < 90 && !limited; i += 1) {
        const answer = await send(token);
        if (answer.status === 200) [before, token] = [token, answer.body.refresh_token];
        else limited = answer;
    }
    assert.equal(limited?.status, 429);
    assert.equal(limited.body.error, 'temporarily_unavailable');
    assert.equal((await send(before)).body.refresh_token, token, 'a repeat is not limited');
    await sleep(Number(limited.headers.get('retry-after')) * 1000 + 100);
    assert.equal((await send(token)).status, 200);
});
