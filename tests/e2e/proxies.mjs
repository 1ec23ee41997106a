// The configurations of packaging/proxies, each run by the real proxy in front of a real server:
// the whole journey of a client over TLS, event streams that arrive at once and stay open, and what
// the server must be told of its clients. A proxy that is not installed is skipped.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { admin, adminToken } from './support/admin.mjs';
import { initialize } from './support/mcp.mjs';
import { approve, authorizeUrl, pkce, register } from './support/oauth.mjs';
import { demo, freePort, service, until } from './support/program.mjs';
import { authority, installed, proxies, silence, startProxy } from './support/proxies.mjs';
import { connect, Person } from './support/sdk.mjs';
import { TlsClient } from './support/tls_fetch.mjs';

const primer = 'twenty://primer';
const elsewhere = '127.5.6.7'; // of this machine, too, but for proxy and server a stranger

// The helpers of support/ call fetch(): for https it is HTTP/2 to this machine.
const plainFetch = globalThis.fetch;
function fetchAlso(client) {
    globalThis.fetch = (url, init) =>
        (String(url).startsWith('https:') ? client.http2 : plainFetch)(url, init);
}

// The official SDK's client over HTTP/1.1.
const overHttp1 = (client) => ({
    Client, UnauthorizedError,
    StreamableHTTPClientTransport: class extends StreamableHTTPClientTransport {
        constructor(url, options) { super(url, { ...options, fetch: client.http1 }); }
    },
});

// An event stream by hand: every event and comment with its time.
async function listen(send, url, headers) {
    const abort = new AbortController();
    const began = performance.now();
    const response = await send(`${url}/mcp`, {
        headers: { accept: 'text/event-stream', 'accept-encoding': 'gzip, br', ...headers },
        signal: abort.signal,
    });
    const it = {
        response, head: performance.now() - began, events: [], comments: [], ended: false,
        leave: () => abort.abort(),
    };
    (async () => {
        let rest = '';
        for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
            const blocks = (rest + text).split('\n\n');
            rest = blocks.pop();
            for (const block of blocks) {
                const list = block.startsWith(':') ? it.comments : it.events;
                list.push({ at: performance.now(), text: block });
            }
        }
    })().catch(() => {}).finally(() => { it.ended = true; });
    return it;
}

class Scene {
    constructor(t, kind, given) { Object.assign(this, { t, kind, ...given }); }

    static async make(t, kind, shared) {
        const port = await freePort();
        const server = await service(t, shared.workspace, {
            PUBLIC_URL: `https://mcp.example.com:${port}`, ADMIN_TOKEN: adminToken,
            TWENTY_MCP_TRUSTED_PROXIES: '127.0.0.1',
        });
        const proxy = await startProxy(t, kind,
            { authority: shared.authority, port, upstream: `127.0.0.1:${new URL(server.url).port}` });
        const client = new TlsClient(t, shared.authority.ca);
        const stranger = new TlsClient(t, shared.authority.ca, { from: elsewhere });
        const url = new URL(proxy.url);
        await proxy.program.until(async () => {
            try {
                return (await client.http1(`${url.origin}/healthz`)).ok;
            } catch {
                return false;
            }
        });
        return new Scene(t, kind, { server, proxy, client, stranger, url: proxy.url, key: shared.key });
    }

    // {status, headers, text}: a path as it is written, over HTTP/1.1.
    async raw(client, path, options = {}) {
        const { status, headers, body } = await client.overHttp1(new URL(this.url), { path, ...options });
        return { status, headers, text: await new Response(body).text() };
    }

    async rewritePrimer() {
        this.edition = (this.edition ?? 0) + 1;
        const { status } = await admin(this.url, 'PUT', '/admin/primer', `# Edition ${this.edition}\n`);
        assert.equal(status, 200);
    }

    // A session by hand, that hears of the primer: the headers of its requests.
    async subscribed(token) {
        const headers = {
            authorization: `Bearer ${token}`, 'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
        };
        const post = async (body) => {
            const response = await this.client.http2(`${this.url}/mcp`,
                { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
            await response.text();
            assert.ok(response.ok, `${response.status}`);
            return response;
        };
        const opened = await post({ id: 1, method: 'initialize', params: initialize });
        headers['mcp-session-id'] = opened.headers.get('mcp-session-id');
        await post({ method: 'notifications/initialized' });
        await post({ id: 2, method: 'resources/subscribe', params: { uri: primer } });
        const { authorization } = headers;
        return { authorization, 'mcp-session-id': headers['mcp-session-id'] };
    }
}

async function journey(it) {
    for (const sdk of [undefined, overHttp1(it.client)]) {
        const person = new Person(it.key, { mode: 'write' });
        const { client } = await connect(it.t, it.url, person, sdk);
        assert.equal(person.consents, 1);
        const { tools } = await client.listTools();
        assert.ok(tools.length > 5);
        const find = { name: 'find_records', arguments: { objectName: 'company', limit: 2 } };
        assert.ok(!(await client.callTool(find)).isError);
        person.saved = { ...person.saved, access_token: 'spent' };
        assert.ok(!(await client.callTool(find)).isError);
        assert.equal(person.refreshes, 1, 'refreshed in passing');
        it.person = person;
        it.sdk = client;
    }
}

async function manyAtOnce(it) {
    const { client } = await connect(it.t, it.url, it.person); // a session has a queue of 32
    const find = { name: 'find_records', arguments: { objectName: 'person', limit: 1 } };
    const answers = await Promise.all(Array.from({ length: 50 },
        (_, i) => (i % 2 ? client : it.sdk).callTool(find)));
    assert.ok(answers.every(({ isError }) => !isError));
}

async function sizes(it) {
    const token = it.person.saved.access_token;
    const ping = (bytes) => {
        const body = (pad) => `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"x":"${pad}"}}}`;
        return body('a'.repeat(bytes - body('').length));
    };
    for (const send of [it.client.http2, it.client.http1]) {
        const post = (body, headers = {}) => send(`${it.url}/mcp`, {
            method: 'POST', body,
            headers: {
                authorization: `Bearer ${token}`, 'content-type': 'application/json',
                accept: 'application/json, text/event-stream', ...headers,
            },
        });
        assert.equal((await post(ping(1024 * 1024))).status, 200, 'a megabyte');
        const larger = await post(ping(1024 * 1024 + 1));
        assert.equal(larger.status, 413);
        assert.equal(larger.headers.get('content-type'), 'application/json', 'the server says so itself');
        assert.equal((await post(ping(100), { 'x-large': 'a'.repeat(15_000) })).status, 200, 'a header of 15 KB');

        const longest = `/?${'a'.repeat(8190)}`; // a byte more is 414
        assert.equal((await send(it.url + longest)).status, 200, 'an address of 8 KB');

        const head = await send(`${it.url}/mcp`, { method: 'HEAD' });
        assert.equal(head.status, 401);
        assert.match(head.headers.get('www-authenticate'),
            new RegExp(`resource_metadata="${it.url}/.well-known/oauth-protected-resource/mcp"`));
        assert.equal(head.headers.get('strict-transport-security'), 'max-age=31536000');
    }
    const state = 'a'.repeat(2496) + '/+&="'.repeat(320); // 4 KB, of which an address makes 7
    const { challenge } = pkce();
    const asked = authorizeUrl(it.url, await register(it.url), challenge, { state });
    const back = await approve(asked, { api_key: it.key });
    assert.equal(back.searchParams.get('state'), state, 'a long state comes back');
}

const streamsEnded = ({ server }) =>
    server.program.output.match(/request method=GET path=\/mcp status=200/g)?.length ?? 0;
const news = ({ events }) => events.filter(({ text }) => text.includes('resources/updated'));

// Streams of sessions of their own, one over HTTP/2 and one over HTTP/1.1.
async function twoStreams(it) {
    return Promise.all([it.client.http2, it.client.http1].map(async (send) =>
        listen(send, it.url, await it.subscribed(it.person.saved.access_token))));
}

async function eventArrives(it, listening, times) {
    const asked = performance.now();
    await it.rewritePrimer();
    await until(() => listening.every((one) => news(one).length === times), 'the event', 5);
    for (const one of listening) assert.ok(news(one).at(-1).at - asked < 1000, 'within a second');
}

// Over longer than the proxy lets a connection be silent.
async function streams(it) {
    const leaving = await twoStreams(it);
    const staying = await twoStreams(it);
    const began = performance.now();
    for (const { response, head } of [...leaving, ...staying]) {
        assert.equal(response.status, 200);
        assert.ok(head < 1000, `the head after ${head} ms`);
        assert.equal(response.headers.get('content-encoding'), null);
    }
    await eventArrives(it, [...leaving, ...staying], 1);

    const ended = streamsEnded(it);
    for (const one of leaving) one.leave();
    if (!it.kind.noticesLate)
        await until(() => streamsEnded(it) === ended + 2, 'the server learns that clients have left', 3);
    await sleep(2 * silence * 1000 - (performance.now() - began));
    assert.equal(streamsEnded(it), ended + 2, 'the server knows who has left, and ended nothing else');
    for (const one of staying) {
        assert.ok(!one.ended, 'the stream is still open');
        assert.ok(one.comments.length >= 2, 'comments kept it open');
    }
    await eventArrives(it, staying, 2);
    for (const one of staying) one.leave();
}

async function addresses(it) {
    const forged = {
        'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9',
    };
    for (const headers of [{}, forged]) {
        const { status, headers: answer } = await it.raw(it.stranger, '/', { headers });
        assert.equal(status, 200);
        const line = await it.server.program.until((output) =>
            output.split('\n').find((one) => one.includes(answer['x-request-id'])));
        assert.match(line, / peer=127\.5\.6\.0\/24/);
    }
    assert.doesNotMatch(it.server.program.output, /203\.0\.113/);
    await it.raw(it.stranger, '/?a=secret');
    assert.doesNotMatch(it.proxy.log(), /127\.5\.6\.7|a=secret/, 'nor does the proxy write it down');
}

async function adminIsOurs(it) {
    const headers = { authorization: `Bearer ${adminToken}` };
    assert.equal((await it.raw(it.client, '/admin', { headers })).status, 200, 'from an own network');
    for (const path of ['/admin', '/admin/', '/admin/connections', '/metrics'])
        assert.equal((await it.raw(it.stranger, path, { headers })).status, 403, path);
    for (const path of ['/%61dmin', '//admin', '/./admin', '/x/../admin', '/ADMIN', '/admin;x', '/x//../admin'])
        assert.ok((await it.raw(it.stranger, path, { headers })).status >= 400, path);
    assert.equal((await it.raw(it.stranger, '/administrator')).status, 404);
}

async function plainHttp(it) {
    const request = http.get(`${it.proxy.plainUrl}/mcp?a=b`, { headers: { host: 'mcp.example.com' } });
    const [answer] = await once(request, 'response');
    answer.resume();
    assert.match(String(answer.statusCode), /^30[18]$/);
    assert.match(answer.headers.location, /^https:\/\/mcp\.example\.com(:\d+)?\/mcp\?a=b$/);
}

async function restart(it) {
    const find = { name: 'find_records', arguments: { objectName: 'company', limit: 1 } };
    await it.server.program.stop();
    if (it.kind.waits) {
        const waiting = it.sdk.callTool(find).catch((error) => error);
        await sleep(1000);
        await it.server.start();
        const answer = await waiting;
        assert.ok(answer.content && !answer.isError, `a call that was sent meanwhile is answered: ${answer}`);
    } else {
        const { status } = await it.raw(it.client, '/healthz');
        assert.ok([502, 503].includes(status), `${status} while the server is away`);
        await it.server.start();
    }
    assert.ok(!(await it.sdk.callTool(find)).isError, 'the client goes on');
    assert.equal(it.person.consents, 1);
}

const steps = { plainHttp, journey, sizes, manyAtOnce, addresses, adminIsOurs, streams, restart };

test('clients are served over TLS with the configurations of packaging/proxies', { concurrency: true }, async (t) => {
    const shared = { authority: authority(t), ...await demo(t) };
    fetchAlso(new TlsClient(t, shared.authority.ca));
    await Promise.all(proxies.map((kind) => {
        const skip = installed(kind) ? false : `${kind.name} is not installed`;
        return t.test(`${kind.name}: ${kind.file}`, { skip, concurrency: 1 }, async (t) => {
            const it = await Scene.make(t, kind, shared);
            for (const [name, step] of Object.entries(steps)) await t.test(name, () => step(it));
        });
    }));
});
