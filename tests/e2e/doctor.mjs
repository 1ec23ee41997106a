// `twenty-mcp doctor`: finds nothing wrong with a healthy server, and each planted fault by the
// name of its check, without a false alarm beside it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { collector } from './support/collector.mjs';
import { caddy, caddyProgram, nginx, nginxProgram } from './support/debian_proxies.mjs';
import { Authority, faultProxy } from './support/fault_proxy.mjs';
import { demo, freePort, memoryFolder, scratchFolder, serverKey, service } from './support/program.mjs';

const adminToken = 'an-admin-token-of-some-length-0123456789';

// Runs it with --json: {code, found, failed, warned, text}; `found` has the rows by name.
async function doctor(args, env = {}) {
    const child = spawn(process.env.TWENTY_MCP_BINARY, ['doctor', '--json', ...args],
        { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stdout.on('data', (piece) => { text += piece; });
    child.stderr.on('data', (piece) => { errors += piece; });
    const code = await new Promise((resolve) => { child.on('close', resolve); });
    assert.doesNotMatch(errors, /Sanitizer|runtime error:/);
    if (code === 2) return { code, errors };
    const { checks, ok } = JSON.parse(text);
    const named = (state) => checks.filter((row) => row.state === state).map((row) => row.name);
    assert.equal(code, ok ? 0 : 1, 'the exit code is that of the report');
    for (const row of checks) {
        const advised = row.state === 'failed' || row.state === 'warning';
        assert.equal(row.advice !== '', advised, `${row.name} advises when something is to do`);
    }
    return {
        code, text, failed: named('failed'), warned: named('warning'), skipped: named('skipped'),
        found: Object.fromEntries(checks.map((row) => [row.name, row])),
    };
}

function keyFile(t, key) {
    const file = path.join(scratchFolder(t), 'key');
    writeFileSync(file, `${key}\n`, { mode: 0o600 });
    return file;
}

// A service behind a proxy that is healthy until a fault is planted.
async function behindProxy(t, env = {}, proxyOptions = {}) {
    const { workspace, key } = await demo(t);
    const proxy = await faultProxy(t, proxyOptions);
    // Each check has a few seconds, and a busy disk may take them.
    const server = await service(t, workspace, {
        PUBLIC_URL: proxy.url, ADMIN_TOKEN: adminToken, TWENTY_MCP_DATA_DIR: memoryFolder(t), ...env,
    });
    proxy.target = Number(new URL(server.url).port);
    const inside = {
        TWENTY_BASE_URL: workspace, COOKIE_ENCRYPTION_KEY: serverKey, PUBLIC_URL: proxy.url,
        TWENTY_MCP_LISTEN: `127.0.0.1:${proxy.target}`, TWENTY_MCP_DATA_DIR: server.folder,
        ADMIN_TOKEN: adminToken,
    };
    return { proxy, server, workspace, key, keyFile: keyFile(t, key), inside };
}

async function connections(server) {
    const answer = await fetch(`${server.url}/admin/connections`,
        { headers: { authorization: `Bearer ${adminToken}` } });
    return (await answer.json()).connections;
}

const html = { 'content-type': 'text/html' };
const page = (status) => [status, html, `<h1>${status}</h1>`];
const at = (method, url) => (req) => req.method === method && req.url.split('?')[0] === url;
const json = (change) => (answer) => {
    const body = JSON.parse(answer.body);
    change(body);
    answer.body = Buffer.from(JSON.stringify(body));
};
const resource = at('GET', '/.well-known/oauth-protected-resource/mcp');
const authority = at('GET', '/.well-known/oauth-authorization-server');
const mcp = (req) => req.url === '/mcp';
const real = (req) => !/made-this-up|undefined/.test(String(req.headers.authorization));
const says = (sent, words) => String(sent).includes(words);

// [what is wrong, the fault, the checks that fail, the checks that warn]
const faultsOutside = [
    ['an error page of the proxy', { refuse: () => page(502) }, ['proxy']],
    ['a path that the proxy does not pass on', { refuse: (req) => mcp(req) && page(404) }, ['proxy']],
    ['a login of the proxy itself', { refuse: () => [401, { ...html, 'www-authenticate': 'Basic realm="x"' }, 'no'] }, ['mcp-401', 'well-known-resource', 'well-known-server']],
    ['an access page before the server', { refuse: () => page(403) }, ['proxy']],
    ['a redirect of POST', { refuse: (req) => mcp(req) && [301, { location: 'https://elsewhere.example/mcp' }] }, ['redirect']],
    ['a Host of the proxy', { request: (req, headers) => { headers.host = 'backend.internal:8787'; } }, ['host']],
    ['a clock that is ten minutes behind', { answer: (req, a) => { a.headers.date = new Date(Date.now() - 600_000).toUTCString(); } }, ['clock']],
    ['a clock that is two minutes ahead', { answer: (req, a) => { a.headers.date = new Date(Date.now() + 120_000).toUTCString(); } }, [], ['clock']],
    ['a page in place of 401', { answer: (req, a) => { if (a.status === 401) { a.headers = { ...html }; a.body = 'no'; } } }, ['mcp-401']],
    ['a 401 that became 200', { answer: (req, a) => { if (a.status === 401) a.status = 200; } }, ['mcp-401']],
    ['no WWW-Authenticate', { answer: (req, a) => { delete a.headers['www-authenticate']; } }, ['www-authenticate', 'mcp-head']],
    ['a file in place of the resource document', { refuse: (req) => resource(req) && page(404) }, ['well-known-resource']],
    ['a page in place of the resource document', { refuse: (req) => resource(req) && page(200) }, ['well-known-resource']],
    ['no document of the login server', { refuse: (req) => authority(req) && page(404) }, ['well-known-server']],
    ['documents that are compressed', { answer: (req, a) => { if (authority(req)) { a.body = gzipSync(a.body); a.headers['content-encoding'] = 'gzip'; } } }, ['document-encoding']],
    ['documents of another type', { answer: (req, a) => { if (resource(req)) a.headers['content-type'] = 'text/plain'; } }, ['document-encoding']],
    ['another resource', { answer: (req, a) => { if (resource(req)) json((b) => { b.resource = 'http://other.example/mcp'; })(a); } }, ['resource-url']],
    ['another issuer', { answer: (req, a) => { if (authority(req)) json((b) => { b.issuer += '/'; })(a); } }, ['issuer']],
    ['endpoints elsewhere', { answer: (req, a) => { if (authority(req)) json((b) => { b.token_endpoint = 'http://other.example/token'; })(a); } }, ['issuer']],
    ['a document without PKCE', { answer: (req, a) => { if (authority(req)) json((b) => { delete b.code_challenge_methods_supported; })(a); } }, ['pkce-offered']],
    ['no HEAD', { refuse: (req) => req.method === 'HEAD' && page(405) }, ['mcp-head']],
    ['no DELETE', { refuse: (req) => req.method === 'DELETE' && page(405) }, ['mcp-methods']],
    ['no GET of /mcp', { refuse: (req) => at('GET', '/mcp')(req) && page(403) }, ['mcp-methods']],
    ['preflights that the proxy answers', { refuse: (req) => req.method === 'OPTIONS' && [204] }, ['cors']],
    ['preflights without Authorization', { answer: (req, a) => { delete a.headers['access-control-allow-headers']; } }, ['cors']],
    ['no Authorization', { request: (req, headers) => { delete headers.authorization; } }, ['authorization-header']],
    ['small headers alone', { refuse: (req) => req.rawHeaders.join('').length > 4096 && page(431) }, ['large-header']],
    ['small bodies alone', { refuse: (req, sent) => sent.length > 500_000 && page(413) }, ['large-body']],
    ['a connection for each request', { answer: (req, a) => { a.headers.connection = 'close'; } }, [], ['keep-alive']],
    ['a server that is not ready', { answer: (req, a) => { if (req.url === '/readyz') json((b) => { b.ready = false; })(a); } }, ['ready']],
    ['no registration', { refuse: (req) => at('POST', '/register')(req) && page(405) }, ['register']],
    ['no consent page', { refuse: (req) => req.url.startsWith('/authorize') && page(404) }, ['authorize-page']],
    ['a query that is cut off', { request: (req) => (req.url.startsWith('/authorize') ? '/authorize' : undefined) }, ['authorize-page']],
    ['no cookie', { answer: (req, a) => { delete a.headers['set-cookie']; } }, ['consent-cookie']],
    ['a cookie for another path', { answer: (req, a) => { if (a.headers['set-cookie']) a.headers['set-cookie'] = a.headers['set-cookie'].map((c) => c.replace('Path=/', 'Path=/crm')); } }, ['consent-cookie']],
    ['no style', { refuse: (req) => req.url.startsWith('/static/') && page(404) }, ['consent-style']],
    ['no address in a query', { refuse: (req) => /client_id=https/.test(req.url) && page(403) }, ['client-document']],
    ['a cached consent page', (() => {
        let kept;
        return {
            refuse: (req) => kept && req.url.startsWith('/authorize') && [200, kept.headers, kept.body],
            answer: (req, a) => { if (req.url.startsWith('/authorize')) kept = { headers: { ...a.headers }, body: a.body }; },
        };
    })(), ['pkce']],
    ['no /token', { refuse: (req) => req.url === '/token' && page(403) }, ['token-endpoint']],
    ['pages of the proxy for every 400', { answer: (req, a) => { if (a.status === 400) { a.headers = { ...html }; a.body = '<h1>400</h1>'; } } }, ['token-endpoint']],
    ['no /revoke', { refuse: (req) => req.url === '/revoke' && page(404) }, ['revoke-endpoint']],
];

const faultsWithKey = [
    ['a form without Origin and Cookie', { request: (req, headers) => { if (req.method === 'POST') { delete headers.cookie; delete headers.origin; } } }, ['consent']],
    ['no form', { refuse: (req) => at('POST', '/authorize')(req) && page(403) }, ['consent']],
    ['no code exchange', { refuse: (req, sent) => says(sent, 'authorization_code') && !says(sent, 'made-this-up') && page(500) }, ['token']],
    ['no refresh', { refuse: (req, sent) => says(sent, 'refresh_token&') && req.url === '/token' && page(403) }, ['token-refresh']],
    ['a good token that is refused', { refuse: (req, sent) => mcp(req) && real(req) && says(sent, 'initialize') && page(403) }, ['initialize']],
    ['no Mcp-Session-Id', { answer: (req, a) => { delete a.headers['mcp-session-id']; } }, ['session-header']],
    ['no list of tools', { refuse: (req, sent) => says(sent, 'tools/list') && page(504) }, ['tools-list']],
    ['no header of the newer protocol', { request: (req, headers) => { delete headers['mcp-method']; } }, ['discover']],
    ['no tool', { refuse: (req, sent) => says(sent, 'tools/call') && page(504) }, ['tool-call']],
    ['no stream', { refuse: (req) => at('GET', '/mcp')(req) && real(req) && page(504) }, ['sse-stream']],
    ['a stream of another type', { answer: (req, a) => { if (/event-stream/.test(a.headers['content-type'])) a.headers['content-type'] = 'application/octet-stream'; } }, ['sse-stream']],
    ['a stream that is held back', { hold: (req) => at('GET', '/mcp')(req) && real(req) }, ['sse-buffered']],
    ['a compressed stream', { answer: (req, a) => { if (/event-stream/.test(a.headers['content-type'])) a.headers['content-encoding'] = 'gzip'; } }, ['sse-buffered']],
    ['a stream that is cut before its keep-alive', { cuts: (req) => at('GET', '/mcp')(req) && real(req) && 1000 }, ['sse-kept']],
    ['no end of a session', { refuse: (req) => req.method === 'DELETE' && real(req) && page(405) }, ['session-end']],
    ['no end of the connection', { refuse: (req, sent) => says(sent, 'token_type_hint') && page(403) }, ['revoke']],
];

test('a healthy demo has no fault, from outside, with a key and without', async (t) => {
    const { url, key } = await demo(t);
    for (const address of [url, `${url}/mcp`, `${url}/`]) {
        const { code, failed, warned } = await doctor([address]);
        assert.deepEqual([code, failed, warned], [0, [], []]);
    }
    const whole = await doctor([url, '--key-file', keyFile(t, key)]);
    assert.deepEqual([whole.code, whole.failed, whole.warned], [0, [], []]);
    assert.equal(whole.found.revoke.state, 'ok');
    assert.equal(whole.found['sse-kept'].seen, 'open after 15 s');

    const open = keyFile(t, key);
    chmodSync(open, 0o644);
    const seen = await doctor([url, '--key-file', open, '--timeout', '3']);
    assert.deepEqual([seen.code, seen.failed, seen.warned], [0, [], ['key-file']]);
});

test('a healthy service has no fault from inside, and no connection is left', async (t) => {
    const { server, keyFile: file, inside, key } = await behindProxy(t);
    const { code, failed, warned, found, text } = await doctor(['--key-file', file], inside);
    assert.deepEqual([code, failed, warned], [0, [], []], text);
    for (const name of ['settings', 'listener', 'database', 'twenty-role', 'sse-buffered', 'revoke'])
        assert.equal(found[name].state, 'ok', name);
    assert.deepEqual(await connections(server), []);
    for (const secret of [key, serverKey, adminToken]) assert.ok(!text.includes(secret));
});

test('each fault of a proxy is found by its name', async (t) => {
    const { proxy } = await behindProxy(t);
    for (const [what, fault, failed, warned = []] of faultsOutside) {
        proxy.fault = fault;
        const seen = await doctor([proxy.url]);
        assert.deepEqual([seen.failed, seen.warned], [failed, warned], `${what}\n${seen.text}`);
    }
    proxy.fault = {};
    assert.equal((await doctor([proxy.url])).code, 0, 'healthy again');
});

test('each fault that only a connection shows is found, and the connection is ended', async (t) => {
    const { proxy, server, keyFile: file } = await behindProxy(t);
    for (const [what, fault, failed, warned = []] of faultsWithKey) {
        proxy.fault = fault;
        const seen = await doctor([proxy.url, '--key-file', file, '--timeout', '3']);
        assert.deepEqual([seen.failed, seen.warned], [failed, warned], `${what}\n${seen.text}`);
        proxy.fault = {};
        const left = await connections(server);
        // What was lost with the answer of /token, or may not be revoked, the advice speaks of.
        const lost = failed.includes('revoke') || failed.includes('token');
        assert.deepEqual(left.map((one) => one.label), lost ? ['doctor'] : [], what);
        for (const { id } of left) {
            await fetch(`${server.url}/admin/connections/${id}`,
                { method: 'DELETE', headers: { authorization: `Bearer ${adminToken}` } });
        }
    }
});

// What administrators write: [what is wrong, the configuration, the checks that fail].
const onwards = (port) => `proxy_pass http://127.0.0.1:${port};`;
const named = 'proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;';
const nginxFaults = (port) => [
    ['the configuration of the documents', { location: `${onwards(port)} ${named} proxy_buffering off;` }, []],
    ['the name of an upstream as Host', { location: 'proxy_pass http://twenty_mcp;' }, ['host']],
    ['no upstream', { location: `proxy_pass http://127.0.0.1:9; ${named}` }, ['proxy']],
    ['/mcp alone', { server: `location /mcp { ${onwards(port)} ${named} }`, location: 'return 404;' }, ['well-known-resource', 'well-known-server']],
    ['well-known files of its own', { server: 'location /.well-known/ { root /nowhere; }', location: `${onwards(port)} ${named}` }, ['well-known-resource', 'well-known-server']],
    ['a redirect', { location: 'return 301 https://$host$request_uri;' }, ['redirect']],
    ['a login of its own', { location: `auth_basic office; auth_basic_user_file /nowhere; ${onwards(port)}` }, ['mcp-401', 'well-known-resource', 'well-known-server']],
    ['no WWW-Authenticate', { location: `${onwards(port)} ${named} proxy_hide_header WWW-Authenticate;` }, ['www-authenticate', 'mcp-head']],
    ['no Authorization', { location: `${onwards(port)} ${named} proxy_set_header Authorization "";` }, ['authorization-header']],
    ['pages for errors', { server: 'error_page 400 401 /error; location /error { internal; return 401 no; }', location: `${onwards(port)} ${named} proxy_intercept_errors on;` }, ['token-endpoint']],
    ['small bodies', { server: 'client_max_body_size 64k;', location: `${onwards(port)} ${named}` }, ['large-body']],
    ['small headers', { server: 'large_client_header_buffers 4 2k;', location: `${onwards(port)} ${named}` }, ['large-header']],
    ['GET and POST alone', { location: `limit_except GET POST { deny all; } ${onwards(port)} ${named}` }, ['mcp-methods', 'cors']],
    ['a cookie for a path', { location: `${onwards(port)} ${named} proxy_cookie_path / /crm;` }, ['consent-cookie']],
    ['no session header', { location: `${onwards(port)} ${named} proxy_hide_header Mcp-Session-Id;` }, ['session-header']],
    ['streams that are held back', { location: `${onwards(port)} ${named} proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;` }, ['sse-buffered']],
    ['a time limit of a second', { location: `${onwards(port)} ${named} proxy_read_timeout 1s;` }, ['sse-kept']],
];
const caddyFaults = (port) => [
    ['the configuration of the documents', `reverse_proxy 127.0.0.1:${port}`, []],
    ['another Host', `reverse_proxy 127.0.0.1:${port} {\n header_up Host backend.internal\n}`, ['host']],
    ['no upstream', 'reverse_proxy 127.0.0.1:9', ['proxy']],
    ['a file server in the way', `handle /mcp* {\n reverse_proxy 127.0.0.1:${port}\n}\nfile_server`, ['well-known-resource', 'well-known-server']],
    ['a redirect', 'redir https://elsewhere.example{uri} 308', ['redirect']],
    ['no WWW-Authenticate', `reverse_proxy 127.0.0.1:${port} {\n header_down -WWW-Authenticate\n}`, ['www-authenticate', 'mcp-head']],
    ['no Authorization', `reverse_proxy 127.0.0.1:${port} {\n header_up -Authorization\n}`, ['authorization-header']],
    ['small bodies', `request_body {\n max_size 64KB\n}\nreverse_proxy 127.0.0.1:${port}`, ['large-body', 'large-call']],
    ['another type', `reverse_proxy 127.0.0.1:${port} {\n header_down Content-Type text/plain\n}`, ['document-encoding']],
    ['no registration', `respond /register 403\nreverse_proxy 127.0.0.1:${port}`, ['register']],
    ['no revocation', `respond /revoke 403\nreverse_proxy 127.0.0.1:${port}`, ['revoke-endpoint', 'revoke']],
];

for (const [name, program, start, faults] of [
    ['nginx', nginxProgram, nginx, nginxFaults], ['Caddy', caddyProgram, caddy, caddyFaults]]) {
    test(`each fault of a configuration of ${name} is found by its name`, {
        skip: program ? false : `${name} is not installed; scripts/test installs it`,
    }, async (t) => {
        const { workspace, key } = await demo(t);
        const port = await freePort();
        const server = await service(t, workspace, {
            PUBLIC_URL: `http://localhost:${port}`, ADMIN_TOKEN: adminToken, TWENTY_MCP_DATA_DIR: memoryFolder(t),
        });
        const file = keyFile(t, key);
        for (const [what, configuration, failed] of faults(new URL(server.url).port)) {
            const proxy = await start(t, port, configuration, new URL(server.url).port);
            const seen = await doctor([proxy.url, '--key-file', file, '--timeout', '3']);
            // Caddy passes a body on while it comes, so that its limit is met by either of the two.
            const expected = what === 'small bodies' ? seen.failed.filter((one) => failed.includes(one)) : failed;
            assert.ok(expected.length > 0 || failed.length === 0, what);
            assert.deepEqual([seen.failed, seen.warned], [expected, []], `${what}\n${seen.text}`);
            await proxy.close();
        }
    });
}

test('a wrong API key is told from a wrong server', async (t) => {
    const { proxy, key, inside } = await behindProxy(t);
    const claims = (change) => {
        const [head, body, tail] = key.split('.');
        const read = { ...JSON.parse(Buffer.from(body, 'base64url')), ...change };
        return [head, Buffer.from(JSON.stringify(read)).toString('base64url'), tail].join('.');
    };
    const now = Math.floor(Date.now() / 1000);
    const soon = await doctor([proxy.url, '--key-file', keyFile(t, claims({ exp: now + 5 * 86_400 }))]);
    assert.deepEqual(soon.warned, ['key']);
    for (const [wrong, failed] of [['this-is-not-a-key', ['key']], [claims({ exp: now - 60 }), ['key']],
        [claims({ jti: '20202020-0000-4000-8000-000000000000' }), ['consent', 'twenty-key']]]) {
        const seen = await doctor(['--key-file', keyFile(t, wrong)], inside);
        assert.deepEqual(seen.failed, failed);
        assert.ok(!seen.text.includes(wrong), 'a key is not printed');
    }
    assert.deepEqual((await doctor([proxy.url, '--key-file', '/nowhere/key'])).failed, ['key']);
});

test('PUBLIC_URL that is not the address in use is named with both values', async (t) => {
    const { proxy, server, inside } = await behindProxy(t);
    const other = 'http://localhost:9';
    await server.restart({ ...inside, PUBLIC_URL: other });
    const seen = await doctor([proxy.url]);
    assert.deepEqual(seen.failed, ['www-authenticate', 'resource-url', 'issuer']);
    for (const name of ['resource-url', 'issuer']) {
        assert.ok(seen.found[name].seen.includes(other) && seen.found[name].seen.includes(proxy.url));
    }
});

test('each fault of a certificate is found by its name', async (t) => {
    const ours = new Authority(scratchFolder(t));
    const ca = ['--ca-file', ours.file('root.pem')];
    const read = ({ key, cert }) => ({ key: readFileSync(key), cert: readFileSync(cert) });
    const short = ours.server('short', { by: 'between' });
    const whole = { ...read(short), cert: readFileSync(short.cert) + readFileSync(ours.file('between.pem')) };
    const { proxy } = await behindProxy(t, {}, { tls: whole });
    for (const [what, tls, args, failed, warned] of [
        ['a good one', whole, ca, [], []],
        ['no intermediate', read(short), ca, ['tls-chain'], []],
        ['an authority that nobody knows', whole, [], ['tls-chain'], []],
        ['another name', read(ours.server('other', { names: 'DNS:other.example' })), ca, ['tls-name'], []],
        ['ten days left', read(ours.server('soon', { days: 10 })), ca, [], ['tls-expiry']],
        ['no day left', read(ours.server('late', { days: 0 })), ca, ['tls-expiry'], []],
    ]) {
        proxy.secure(tls);
        const seen = await doctor([proxy.url, ...args]);
        assert.deepEqual([seen.failed, seen.warned], [failed, warned], `${what}\n${seen.text}`);
    }
    const plain = await faultProxy(t);
    assert.deepEqual((await doctor([plain.url.replace('http:', 'https:')])).failed, ['tls-handshake']);
});

test('a name, a port and a scheme that nobody can use are found', async (t) => {
    assert.deepEqual((await doctor(['https://no-such-name.invalid'])).failed, ['dns']);
    assert.deepEqual((await doctor([`http://localhost:${await freePort()}`])).failed, ['port']);
    const proxy = await faultProxy(t, { address: '0.0.0.0' });
    const own = Object.values(os.networkInterfaces()).flat()
        .find((one) => one.family === 'IPv4' && !one.internal)?.address;
    if (!own) return t.diagnostic('this machine has no address but loopback');
    const seen = await doctor([`http://${own}:${new URL(proxy.url).port}`]);
    assert.deepEqual(seen.failed, ['https']);
    for (const wrong of ['ftp://x.example', 'mcp.example.com', 'https://x.example/crm', 'https://u@x.example'])
        assert.equal((await doctor([wrong])).code, 2, wrong);
    assert.equal((await doctor([proxy.url, '--ca-file', '/nowhere'])).code, 2);
});

test('each fault of the machine is found by its name', async (t) => {
    const { server, inside, workspace } = await behindProxy(t);
    const expect = async (what, env, failed, warned = []) => {
        const seen = await doctor([], { ...inside, ...env });
        assert.deepEqual([seen.failed, seen.warned], [failed, warned], `${what}\n${seen.text}`);
        return seen;
    };
    await expect('a setting that is wrong', { TWENTY_MCP_MAX_CONNECTIONS: '7' }, ['settings']);
    await expect('no key', { COOKIE_ENCRYPTION_KEY: '' }, ['settings']);
    await expect('another program at the port', { TWENTY_MCP_LISTEN: `127.0.0.1:${new URL(workspace).port}` }, ['listener']);
    await expect('nobody at the port', { TWENTY_MCP_LISTEN: `127.0.0.1:${await freePort()}` }, ['listener']);
    await expect('a proxy that is not believed', { TWENTY_MCP_LISTEN: inside.TWENTY_MCP_LISTEN.replace('127.0.0.1', '0.0.0.0') }, [], ['trusted-proxies']);
    await expect('no folder', { TWENTY_MCP_DATA_DIR: path.join(scratchFolder(t), 'gone') }, [], ['data-folder']);

    const open = path.join(scratchFolder(t), 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    await expect('an open folder', { TWENTY_MCP_DATA_DIR: open }, ['data-folder']);
    const damaged = scratchFolder(t);
    writeFileSync(path.join(damaged, 'twenty-mcp.db'), Buffer.alloc(8192, 7), { mode: 0o600 });
    await expect('a database that is none', { TWENTY_MCP_DATA_DIR: damaged }, ['database']);
    const readable = scratchFolder(t);
    writeFileSync(path.join(readable, 'twenty-mcp.db'), readFileSync(path.join(server.folder, 'twenty-mcp.db')), { mode: 0o644 });
    chmodSync(path.join(readable, 'twenty-mcp.db'), 0o644);
    await expect('a database that others may read', { TWENTY_MCP_DATA_DIR: readable }, ['database']);
    const keys = scratchFolder(t);
    writeFileSync(path.join(keys, 'COOKIE_ENCRYPTION_KEY'), serverKey);
    chmodSync(path.join(keys, 'COOKIE_ENCRYPTION_KEY'), 0o640);
    await expect('a key that others may read', { CREDENTIALS_DIRECTORY: keys }, ['key-files']);
    assert.ok(!existsSync(path.join(damaged, 'twenty-mcp.db-shm')), 'nothing is made beside a database');

    const nobody = `http://127.0.0.1:${await freePort()}`;
    await expect('a collector that is away', { TWENTY_MCP_OTLP_ENDPOINT: nobody }, [], ['collector']);
    await expect('a collector that is none', { TWENTY_MCP_OTLP_ENDPOINT: workspace }, [], ['collector']);
    const spans = await collector(t, (number, response) => response.writeHead(401).end());
    const refused = await expect('a collector that refuses', { TWENTY_MCP_OTLP_ENDPOINT: spans.url }, [], ['collector']);
    assert.equal(refused.found.collector.seen, 'it answers HTTP 401');
    spans.answer = undefined;
    const taken = await expect('a collector', { TWENTY_MCP_OTLP_ENDPOINT: spans.url, TWENTY_MCP_OTLP_HEADERS: 'authorization=Bearer%20k3y' }, []);
    assert.equal(taken.found.collector.state, 'ok');
    assert.equal(spans.requests.at(-1).headers.authorization, 'Bearer k3y');
    assert.ok(!taken.text.includes('k3y'));
});

test('each fault of Twenty is found by its name', async (t) => {
    const { inside, keyFile: file, workspace } = await behindProxy(t);
    const switches = (body) => fetch(`${workspace}/demo/switches`, { method: 'POST', body: JSON.stringify(body) });
    // A Twenty of the test's own.
    let answer = () => page(200);
    const fake = http.createServer((req, res) => {
        const [status, headers, body] = answer(req);
        res.writeHead(status, headers).end(body);
    });
    await new Promise((resolve) => { fake.listen(0, '127.0.0.1', resolve); });
    t.after(() => { fake.closeAllConnections(); fake.close(); });
    const fakeUrl = `http://127.0.0.1:${fake.address().port}`;
    const expect = async (what, env, args, failed, warned = []) => {
        const seen = await doctor(args, { ...inside, ...env });
        assert.deepEqual([seen.failed, seen.warned], [failed, warned], `${what}\n${seen.text}`);
    };
    await expect('nobody there', { TWENTY_BASE_URL: `http://127.0.0.1:${await freePort()}` }, [], ['twenty']);
    await expect('a name without addresses', { TWENTY_BASE_URL: 'http://no-such-name.invalid' }, [], ['twenty']);
    await expect('a login page', { TWENTY_BASE_URL: fakeUrl }, [], ['twenty-api']);
    answer = () => page(502);
    await expect('a page of its proxy', { TWENTY_BASE_URL: fakeUrl }, [], ['twenty']);
    answer = () => [301, { location: 'https://crm.example.com/' }, ''];
    await expect('a redirect', { TWENTY_BASE_URL: fakeUrl }, [], ['twenty']);
    const ours = new Authority(scratchFolder(t));
    const made = ours.server('twenty');
    const secure = await faultProxy(t, { tls: { key: readFileSync(made.key), cert: readFileSync(made.cert) } });
    secure.target = Number(new URL(workspace).port);
    await expect('a certificate that nobody knows', { TWENTY_BASE_URL: secure.url }, [], ['twenty']);
    await expect('its authority is named', { TWENTY_BASE_URL: secure.url, TWENTY_MCP_CA_FILE: ours.file('root.pem') }, [], []);
    // A role without companies and opportunities, by Twenty's own words.
    const denied = JSON.stringify({
        statusCode: 400, error: 'Error', code: 'PERMISSION_DENIED',
        messages: ['Entity performing the request does not have permission'],
    });
    secure.fault = { refuse: (req) => /rest\/(companies|opportunities)/.test(req.url) && [400, { 'content-type': 'application/json' }, denied] };
    const roles = { TWENTY_BASE_URL: secure.url, TWENTY_MCP_CA_FILE: ours.file('root.pem') };
    await expect('a role with little', roles, ['--key-file', file, '--timeout', '3'], [], ['twenty-role']);
    secure.fault = { refuse: (req) => /rest\//.test(req.url) && [400, { 'content-type': 'application/json' }, denied] };
    await expect('a role with nothing', roles, ['--key-file', file, '--timeout', '3'], ['twenty-role']);
    const limited = JSON.stringify({ statusCode: 429, error: 'HttpException', messages: ['Limit reached (100 tokens per 60000 ms)'] });
    secure.fault = { refuse: (req) => /rest\/people/.test(req.url) && [429, { 'content-type': 'application/json' }, limited] };
    await expect('a limit that is reached', roles, ['--key-file', file, '--timeout', '3'], [], ['twenty-rate']);
    secure.fault = { request: (req, headers) => { delete headers.authorization; } };
    await expect('a proxy that takes the key away', roles, ['--key-file', file, '--timeout', '3'], ['twenty-key']);
    // Twenty's own list of tools, of a role that reads companies alone.
    const catalogue = (names) => JSON.stringify({
        jsonrpc: '2.0', id: 1,
        result: { content: [{ type: 'text', text: JSON.stringify({ catalog: { DATABASE_CRUD: names.map((name) => ({ name })) } }) }] },
    });
    const told = (names) => {
        secure.fault = { refuse: (req) => req.url === '/mcp' && [200, { 'content-type': 'application/json' }, catalogue(names)] };
    };
    told(['find_companies']);
    await expect('a role that writes nothing', roles, ['--key-file', file, '--timeout', '3'], [], ['twenty-writes']);
    told(['create_one_company', 'create_one_person', 'create_one_opportunity']);
    await expect('a role that writes', roles, ['--key-file', file, '--timeout', '3'], []);
    await switches({});
});

test('a proxy that does not say from where a request comes is found', async (t) => {
    const own = Object.values(os.networkInterfaces()).flat()
        .find((one) => one.family === 'IPv4' && !one.internal)?.address;
    if (!own) return t.skip('this machine has no address but loopback');
    const ours = new Authority(scratchFolder(t));
    const made = ours.server('own', { names: `IP:${own}` });
    const tls = { key: readFileSync(made.key), cert: readFileSync(made.cert) };
    const { proxy, inside } = await behindProxy(t, {}, { address: own, tls });
    const ca = ['--ca-file', ours.file('root.pem')];
    const good = await doctor(ca, inside);
    assert.deepEqual([good.failed, good.found['forwarded-for'].state], [[], 'ok'], good.text);
    proxy.fault = { request: (req, headers) => { delete headers['x-forwarded-for']; } };
    assert.deepEqual((await doctor(ca, inside)).failed, ['forwarded-for']);
});

test('an examination that is broken off ends its connection', async (t) => {
    const { proxy, server, keyFile: file } = await behindProxy(t);
    let asked;
    const reached = new Promise((resolve) => { asked = resolve; });
    proxy.fault = { hold: (req) => { if (!at('GET', '/mcp')(req) || !real(req)) return false; asked(); return true; } };
    const child = spawn(process.env.TWENTY_MCP_BINARY,
        ['doctor', proxy.url, '--key-file', file, '--timeout', '3'], { stdio: 'ignore' });
    await reached;
    child.kill('SIGINT');
    await new Promise((resolve) => { child.on('close', resolve); });
    assert.deepEqual(await connections(server), []);
});
