// What nobody has approved costs nothing that stays: registrations without end and authorizations
// that nobody finishes leave the database as it was and the memory within bounds, and whoever
// means it still connects. Rows 32 and 90, and plan L3, of the negative-test plan.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callTool } from './support/mcp.mjs';
import { callback, form, login, pkce, refresh } from './support/oauth.mjs';
import { Pipeline } from './support/pipeline.mjs';
import { demo, scratchFolder, service } from './support/program.mjs';

// RSS and speed of a sanitized build say little: it keeps what was freed for a while.
const sanitized = process.env.E2E_SANITIZED === '1';
const units = Number(process.env.E2E_FLOOD ?? (sanitized ? 2000 : 50_000));
const warmUp = Math.ceil(units / 10);
const connections = 8;
const batch = 16;
const allowedGrowth = 8; // MB

const memory = (program) => Number(readFileSync(`/proc/${program.process.pid}/status`, 'utf8')
    .match(/VmRSS:\s+(\d+)/)[1]) / 1024;

// The database as its bytes: file, log and index of the log.
function bytesOf(folder) {
    return ['', '-wal'].map((suffix) => {
        const file = path.join(folder, `twenty-mcp.db${suffix}`);
        return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
    });
}
function rowsOf(folder, table) {
    const database = new DatabaseSync(path.join(folder, 'twenty-mcp.db'), { readOnly: true });
    const [{ n }] = database.prepare(`SELECT count(*) AS n FROM ${table}`).all();
    database.close();
    return n;
}
// The trail of calls is written up to two seconds after a call, and is no part of the flood.
async function trailHas(folder, calls) {
    for (let waited = 0; rowsOf(folder, 'calls') < calls; waited += 100) {
        assert.ok(waited < 30_000, 'the trail has every call');
        await sleep(100);
    }
}

// Every unit comes from an address of its own, as the proxy in front tells it.
const address = (i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;

const registration = JSON.stringify({
    client_name: 'Flood', redirect_uris: [callback], token_endpoint_auth_method: 'none',
});
function registerRequest(host, i) {
    return `POST /register HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-For: ${address(i)}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${registration.length}\r\n\r\n${registration}`;
}
const { challenge } = pkce();
function authorizeRequest(host, i, clientId) {
    const query = form({
        response_type: 'code', client_id: clientId, redirect_uri: callback, state: `s${i}`,
        code_challenge: challenge, code_challenge_method: 'S256', resource: `http://${host}/mcp`,
    });
    return `GET /authorize?${query} HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-For: ${address(i)}\r\n\r\n`;
}

// Registers a client for every number from `first` on, and begins an authorization with each.
async function flood(base, first, count) {
    const { host, port } = new URL(base);
    let next = first;
    await Promise.all(Array.from({ length: connections }, async () => {
        const line = await Pipeline.open(Number(port));
        while (next < first + count) {
            const from = next;
            const many = Math.min(batch, first + count - from);
            next += many;
            const numbers = Array.from({ length: many }, (_, k) => from + k);
            const made = await line.send(numbers.map((i) => registerRequest(host, i)));
            const pages = await line.send(made.map(({ status, body }, k) => {
                assert.equal(status, 201, body);
                return authorizeRequest(host, from + k, JSON.parse(body).client_id);
            }));
            for (const { status, body } of pages) {
                assert.equal(status, 200, body);
                assert.ok(body.includes('name="api_key"'), 'a consent page');
            }
        }
        line.close();
    }));
}

test(`${units} registrations and ${units} abandoned authorizations cost nothing that stays`, async (t) => {
    const { workspace, key } = await demo(t);
    const folder = scratchFolder(t);
    const server = await service(t, workspace,
        { TWENTY_MCP_LOG_LEVEL: 'warning', TWENTY_MCP_DATA_DIR: folder });
    const base = server.url;

    const journey = async () => {
        const made = await login(base, key, { mode: 'read' });
        const objects = await callTool(base, made.access, 'list_objects');
        assert.ok(!objects.failed, objects.text);
        assert.equal((await refresh(base, made.clientId, made.refresh)).status, 200);
    };
    for (let i = 0; i < 20; i += 1) await journey();
    await flood(base, 0, warmUp);
    await trailHas(folder, 20);
    const before = { memory: memory(server.program), bytes: bytesOf(folder) };

    const half = Math.floor((units - warmUp) / 2);
    const began = Date.now();
    await flood(base, warmUp, half);
    assert.deepEqual(bytesOf(folder), before.bytes, 'not a byte of the database changed');

    // The other half, with people who mean it in between.
    let over = false;
    const quick = [];
    const health = (async () => {
        while (!over) {
            const asked = performance.now();
            assert.equal((await fetch(`${base}/healthz`)).status, 200);
            quick.push(performance.now() - asked);
            await sleep(50);
        }
    })();
    const people = (async () => {
        let journeys = 0;
        do {
            await journey();
            journeys += 1;
            await sleep(500);
        } while (!over);
        return journeys;
    })();
    await flood(base, warmUp + half, units - warmUp - half);
    over = true;
    const journeys = await people;
    await health;
    const took = (Date.now() - began) / 1000;

    await journey();
    assert.equal(rowsOf(folder, 'grants'), 20 + journeys + 1, 'a row for each who approved, and no other');
    const after = memory(server.program);
    quick.sort((a, b) => a - b);
    const p95 = quick[Math.floor(quick.length * 0.95)];
    t.diagnostic(`${(2 * (units - warmUp) / took).toFixed(0)} requests/s; RSS ${before.memory.toFixed(1)} MB ` +
        `before, ${after.toFixed(1)} MB after; /healthz p95 ${p95.toFixed(0)} ms of ${quick.length}; ` +
        `${journeys} logins during the flood`);
    if (sanitized) return;
    assert.ok(p95 < 1000, `/healthz stays quick: ${p95} ms`);
    assert.ok(after < before.memory + allowedGrowth, `${before.memory} -> ${after} MB`);
});
