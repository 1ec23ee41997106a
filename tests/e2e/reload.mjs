// Settings that are taken up without a restart: by SIGHUP, and by `twenty-mcp reload`, which systemd's
// reload runs. What is wrong keeps what was there, and nobody's call is cut off.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import test from 'node:test';
import { callTool } from './support/mcp.mjs';
import { authorizeUrl, callback, login, pkce } from './support/oauth.mjs';
import { event, eventsOf, workspaceProcess } from './support/observed.mjs';
import { demo, freePort, memoryFolder, Program, scratchFolder, serverKey, service } from './support/program.mjs';

const adminToken = 'an-admin-token-of-some-length-0123456789';
const password = 'a-secret-of-at-least-32-characters/=';
const find = { objectName: 'company', limit: 1 };

// Sends SIGHUP and waits for the line that says what came of it.
async function hangUp(program, name = 'reloaded') {
    const after = eventsOf(program.output).length;
    program.process.kill('SIGHUP');
    return event(program, name, () => true, after);
}

// What systemd runs for a reload, with the environment that a start would have now.
function reload(program, env) {
    const run = spawnSync(process.env.TWENTY_MCP_BINARY, ['reload'], {
        encoding: 'utf8', env: { MAINPID: String(program.process.pid), ...env },
    });
    return { status: run.status, said: `${run.stdout}${run.stderr}` };
}

// A service with the folder that systemd gives it, and the environment of its next start.
async function handed(t, env = {}) {
    const workspace = await workspaceProcess(t);
    const folders = { RUNTIME_DIRECTORY: memoryFolder(t) };
    const server = await service(t, workspace.url, { ADMIN_TOKEN: adminToken, ...folders, ...env });
    const next = {
        TWENTY_BASE_URL: workspace.url, COOKIE_ENCRYPTION_KEY: serverKey, ADMIN_TOKEN: adminToken,
        TWENTY_MCP_DATA_DIR: server.folder, TWENTY_MCP_LISTEN: new URL(server.url).host.replace('localhost', '127.0.0.1'),
        ...folders, ...env,
    };
    return { workspace, server, next };
}

const levelOf = async (url, put) => (await (await fetch(`${url}/admin/log-level`, {
    method: put ? 'PUT' : 'GET', headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(put && { body: JSON.stringify({ level: put }) }),
})).json()).level;

test('a storm of SIGHUP is one reload or a few, and no stop waits for it', async (t) => {
    const { server } = await handed(t);
    const { program } = server;
    for (let n = 0; n < 500; n += 1) {
        program.process.kill('SIGHUP');
        if (n % 50 === 0) await new Promise(setImmediate);
    }
    await event(program, 'reloaded', () => true, 0);
    const began = performance.now();
    await server.program.stop();
    assert.ok(performance.now() - began < 3000);
    assert.ok(eventsOf(program.output).filter(({ event: name }) => name === 'reloaded').length < 100);
});

test('a reload takes the log level up, and names what needs a restart, without a value', async (t) => {
    const { server, next } = await handed(t);
    const { program } = server;
    let after = eventsOf(program.output).length;
    const changed = { ...next, TWENTY_MCP_LOG_LEVEL: 'debug', TWENTY_MCP_SLOW_CALL_MS: '1234', TWENTY_MCP_WEBSITE_URL: 'https://hidden.example.com' };
    const first = reload(program, changed);
    assert.equal(first.status, 0, first.said);
    assert.equal((await event(program, 'reloaded', () => true, after)).changed, 'TWENTY_MCP_LOG_LEVEL');
    assert.equal(await levelOf(server.url), 'debug');
    const waiting = eventsOf(program.output).filter((each) => each.event === 'restart_needed');
    assert.deepEqual(waiting.map(({ name }) => name), ['TWENTY_MCP_WEBSITE_URL', 'TWENTY_MCP_SLOW_CALL_MS']);
    for (const value of ['1234', 'hidden.example', serverKey, adminToken]) assert.ok(!program.output.includes(value), value);

    // Without another hand-over the last one holds: nothing is new.
    assert.equal((await hangUp(program)).changed, 'nothing');
    // What was set by hand goes back to the setting; a level above the line's own hides no line.
    assert.equal(await levelOf(server.url, 'error'), 'error');
    assert.equal((await hangUp(program)).changed, 'TWENTY_MCP_LOG_LEVEL');
    assert.equal(await levelOf(server.url), 'debug');
    after = eventsOf(program.output).length;
    assert.equal(reload(program, { ...next, TWENTY_MCP_LOG_LEVEL: 'error' }).status, 0);
    assert.equal((await event(program, 'reloaded', () => true, after)).changed, 'TWENTY_MCP_LOG_LEVEL');
    assert.equal(await levelOf(server.url), 'error');
});

test('a reload with a wrong setting says which, and the service hears nothing of it', async (t) => {
    const { server, next } = await handed(t);
    const wrong = reload(server.program, { ...next, TWENTY_MCP_LOG_LEVEL: 'loud', TWENTY_MCP_CA_FILE: '/nowhere/ca.pem', TWENTY_MCP_TYPO: '1' });
    assert.equal(wrong.status, 2);
    for (const name of ['TWENTY_MCP_LOG_LEVEL', 'TWENTY_MCP_TYPO']) assert.match(wrong.said, new RegExp(name));
    const missing = reload(server.program, { ...next, TWENTY_MCP_CA_FILE: '/nowhere/ca.pem' });
    assert.match(missing.said, /TWENTY_MCP_CA_FILE cannot be read/);
    assert.equal((await hangUp(server.program)).changed, 'nothing');
    assert.doesNotMatch(server.program.output, /reload_failed/);
    const alone = spawnSync(process.env.TWENTY_MCP_BINARY, ['reload'], { encoding: 'utf8', env: {} });
    assert.deepEqual([alone.status, /systemctl reload twenty-mcp/.test(alone.stderr)], [2, true], alone.stderr);
});

const named = (id, more = {}) => ({ client_id: id, client_name: `By hand: ${id}`, redirect_uris: [callback], ...more });
const known = async (base, id) => (await fetch(authorizeUrl(base, id, pkce().challenge), { redirect: 'manual' })).status === 200;

test('what is no file where the settings should be holds nobody up, and is named', async (t) => {
    const { server, next } = await handed(t);
    const place = path.join(next.RUNTIME_DIRECTORY, 'settings');
    execFileSync('mkfifo', [place]);
    assert.equal((await hangUp(server.program, 'reload_failed')).why, `${place} is a FIFO and no plain file`);
    rmSync(place);
    mkdirSync(place);
    assert.equal((await hangUp(server.program, 'reload_failed')).why, `${place} is a folder and no plain file`);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
});

test('a client set up by hand comes and goes with its file, and a file with a fault changes none', async (t) => {
    const secrets = scratchFolder(t);
    const file = path.join(secrets, 'TWENTY_MCP_STATIC_CLIENTS');
    const workspace = await workspaceProcess(t);
    const { url, program } = await service(t, workspace.url, { CREDENTIALS_DIRECTORY: secrets });
    assert.ok(!await known(url, 'first'));
    writeFileSync(file, JSON.stringify([named('first', { client_secret: password })]));
    assert.equal((await hangUp(program)).changed, 'TWENTY_MCP_STATIC_CLIENTS');
    assert.ok(await known(url, 'first'));

    for (const fault of ['[{', JSON.stringify([named('second', { client_secret: 'short' })])]) {
        writeFileSync(file, fault);
        assert.equal((await hangUp(program, 'reload_failed')).name, 'TWENTY_MCP_STATIC_CLIENTS');
        assert.ok(await known(url, 'first'));
        assert.ok(!await known(url, 'second'));
    }
    writeFileSync(file, JSON.stringify([named('second')]));
    await hangUp(program);
    assert.deepEqual([await known(url, 'first'), await known(url, 'second')], [false, true]);
    rmSync(file);
    assert.equal((await hangUp(program)).changed, 'TWENTY_MCP_STATIC_CLIENTS');
    assert.ok(!await known(url, 'second'));
    // A secret that needs a restart is looked at, too.
    writeFileSync(path.join(secrets, 'ADMIN_TOKEN'), adminToken);
    assert.equal((await hangUp(program, 'restart_needed')).name, 'ADMIN_TOKEN');
    for (const value of [password, adminToken]) assert.ok(!program.output.includes(value));
});

test('clients of a file that only root can read are handed over; those of the environment stay', async (t) => {
    const { server, next } = await handed(t, { TWENTY_MCP_STATIC_CLIENTS: JSON.stringify([named('first')]) });
    const { url, program } = server;
    assert.equal((await hangUp(program)).changed, 'nothing');
    assert.ok(await known(url, 'first'));
    const after = eventsOf(program.output).length;
    const run = reload(program, { ...next, TWENTY_MCP_STATIC_CLIENTS: JSON.stringify([named('second', { client_secret: password })], null, 2) });
    assert.equal(run.status, 0, run.said);
    assert.equal((await event(program, 'reloaded', () => true, after)).changed, 'TWENTY_MCP_STATIC_CLIENTS');
    assert.deepEqual([await known(url, 'first'), await known(url, 'second')], [false, true]);
    assert.ok(!program.output.includes(password) && !run.said.includes(password));
    // Nothing that needs a restart anyway is written down there.
    const written = readFileSync(path.join(next.RUNTIME_DIRECTORY, 'settings'), 'latin1');
    assert.ok(!written.includes(serverKey) && !written.includes(adminToken));
});

function authority(folder, name) {
    const [key, cert] = ['key', 'cert'].map((kind) => path.join(folder, `${name}.${kind}.pem`));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
        '-subj', `/CN=${name}`, '-keyout', key, '-out', cert, '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
}

// The workspace behind TLS: {url, connections, held()}. held() resolves with release() once the next
// request has come, which waits for that.
async function overTls(t, workspace, identity) {
    const { hostname, port } = new URL(workspace);
    const it = { connections: 0, gate: undefined };
    const server = https.createServer(identity, async (request, response) => {
        const gate = it.gate;
        it.gate = undefined;
        if (gate) await new Promise((release) => { gate(release); });
        const onward = http.request({ host: hostname, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
            response.writeHead(answer.statusCode, answer.rawHeaders);
            answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        request.pipe(onward);
    });
    server.on('secureConnection', () => { it.connections += 1; });
    server.keepAliveTimeout = 60_000;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => { server.close(); server.closeAllConnections(); });
    it.url = `https://localhost:${server.address().port}`;
    it.become = (next) => server.setSecureContext(next);
    it.held = () => new Promise((come) => { it.gate = come; });
    return it;
}

test('another authority for Twenty holds from then on, and a call that is under way ends well', async (t) => {
    const folder = scratchFolder(t);
    const [old, fresh] = ['old', 'fresh'].map((name) => authority(folder, name));
    const file = path.join(folder, 'ca.pem');
    copyFileSync(old.file, file);
    const workspace = await workspaceProcess(t);
    const twenty = await overTls(t, workspace.url, old);
    const { url, program } = await service(t, twenty.url, { TWENTY_MCP_CA_FILE: file });
    const { access } = await login(url, workspace.key);
    const call = () => callTool(url, access, 'find_records', find);
    assert.ok(!(await call()).failed);

    const came = twenty.held();
    const underWay = call();
    const release = await came;
    copyFileSync(fresh.file, file);
    twenty.become(fresh);
    assert.equal((await hangUp(program)).changed, 'TWENTY_MCP_CA_FILE');
    release();
    const answered = await underWay;
    assert.ok(!answered.failed, answered.text);

    const before = twenty.connections;
    assert.ok(!(await call()).failed);
    assert.ok(twenty.connections > before, 'no connection of the old trust is used again');

    // A file that is none, and one that is not there, leave the authority that was.
    writeFileSync(file, 'no certificate\n');
    assert.equal((await hangUp(program, 'reload_failed')).name, 'TWENTY_MCP_CA_FILE');
    rmSync(file);
    assert.match((await hangUp(program, 'reload_failed')).why, /No such file/);
    assert.ok(!(await call()).failed);

    copyFileSync(old.file, file);
    await hangUp(program);
    const refused = await call();
    assert.ok(refused.failed);
    assert.match(refused.text, /certificate is not accepted/);
});

// The mask of signals that a process holds back, as the kernel shows it.
const holdsBack = (pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return (BigInt(`0x${status.match(/^SigBlk:\s*(\w+)$/m)[1]}`) & 1n) === 1n;
};

test('SIGHUP ends neither the service, be it before it is ready, nor the demo', async (t) => {
    const folder = path.join(scratchFolder(t), 'data');
    mkdirSync(folder, { mode: 0o700 });
    const program = new Program(['serve'], {
        TWENTY_BASE_URL: 'http://127.0.0.1:9', COOKIE_ENCRYPTION_KEY: serverKey, TWENTY_MCP_DATA_DIR: folder,
        TWENTY_MCP_LISTEN: `127.0.0.1:${await freePort()}`,
    });
    t.after(() => program.kill());
    await program.until(() => program.output.includes('ready') || holdsBack(program.process.pid));
    for (let i = 0; i < 50; i += 1) program.process.kill('SIGHUP');
    await event(program, 'ready');
    assert.equal((await event(program, 'reloaded')).changed, 'nothing');
    for (let i = 0; i < 50; i += 1) program.process.kill('SIGHUP');
    await hangUp(program);
    await program.stop();

    const sample = await demo(t, { TWENTY_MCP_LOG_LEVEL: 'info' });
    // The demo greets on standard output, which is no event.
    sample.program.process.kill('SIGHUP');
    await sample.program.until((output) => /info reloaded changed=nothing/.test(output));
    assert.equal((await fetch(`${sample.url}/healthz`)).status, 200);

    const workspace = await workspaceProcess(t);
    workspace.program.process.kill('SIGHUP');
    await workspace.set({});
    assert.ok(workspace.program.running);
});
