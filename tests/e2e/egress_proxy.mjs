// A Twenty that is reached through a proxy alone, here tinyproxy, with a certificate of an authority
// of its own.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { callTool } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { demo, freePort, Program, scratchFolder, serverKey, service, until } from './support/program.mjs';
import { connect, Person } from './support/sdk.mjs';

// A name that leads to this machine. By the name localhost, or by an address of loopback, no request
// goes through a proxy.
const host = os.hostname().toLowerCase();
const password = 'pr0xy-passw0rd';

async function listens(port) {
    const socket = net.connect(port, '127.0.0.1');
    const open = await new Promise((resolve) => {
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.destroy();
    return open;
}

async function lacking() {
    if (spawnSync('tinyproxy', ['-v']).error) return 'there is no tinyproxy';
    if (host === 'localhost') return 'this machine has no other name than localhost';
    try {
        await lookup(host);
    } catch {
        return `this machine's name, ${host}, leads nowhere`;
    }
    return undefined;
}

const why = await lacking();
const behind = (title, body) => test(title, { skip: why }, body);

function certificate(folder) {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
        '-nodes', '-days', '2', '-subj', '/CN=test', '-keyout', key, '-out', cert,
        '-addext', `subjectAltName=DNS:${host}`], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

// The workspace under this machine's name, by https and by http: {https, http, ca}.
async function twenty(t, workspace) {
    const { key, cert, file } = certificate(scratchFolder(t));
    const { hostname, port } = new URL(workspace);
    const pass = (request, response) => {
        const onward = http.request({
            host: hostname, port, method: request.method, path: request.url, headers: request.headers,
        }, (answer) => {
            response.writeHead(answer.statusCode, answer.rawHeaders);
            answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        request.pipe(onward);
    };
    const it = { ca: file };
    for (const [name, server] of [['https', https.createServer({ key, cert }, pass)], ['http', http.createServer(pass)]]) {
        server.listen(0);
        await once(server, 'listening');
        t.after(() => { server.close(); server.closeAllConnections(); });
        it[name] = `${name}://${host}:${server.address().port}`;
    }
    return it;
}

// tinyproxy that wants a password: {url, wrong, asked, start(), kill()}. `asked`: what it was asked for
// so far, line by line.
async function proxy(t) {
    const port = await freePort();
    const folder = scratchFolder(t);
    const file = path.join(folder, 'tinyproxy.conf');
    writeFileSync(file, `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 50\nLogLevel Connect\n` +
        `BasicAuth twenty ${password}\n`);
    const it = {
        url: `http://twenty:${password}@127.0.0.1:${port}`,
        wrong: `http://twenty:not-the-${password}@127.0.0.1:${port}`,
        before: '',
        get asked() {
            return [...(it.before + it.program.output).matchAll(/Request \(.*?\): (\S+ \S+)/g)]
                .map(([, line]) => line);
        },
        async start() {
            it.program = new Program(['-d', '-c', file], {}, { binary: 'tinyproxy' });
            await it.program.until(() => listens(port));
        },
        async kill() {
            it.before += it.program.output;
            await it.program.kill();
        },
    };
    t.after(() => it.program.kill());
    await it.start();
    return it;
}

async function everything(t) {
    const { workspace, key } = await demo(t);
    return { key, twenty: await twenty(t, workspace), proxy: await proxy(t) };
}

const find = { objectName: 'company', limit: 1 };

for (const kind of ['https', 'http']) {
    behind(`a person connects and works while the way to Twenty (${kind}) leads through a proxy`, async (t) => {
        const it = await everything(t);
        const server = await service(t, it.twenty[kind], {
            TWENTY_MCP_CA_FILE: it.twenty.ca, ALL_PROXY: it.proxy.url,
        });
        const { client } = await connect(t, server.url, new Person(it.key, { mode: 'write' }));
        const found = await client.callTool({ name: 'find_records', arguments: find });
        assert.ok(!found.isError, JSON.stringify(found));
        const made = await client.callTool({
            name: 'create_record', arguments: { objectName: 'company', data: { name: 'By way of a proxy' } },
        });
        assert.ok(!made.isError, JSON.stringify(made));

        const { host: target } = new URL(it.twenty[kind]);
        assert.ok(it.proxy.asked.length > 0, it.proxy.program.output);
        for (const line of it.proxy.asked)
            assert.ok(kind === 'https' ? line === `CONNECT ${target}` : line.includes(` http://${target}/`), line);
        assert.ok(!it.proxy.program.output.includes(it.key), 'the proxy never sees the key');
        assert.ok(!server.program.output.includes(password), 'the log has no password');
    });
}

behind('what NO_PROXY names is reached without the proxy, by either spelling', async (t) => {
    const it = await everything(t);
    for (const exception of [{ NO_PROXY: host }, { no_proxy: `.example.com,${new URL(it.twenty.https).host}` }]) {
        const server = await service(t, it.twenty.https, {
            TWENTY_MCP_CA_FILE: it.twenty.ca, https_proxy: it.proxy.url, ...exception,
        });
        const { access } = await login(server.url, it.key);
        const found = await callTool(server.url, access, 'find_records', find);
        assert.ok(!found.failed, found.text);
    }
    assert.deepEqual(it.proxy.asked, []);
});

behind('a proxy that dies and comes back is told of in the log and used again, without a restart', async (t) => {
    const it = await everything(t);
    const server = await service(t, it.twenty.https, {
        TWENTY_MCP_CA_FILE: it.twenty.ca, HTTPS_PROXY: it.proxy.url,
    });
    const { access } = await login(server.url, it.key);
    const call = () => callTool(server.url, access, 'find_records', find);
    assert.ok(!(await call()).failed);

    await it.proxy.kill();
    const lost = await call();
    assert.ok(lost.failed);
    assert.match(lost.text, /Twenty cannot be reached: the proxy/);
    const lines = server.program.output.match(/proxy_failed.*/g);
    assert.equal(lines.length, 1, 'once, not for every try');
    assert.match(lines[0], /proxy 127\.0\.0\.1:\d+: Connection refused/);
    const written = await callTool(server.url, access, 'create_record',
        { objectName: 'company', data: { name: 'Never' } });
    assert.match(written.text, /Nothing was written/);

    await it.proxy.start();
    await until(async () => !(await call()).failed, 'calls go on');
});

behind('a proxy that refuses the password is told of in the log, without the password', async (t) => {
    const it = await everything(t);
    const server = await service(t, it.twenty.https, {
        TWENTY_MCP_CA_FILE: it.twenty.ca, HTTPS_PROXY: it.proxy.wrong,
    });
    await assert.rejects(login(server.url, it.key), /cannot be reached|not answer/i);
    const [line] = server.program.output.match(/proxy_failed.*/);
    assert.match(line, /40[17]: the user or the password in the proxy's URL is wrong/);
    assert.ok(!server.program.output.includes(password));
});

test('check-config shows the way to Twenty without the password', () => {
    const shown = (more) => {
        const run = spawnSync(process.env.TWENTY_MCP_BINARY, ['check-config'], {
            encoding: 'utf8', env: {
                TWENTY_BASE_URL: 'https://crm.example.com', COOKIE_ENCRYPTION_KEY: serverKey,
                TWENTY_MCP_DATA_DIR: '/tmp/none-yet', ...more,
            },
        });
        return `${run.status} ${run.stdout}${run.stderr}`;
    };
    const good = shown({ HTTPS_PROXY: `http://twenty:${password}@proxy.example.com:3128` });
    assert.match(good, /^0 [^]*by way of +http:\/\/\*\*\*@proxy\.example\.com:3128/);
    const bad = shown({ HTTPS_PROXY: `https://twenty:${password}@proxy.example.com:3128` });
    assert.match(bad, /^2 .*HTTPS_PROXY must be http:\/\//);
    for (const text of [good, bad]) assert.ok(!text.includes(password));
});
