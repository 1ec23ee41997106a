// The whole program dies at every point between two steps of a login, a code's redemption, a
// refresh, a revocation, an administrator's change and what else it confirms, and comes back with
// all of it or nothing.
// Usage: faults.mjs CRASH_SERVER, which is the program with a fault_point() that kills.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'node:test';
import { initialize, rpc } from './support/mcp.mjs';
import { login, refresh } from './support/oauth.mjs';
import { answers, demo, memoryFolder, service, until } from './support/program.mjs';
import { adminToken } from './support/admin.mjs';
import { adminSteps } from './support/admin_fault_steps.mjs';
import { isDead, steps as otherSteps } from './support/fault_steps.mjs';

const crashServer = process.argv[2];
const steps = { ...otherSteps, ...adminSteps };
const bystanders = 3;
const keptDead = 8;

const list = readFileSync(new URL('../support/fault_points.txt', import.meta.url), 'utf8')
    .replace(/\n +/g, ' ').split('\n').filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(/ +/))
    .map(([point, room, left, ...names]) => ({ point, room, left, names }))
    .filter(({ room }) => room !== 'command'); // backup.mjs has those

// Every point with every step that passes it; and each step with a kill from outside as soon as
// its answer has arrived. noted: the administrator's call was written down before it was done.
function deaths({ point, left, names }, name) {
    const kept = left === 'kept';
    const twice = steps[name].admin && name !== 'note' && names.includes('note');
    if (!twice) return [{ name, point, passing: 1, kept, noted: name === 'note' ? kept : true }];
    return [ // first where the call is written down, then where it is done
        { name, point, passing: 1, kept: false, noted: kept },
        { name, point, passing: 2, kept, noted: true },
    ];
}
const cases = [
    ...list.flatMap((row) => row.names.filter((name) => steps[name])
        .flatMap((name) => deaths(row, name))),
    ...Object.keys(steps).map((name) => ({ name, kept: true, noted: true })),
];
const rounds = Math.max(Number(process.env.ROUNDS ?? 0), cases.length);

function arm(file, point, passing = 1) {
    writeFileSync(`${file}.new`, `${point} ${passing}\n`);
    renameSync(`${file}.new`, file);
}

// A network error is the death at work: undefined.
async function unlessDead(step) {
    try {
        return await step;
    } catch (error) {
        if (error instanceof TypeError || error.cause?.code) return undefined;
        throw error;
    }
}

function sound(folder) {
    const database = new DatabaseSync(path.join(folder, 'twenty-mcp.db'), { readOnly: true });
    const [row] = database.prepare('PRAGMA integrity_check').all();
    database.close();
    assert.equal(row.integrity_check, 'ok');
}

// Connections that have no part in it: they refresh and go on in their sessions for ever.
async function bystander(base, key) {
    const { clientId, access, refresh: token } = await login(base, key, { mode: 'read' });
    const begun = await rpc(base, access, 'initialize', initialize);
    return { clientId, access, token, session: begun.headers.get('mcp-session-id') };
}
async function goesOn(base, one) {
    const { status, body } = await refresh(base, one.clientId, one.token);
    assert.equal(status, 200, `nothing confirmed is lost: ${JSON.stringify(body)}`);
    Object.assign(one, { access: body.access_token, token: body.refresh_token });
    const answer = await rpc(base, one.access, 'ping', {}, { 'mcp-session-id': one.session });
    assert.equal(answer.status, 200, `its session revives: ${answer.text}`);
}

test(`${rounds} deaths at ${list.length} points lose nothing confirmed and revive nothing revoked`, async (t) => {
    const { workspace, key, readOnlyKey } = await demo(t);
    const folder = memoryFolder(t);
    const file = path.join(folder, 'fault');
    const server = await service(t, workspace,
        { TWENTY_MCP_DATA_DIR: folder, ADMIN_TOKEN: adminToken, FAULT_POINT_FILE: file },
        { binary: crashServer });
    const base = server.url;
    const others = [];
    for (let i = 0; i < bystanders; i += 1) others.push(await bystander(base, readOnlyKey));
    const dead = [];

    for (let round = 0; round < rounds; round += 1) {
        const { name, point, passing, kept, noted } = cases[round % cases.length];
        const step = steps[name];
        const it = { base, key, label: `round ${round}`, dead: [] };
        const where = `round ${round}: ${name} dies ${point ? `at ${point}, ${passing}` : 'once answered'}`;
        try {
            await step.prepare(it);
            // The store's thread has put behind it what was answered so far.
            assert.ok(await answers(`${base}/readyz`));
            if (point) arm(file, point, passing);
            const got = await unlessDead(step.act(it));
            if (point) {
                if (!kept) assert.equal(got, undefined, 'nothing is answered before it is durable');
                await until(() => !server.program.running, 'it comes to the point', 10);
                assert.equal((await server.program.exited).signal, 'SIGKILL');
                assert.ok(!existsSync(file), 'and dies there');
            } else {
                assert.ok(got.status < 500, `${got.status}`);
                await server.program.kill();
            }
            await server.start();
            await step.check(it, kept, got, noted);
            if (step.forAll && kept) {
                for (const one of others) {
                    await isDead(base, { ...one, refreshToken: one.token, client: one.clientId });
                    Object.assign(one, await bystander(base, readOnlyKey));
                }
            }
            await goesOn(base, others[round % others.length]);
            dead.push(...it.dead);
            if (dead.length > keptDead) dead.splice(0, dead.length - keptDead);
            if (dead.length > 0) await isDead(base, dead[round % dead.length]);
            if (round % 50 === 0 || round + 1 === rounds) sound(folder);
        } catch (error) {
            throw new Error(where, { cause: error });
        }
    }
    for (const one of others) await goesOn(base, one);
    for (const one of dead) await isDead(base, one);
    t.diagnostic(`${rounds} rounds: ${cases.length} pairs of a point and a step`);
});

test('the program that people run dies at no point', async (t) => {
    const { workspace, key } = await demo(t);
    const folder = memoryFolder(t);
    const file = path.join(folder, 'fault');
    const server = await service(t, workspace,
        { TWENTY_MCP_DATA_DIR: folder, FAULT_POINT_FILE: file });
    for (const point of ['consent.answer', 'commit.next', 'commit.done', 'token.answer']) {
        arm(file, point);
        const it = await login(server.url, key);
        assert.equal((await refresh(server.url, it.clientId, it.refresh)).status, 200);
        assert.ok(existsSync(file));
    }
});
