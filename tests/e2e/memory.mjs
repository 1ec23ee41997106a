// The worst that the limits allow at one time, behind a Twenty that is slow: large calls that wait,
// answers of Twenty's with as many values as are read, uploads that never end, and clients that do
// not read. The process stays below its ceiling, answers others throughout, and is small again
// when all of that is over.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callTool, initialize, rpc, send } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { demo, memoryFolder, service, until } from './support/program.mjs';

const ceiling = 400; // MB
const afterwards = 1.5; // times what it had before

const megabytes = (program, what) => Number(readFileSync(`/proc/${program.process.pid}/status`, 'utf8')
    .match(new RegExp(`${what}:\\s+(\\d+)`))[1]) / 1024;

// 7.6 MB with 420,000 values.
const vast = JSON.stringify({
    data: { companies: { edges: Array.from({ length: 60_000 }, (_, i) => ({ node: { id: `vast-${i}`, name: 'x'.repeat(60), a: 1, b: null, c: true } })) } },
});

// Passes on to the workspace. While `slow`, an answer takes `delay`, and a request with the word
// gets the vast one.
async function slowTwenty(t, workspace) {
    const it = { slow: false, delay: 12_000 };
    const agent = new http.Agent({ keepAlive: true });
    const server = http.createServer((request, response) => {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', async () => {
            const body = Buffer.concat(chunks);
            if (it.slow && body.includes('vastly')) {
                response.writeHead(200, { 'content-type': 'application/json' }).end(vast);
                return;
            }
            if (it.slow) await sleep(it.delay);
            const { host, ...headers } = request.headers;
            const onward = http.request(workspace + request.url, { method: request.method, headers, agent }, (answer) => {
                response.writeHead(answer.statusCode, answer.headers);
                answer.pipe(response);
            });
            onward.on('error', () => response.destroy());
            onward.end(body);
        });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => { server.closeAllConnections(); server.close(); agent.destroy(); });
    it.url = `http://127.0.0.1:${server.address().port}`;
    return it;
}

function raw(base, text) {
    const { hostname, port } = new URL(base);
    const socket = net.connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
    socket.on('error', () => {});
    socket.write(text);
    return socket;
}

test('the worst mix stays below its ceiling, and what it took goes back', async (t) => {
    const { workspace, key } = await demo(t);
    const twenty = await slowTwenty(t, workspace);
    const server = await service(t, twenty.url, {
        TWENTY_MCP_LOG_LEVEL: 'error', TWENTY_MCP_DATA_DIR: memoryFolder(t),
    });
    const base = server.url;
    const { host } = new URL(base);

    const people = [];
    for (let i = 0; i < 8; i += 1) {
        const { access } = await login(base, key, { mode: 'write' });
        const sessions = [];
        for (let s = 0; s < 8; s += 1) {
            const { headers, status } = await rpc(base, access, 'initialize', initialize);
            assert.equal(status, 200);
            sessions.push(headers.get('mcp-session-id'));
        }
        people.push({ access, sessions });
    }
    for (const { access } of people) {
        assert.ok(!(await callTool(base, access, 'find_records', { objectName: 'company' })).failed);
    }
    await sleep(11_000); // what the logins took goes back
    const before = megabytes(server.program, 'VmRSS');

    // Others are answered throughout. How late is not judged: this process is busy itself.
    let over = false;
    let slowest = 0;
    const health = (async () => {
        while (!over) {
            const asked = performance.now();
            assert.equal((await fetch(`${base}/healthz`)).status, 200);
            slowest = Math.max(slowest, performance.now() - asked);
            await sleep(50);
        }
    })();

    twenty.slow = true;
    const outcomes = new Map();
    const call = async (person, session, args) => {
        const { status, json } = await send(base, person.access,
            `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_records","arguments":${args}}}`,
            { 'mcp-session-id': session });
        const text = json?.result?.content?.[0]?.text ?? '';
        const kind = `${status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? 'done'}`;
        outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
    };
    const calls = [];
    // The trees of such filters are thirty times their text, which is under 1 MB.
    const large = JSON.stringify({
        objectName: 'company',
        filter: { or: Array.from({ length: 24_000 }, (_, i) => ({ [`a name of some length ${i}`]: 1 })) },
    });
    for (const person of people) {
        for (const session of person.sessions) {
            calls.push(call(person, session, '{"objectName":"company","search":"vastly"}'));
            calls.push(call(person, session, '{"objectName":"company","search":"x","include":["people"]}'));
            calls.push(call(person, session, large), call(person, session, large));
        }
    }
    const head = (length) => `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
        `Accept: application/json, text/event-stream\r\nAuthorization: Bearer ${people[0].access}\r\n` +
        `Content-Length: ${length}\r\n\r\n`;
    const sockets = [];
    t.after(() => sockets.forEach((socket) => socket.destroy()));
    // Uploads without an end, and answers that nobody reads.
    for (let i = 0; i < 120; i += 1) sockets.push(raw(base, head(1_000_000) + ' '.repeat(990_000)));
    const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
    for (let i = 0; i < 120; i += 1) {
        const socket = raw(base, (head(list.length) + list).repeat(200));
        socket.pause();
        sockets.push(socket);
    }
    await Promise.all(calls);
    const top = megabytes(server.program, 'VmHWM');
    sockets.forEach((socket) => socket.destroy());
    twenty.slow = false;

    assert.ok(!(await callTool(base, people[0].access, 'find_records', { objectName: 'company' })).failed);
    over = true;
    await health;
    let after = 0;
    await until(() => {
        after = megabytes(server.program, 'VmRSS');
        return after <= before * afterwards;
    }, 'the memory goes back', 45).catch(() => {});
    t.diagnostic(`RSS ${before.toFixed(0)} MB before, ${top.toFixed(0)} MB at most, ${after.toFixed(0)} MB after; ` +
        `/healthz took ${slowest.toFixed(0)} ms at most; ${JSON.stringify(Object.fromEntries(outcomes))}`);
    assert.ok(top < ceiling, `${top} MB`);
    assert.ok(after <= before * afterwards, `${before} -> ${after} MB`);
});
