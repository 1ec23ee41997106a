// The server is restarted again and again while people work. Where a service manager holds its socket
// nothing is lost; where nobody does, connections are refused while it restarts, and nothing else.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { adminToken } from './support/admin.mjs';
import { exchange, Load } from './support/load.mjs';
import { initialize, rpc } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { answers, demo, freePort, Program, scratchFolder, serverKey, service, until } from './support/program.mjs';

const launcher = fileURLToPath(new URL('./support/launcher.py', import.meta.url));
const primer = 'twenty://primer';
const restarts = 6;
const between = 5_000;
const sanitized = process.env.E2E_SANITIZED === '1';

// `twenty-mcp serve` behind a socket that stays: {url, program, restart()}.
async function activated(t, workspace) {
    const port = await freePort();
    const program = new Program([launcher, String(port), process.env.TWENTY_MCP_BINARY, 'serve'], {
        TWENTY_BASE_URL: workspace, COOKIE_ENCRYPTION_KEY: serverKey, ADMIN_TOKEN: adminToken,
        TWENTY_MCP_DATA_DIR: scratchFolder(t), TWENTY_MCP_LOG_LEVEL: 'info',
        PUBLIC_URL: `http://localhost:${port}`,
    }, { binary: 'python3' });
    t.after(() => program.stop());
    const url = `http://localhost:${port}`;
    await program.until(() => answers(`${url}/readyz`));
    const starts = () => program.output.match(/\bready\b/g)?.length ?? 0;
    return {
        url, program, port,
        async restart() {
            const before = starts();
            program.process.kill('SIGHUP');
            await program.until(() => starts() > before);
        },
    };
}

// nginx with kept connections to the server, or undefined.
async function nginx(t, target) {
    if (spawnSync('nginx', ['-v']).error) return undefined;
    const folder = scratchFolder(t);
    const port = await freePort();
    mkdirSync(path.join(folder, 'tmp'));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((kind) => `${kind}_temp_path tmp/${kind};`).join('\n');
    writeFileSync(path.join(folder, 'nginx.conf'), `
        daemon off; pid nginx.pid; error_log stderr warn; worker_processes 1;
        ${process.getuid() === 0 ? 'user root;' : ''}
        events { worker_connections 256; }
        http {
            access_log off; ${temporary}
            upstream twenty_mcp { server 127.0.0.1:${target}; keepalive 16; }
            server {
                listen 127.0.0.1:${port};
                location / {
                    proxy_pass http://twenty_mcp;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host localhost:${target};
                    proxy_buffering off;
                }
            }
        }`);
    const program = new Program(['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {}, { binary: 'nginx' });
    t.after(() => program.stop());
    const url = `http://127.0.0.1:${port}`;
    await program.until(() => answers(`${url}/readyz`));
    return { url, program };
}

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

// Some 200 requests a second of every kind, to each of these addresses in turn.
function work(load, bases, person, people, allowed) {
    let id = 0;
    const call = (base, token, method, params) => async (agent) => {
        id += 1;
        const { status, text } = await exchange(agent, base, '/mcp', {
            method: 'POST', headers: { ...json, authorization: `Bearer ${token}` },
            body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        });
        assert.equal(status, 200, text);
        assert.match(text, /"result"/);
        assert.doesNotMatch(text, /"isError":true/, text);
    };
    const base = (i) => bases[i % bases.length];
    for (let i = 0; i < 15; i += 1)
        load.add('tools/list', 100, call(base(i), person.access, 'tools/list', {}), allowed);
    for (let i = 0; i < 2; i += 1)
        load.add('find_records', 2_000, call(base(i), person.access, 'tools/call',
            { name: 'find_records', arguments: { objectName: 'company', limit: 1 } }), allowed);
    for (let i = 0; i < 9; i += 1)
        load.add('healthz', 100, async (agent) => {
            assert.equal((await exchange(agent, base(i), '/healthz')).status, 200);
        }, allowed);
    people.forEach((one, i) => load.add('refresh', 250, async (agent) => {
        const { status, text } = await exchange(agent, base(i), '/token', {
            method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: new URLSearchParams({
                grant_type: 'refresh_token', client_id: one.clientId, refresh_token: one.refresh,
            }).toString(),
        });
        assert.equal(status, 200, text);
        one.refresh = JSON.parse(text).refresh_token;
    }, allowed));
}

// A session's own stream, read until it ends and then resumed from its last event: when an update of
// the primer was heard of.
async function listener(load, base, token, allowed) {
    const opened = await rpc(base, token, 'initialize', initialize);
    const headers = { 'mcp-session-id': opened.headers.get('mcp-session-id') };
    await rpc(base, token, 'notifications/initialized', {}, headers);
    const subscribed = await rpc(base, token, 'resources/subscribe', { uri: primer }, headers);
    assert.equal(subscribed.status, 200, subscribed.text);
    const it = { heard: [], opened: 0 };
    let last;
    const aborter = new AbortController();
    load.ending.push(() => aborter.abort());
    it.reading = (async () => {
        while (!load.over) {
            try {
                const response = await fetch(`${base}/mcp`, {
                    headers: { ...headers, authorization: `Bearer ${token}`, accept: 'text/event-stream',
                        ...(last && { 'last-event-id': last }) },
                    signal: aborter.signal,
                });
                assert.equal(response.status, 200, await (response.status === 200 ? '' : response.text()));
                it.opened += 1;
                for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
                    for (const [, one] of piece.matchAll(/^id: ?(.+)$/gm)) last = one;
                    if (piece.includes('notifications/resources/updated')) it.heard.push(Date.now());
                }
            } catch (error) {
                if (load.over) return;
                if (allowed?.(error.cause ?? error)) load.refused = (load.refused ?? 0) + 1;
                else load.failures.push(`stream: ${error.message} ${error.cause?.code ?? ''}`);
            }
            await sleep(20);
        }
    })();
    return it;
}

test('restarts under load lose no request and no event, where the socket stays open', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await activated(t, workspace);
    const proxy = await nginx(t, server.port);
    if (!proxy) t.diagnostic('without nginx, which is not installed');
    const bases = [server.url, ...(proxy ? [proxy.url] : [])];
    const person = await login(server.url, key);
    const people = [];
    for (let i = 0; i < 4; i += 1) people.push(await login(server.url, key));

    const load = new Load(t);
    const streams = [];
    for (const base of bases) streams.push(await listener(load, base, person.access));
    await until(() => streams.every(({ opened }) => opened === 1), 'the streams are open');
    work(load, bases, person, people);
    const changes = [];
    load.add('primer', 1_000, async (agent) => {
        const begun = Date.now();
        const { status, text } = await exchange(agent, server.url, '/admin/primer', {
            method: 'PUT', body: `# Edition ${begun}\n`,
            headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'text/markdown' },
        });
        assert.equal(status, 200, text);
        changes.push(begun);
    });

    const begun = Date.now();
    const took = [];
    for (let i = 0; i < restarts; i += 1) {
        const next = Date.now() + between;
        await sleep(500);
        const stopped = Date.now();
        await server.restart();
        took.push(Date.now() - stopped);
        await sleep(Math.max(0, next - Date.now()));
    }
    const rate = (load.total * 1000) / (Date.now() - begun);
    await until(() => streams.every(({ heard }) => heard.at(-1) > changes.at(-1)), 'the last change is heard of');
    await load.end();
    for (const stream of streams) await stream.reading;
    t.diagnostic(`${load.total} requests, ${rate.toFixed(0)} a second: ${JSON.stringify(load.done)}; ` +
        `${restarts} restarts of ${took.join(', ')} ms`);

    assert.deepEqual(load.failures, []);
    assert.ok(rate > (sanitized ? 20 : 100), `${rate} requests a second are no load`);
    for (const stream of streams) {
        assert.ok(stream.opened > restarts, `the stream came back ${stream.opened - 1} times`);
        for (const changed of changes)
            assert.ok(stream.heard.some((at) => at >= changed && at < changed + 2 * between),
                'every change is heard of, be it by another that came after it');
    }
});

test('without such a socket a restart refuses connections for its time, and loses nothing else', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { ADMIN_TOKEN: adminToken });
    const person = await login(server.url, key);
    const people = [await login(server.url, key)];
    const load = new Load(t);
    const refused = (error) => error.code === 'ECONNREFUSED';
    const stream = await listener(load, server.url, person.access, refused);
    work(load, [server.url], person, people, refused);
    for (let i = 0; i < 2; i += 1) {
        await sleep(2_000);
        await server.program.stop();
        await server.start();
    }
    await until(() => stream.opened >= 3, 'the stream came back');
    await load.end();
    t.diagnostic(`${load.total} requests answered, ${load.refused ?? 0} connections refused`);
    assert.deepEqual(load.failures, []);
});

test('systemd-socket-activate starts the server with the first connection, which it answers', async (t) => {
    if (spawnSync('systemd-socket-activate', ['--version']).error) {
        t.skip('there is no systemd-socket-activate');
        return;
    }
    const { workspace } = await demo(t);
    const [port, other] = [await freePort(), await freePort()];
    const settings = {
        TWENTY_BASE_URL: workspace, COOKIE_ENCRYPTION_KEY: serverKey,
        TWENTY_MCP_DATA_DIR: scratchFolder(t), TWENTY_MCP_LISTEN: `127.0.0.1:${other}`,
    };
    // It hands the environment on that it is told to.
    const program = new Program(['-l', `127.0.0.1:${port}`,
        ...Object.keys(settings).flatMap((name) => ['-E', name]),
        process.env.TWENTY_MCP_BINARY, 'serve'], settings, { binary: 'systemd-socket-activate' });
    t.after(() => program.stop());
    await program.until((output) => output.includes('Listening'));
    const response = await fetch(`http://localhost:${port}/readyz`);
    assert.equal(response.status, 200);
    assert.match(program.output, new RegExp(`setting_not_used.*TWENTY_MCP_LISTEN.*127\\.0\\.0\\.1:${port}`));
    await program.until((output) => output.includes(`ready port=${port}`));
    await assert.rejects(fetch(`http://localhost:${other}/readyz`), 'the other address is not used');
});
