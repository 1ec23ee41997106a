// Ten thousand sessions, half of them dropped without a word: memory stays bounded and returns to
// where it began after a restart, and the living sessions go on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { login } from './support/oauth.mjs';
import { initialize, rpc } from './support/mcp.mjs';
import { demo, service } from './support/program.mjs';

const sessions = Number(process.env.E2E_SESSIONS ?? 10_000);
const grants = 10;
const streams = 40;
const parallel = 16;
// RSS of a sanitized build says little: it keeps what was freed for a while.
const sanitized = process.env.E2E_SANITIZED === '1';

const memory = (program) => Number(readFileSync(`/proc/${program.process.pid}/status`, 'utf8')
    .match(/VmRSS:\s+(\d+)/)[1]) / 1024;

// `work(i)` for i below `count`, some at a time.
async function each(count, work) {
    let next = 0;
    await Promise.all(Array.from({ length: parallel }, async () => {
        while (next < count) {
            next += 1;
            await work(next - 1);
        }
    }));
}

const ping = async (base, { token, id }) =>
    (await rpc(base, token, 'ping', {}, { 'mcp-session-id': id })).status;

async function openStream(base, { token, id }) {
    const aborter = new AbortController();
    const response = await fetch(`${base}/mcp`, {
        headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', 'mcp-session-id': id },
        signal: aborter.signal,
    });
    assert.equal(response.status, 200);
    response.body.getReader().read().catch(() => {}); // until the server or the test ends it
    return aborter;
}

test(`${sessions} sessions cost bounded memory, and half of them survive a restart`, async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { TWENTY_MCP_LOG_LEVEL: 'warning' });
    const base = server.url;
    const tokens = [];
    for (let i = 0; i < grants; i += 1) tokens.push((await login(base, key)).access);

    const open = async (i) => {
        const token = tokens[i % grants];
        const answer = await rpc(base, token, 'initialize', initialize);
        assert.equal(answer.status, 200, answer.text);
        return { token, id: answer.headers.get('mcp-session-id') };
    };
    for (let i = 0; i < 200; i += 1) await open(i);
    const floor = memory(server.program);

    const all = new Array(sessions);
    await each(sessions, async (i) => { all[i] = await open(i); });
    assert.equal(new Set(all.map(({ id }) => id)).size, sessions, 'every session has an id of its own');
    // Every second one is dropped: no DELETE, no more messages, some with an open stream.
    const living = all.filter((_, i) => i % 2 === 0);
    const dropped = all.filter((_, i) => i % 2 === 1);
    const readers = [];
    for (const session of dropped.slice(0, streams)) readers.push(await openStream(base, session));
    readers.forEach((aborter) => aborter.abort());
    const full = memory(server.program);

    await server.program.stop();
    await server.start();
    const restarted = memory(server.program);
    await each(living.length, async (i) => assert.equal(await ping(base, living[i]), 200));
    const once = memory(server.program);
    await each(living.length, async (i) => assert.equal(await ping(base, living[i]), 200));
    const twice = memory(server.program);
    t.diagnostic(`RSS in MB: floor ${floor.toFixed(0)}, all open ${full.toFixed(0)}, restarted ` +
        `${restarted.toFixed(0)}, living used once ${once.toFixed(0)}, twice ${twice.toFixed(0)}`);
    if (sanitized) return;
    assert.ok(full < floor + 40, 'what sessions cost is bounded');
    assert.ok(restarted < floor * 1.1, 'back at the floor');
    assert.ok(twice < once + 5, 'using them again costs nothing more');
});
