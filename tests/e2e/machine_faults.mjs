// Faults of the machine that a service runs on: each is said in the log, at /readyz or in a metric, and
// is over when its cause is.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { admin, adminToken } from './support/admin.mjs';
import { callTool, rpc } from './support/mcp.mjs';
import { login, refresh } from './support/oauth.mjs';
import { event, eventsOf, samplesOf, total, workspaceProcess } from './support/observed.mjs';
import { freePort, memoryFolder, Program, scratchFolder, serverKey, service, until } from './support/program.mjs';

const stall = process.argv[2]; // the library of ../support/stall.cpp
const find = { objectName: 'company', limit: 1 };
const create = { objectName: 'company', data: { name: 'x' } };
const inNamespace = ['--map-root-user', '--mount', 'sh', '-c'];

const readyz = async (url) => {
    const answer = await fetch(`${url}/readyz`);
    return { status: answer.status, ...await answer.json() };
};
const samples = async (url) => samplesOf((await admin(url, 'GET', '/metrics')).text);
const named = (program, name) => (program.output.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length;

// The service in a mount namespace of its own, after `prepare` was run there.
async function inside(t, workspace, prepare, env = {}) {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const program = new Program([...inNamespace, `${prepare} && exec "$0" serve`, process.env.TWENTY_MCP_BINARY], {
        TWENTY_BASE_URL: workspace, COOKIE_ENCRYPTION_KEY: serverKey, ADMIN_TOKEN: adminToken,
        TWENTY_MCP_LISTEN: `127.0.0.1:${port}`, ...env,
    }, { binary: 'unshare' });
    t.after(() => (program.running ? program.stop() : undefined));
    await program.until(() => fetch(`${url}/readyz`).then((r) => r.ok, () => false));
    return { url, program };
}

const noNamespaces = spawnSync('unshare', [...inNamespace, 'mount -t tmpfs none /mnt']).status !== 0
    && 'no mount namespaces here';

test('a full disk is said by the log, /readyz and a metric, and nothing is left of it', { skip: noNamespaces }, async (t) => {
    const workspace = await workspaceProcess(t);
    const folder = scratchFolder(t);
    const { url, program } = await inside(t, workspace.url, `mount -t tmpfs -o size=8m,mode=700 none '${folder}'`,
        { TWENTY_MCP_DATA_DIR: folder });
    const grant = await login(url, workspace.key);
    await callTool(url, grant.access, 'create_record', create);
    const failed = async () => total(await samples(url), 'twenty_mcp_store_commit_seconds_count', 'result="failed"');
    assert.deepEqual([(await readyz(url)).status, await failed()], [200, 0]);

    const filler = path.join('/proc', String(program.process.pid), 'root', folder, 'filler');
    assert.throws(() => writeFileSync(filler, Buffer.alloc(16_000_000)), /ENOSPC/);
    const full = await readyz(url);
    assert.deepEqual([full.status, full.ready], [503, false]);
    assert.match(full.why, /disk|space/i);
    // Until nothing can be written any more: pages of the database that are free are used first.
    let calls = 0;
    await until(async () => {
        const made = await callTool(url, grant.access, 'create_record', create);
        assert.ok(!made.failed, `calls go on: ${made.text}`);
        calls += 1;
        return named(program, 'calls_not_written_down') + named(program, 'commit_failed') > 0;
    }, 'the log says so');
    const said = eventsOf(program.output).find(({ event: e }) => ['calls_not_written_down', 'commit_failed'].includes(e));
    assert.equal(said.level, 'error');
    assert.match(`${said.reason} ${said.detail}`, /full|disk|space/i);
    const lost = await refresh(url, grant.clientId, grant.refresh);
    assert.deepEqual([lost.status, lost.body.error], [503, 'temporarily_unavailable'], 'no token that is not stored');
    assert.ok(await failed() > 0);
    assert.equal(named(program, 'actor_restart'), 0);

    rmSync(filler);
    await until(async () => (await readyz(url)).status === 200, 'well again');
    const renewed = await refresh(url, grant.clientId, grant.refresh);
    assert.equal(renewed.status, 200, 'the client tries again and gets its tokens');
    assert.ok(!(await callTool(url, renewed.body.access_token, 'create_record', create)).failed);
    await until(async () => {
        const [newest] = (await admin(url, 'GET', '/admin/calls?limit=1')).json.calls;
        return newest.id === calls + 2;
    }, 'no call is missing in the trail');
    assert.equal(named(program, 'calls_not_written_down'), 0);
});

test('without a free file, clients wait and the log says why', async (t) => {
    const workspace = await workspaceProcess(t);
    const server = await service(t, workspace.url, { ADMIN_TOKEN: adminToken });
    const { port } = new URL(server.url);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 }); // one connection that is there already
    const get = (where) => new Promise((resolve, reject) => {
        http.get({ port, host: '127.0.0.1', path: where, agent, headers: { authorization: `Bearer ${adminToken}`, host: `localhost:${port}` } },
            (answer) => {
                let text = '';
                answer.on('data', (chunk) => { text += chunk; });
                answer.on('end', () => resolve({ status: answer.statusCode, text }));
            }).on('error', reject);
    });
    assert.equal((await get('/readyz')).status, 200);
    const most = (await samplesOf((await get('/metrics')).text)).get('process_open_fds') + 4;
    assert.equal(spawnSync('prlimit', ['--pid', String(server.program.process.pid), `--nofile=${most}:${most}`]).status, 0);
    const sockets = Array.from({ length: 12 }, () => net.connect(Number(port), '127.0.0.1').on('error', () => {}));
    t.after(() => sockets.forEach((socket) => socket.destroy()));
    const refused = await event(server.program, 'accept_failed');
    assert.equal(refused.level, 'warning');
    const seen = samplesOf((await get('/metrics')).text);
    assert.equal(refused.why, 'Too many open files');
    assert.ok(seen.get('process_open_fds') > 0.8 * most, 'TwentyMcpFilesNearMost sees it');
    assert.equal(seen.get('process_max_fds'), most);
    assert.equal(JSON.parse((await get('/readyz')).text).ready, true, 'it serves those whom it has');
    sockets.forEach((socket) => socket.destroy());
    await until(() => fetch(`${server.url}/readyz`).then((r) => r.ok, () => false), 'clients are let in again');
    const count = named(server.program, 'accept_failed');
    assert.ok(count < 100, `said ${count} times`);
    agent.destroy();
});

test('a database that another process locks is waited for, and said', async (t) => {
    const workspace = await workspaceProcess(t);
    const server = await service(t, workspace.url, { ADMIN_TOKEN: adminToken });
    const { url } = server;
    const grant = await login(url, workspace.key);
    const lock = async (seconds) => {
        const holder = spawn('python3', ['-c', `import sqlite3,sys,time
db = sqlite3.connect(sys.argv[1], isolation_level=None); db.execute("BEGIN IMMEDIATE"); print("held", flush=True)
time.sleep(${seconds}); db.execute("ROLLBACK")`, path.join(server.folder, 'twenty-mcp.db')], { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(holder.stdout, 'data');
        return { ended: once(holder, 'close') };
    };
    // Shorter than SQLite waits: nobody notices.
    const short = await lock(1);
    assert.ok(!(await callTool(url, (await login(url, workspace.key)).access, 'find_records', find)).failed);
    await short.ended;
    assert.equal(named(server.program, 'commit_failed') + named(server.program, 'calls_not_written_down'), 0);

    const long = await lock(6);
    const [lost, made] = await Promise.all([
        refresh(url, grant.clientId, grant.refresh), callTool(url, grant.access, 'create_record', create),
    ]);
    assert.deepEqual([lost.status, lost.body.error], [503, 'temporarily_unavailable']);
    assert.ok(!made.failed, 'calls go on');
    const line = await event(server.program, 'calls_wait');
    assert.deepEqual([line.level, line.calls, line.detail], ['warning', '1', 'database is locked']);
    await long.ended;
    await until(async () => (await admin(url, 'GET', '/admin/calls?tool=create_record')).json.calls.length === 1,
        'the call is in the trail after all');
    await until(async () => (await readyz(url)).status === 200, 'well again');
    assert.ok((await login(url, workspace.key)).access);
    const spent = await refresh(url, grant.clientId, grant.refresh);
    assert.equal(spent.status, 200, `the client tries again and gets its tokens: ${JSON.stringify(spent.body)}`);
});

test('a Twenty that hangs and a name server that is silent are said, and end with their cause', async (t) => {
    const hanging = async () => {
        const workspace = await workspaceProcess(t);
        const server = await service(t, workspace.url, { ADMIN_TOKEN: adminToken });
        const { access } = await login(server.url, workspace.key);
        await callTool(server.url, access, 'find_records', find);
        await workspace.set({ hang: 30 });
        const failed = await Promise.all([1, 2, 3].map((n) => callTool(server.url, access, 'run_graphql_mutation',
            { endpoint: 'graphql', query: `mutation { createCompany(data: {name: "x${n}"}) { id } }` })));
        for (const { text } of failed) assert.match(text, /upstream_timeout/);
        const away = await event(server.program, 'twenty_unreachable');
        assert.equal(away.why, 'Twenty did not answer in time.');
        const seen = await samples(server.url);
        assert.deepEqual([(await readyz(server.url)).twenty, total(seen, 'twenty_mcp_twenty_reachable')], ['unreachable', 0]);
        assert.equal(total(seen, 'twenty_mcp_twenty_request_duration_seconds_count', 'error_type="upstream_timeout"'), 3);
        assert.equal(named(server.program, 'slow_call'), 3);
        await workspace.set({ hang: 0 });
        assert.ok(!(await callTool(server.url, access, 'find_records', find)).failed);
        await event(server.program, 'twenty_back');
    };
    // The name is asked for at the start, and from then on now and then only.
    const silent = async () => {
        if (!stall || noNamespaces) return t.diagnostic('without the stall library or a namespace: no silent name server');
        const workspace = await workspaceProcess(t);
        const folder = scratchFolder(t);
        const file = path.join(memoryFolder(t), 'stall');
        writeFileSync(file, 'resolver');
        writeFileSync(path.join(folder, 'hosts'), '127.0.0.1 localhost twenty.test\n');
        mkdirSync(path.join(folder, 'data'), { mode: 0o700 });
        const { url, program } = await inside(t, workspace.url.replace('127.0.0.1', 'twenty.test'),
            `mount --bind '${folder}/hosts' /etc/hosts`,
            { LD_PRELOAD: stall, STALL_FILE: file, TWENTY_MCP_DATA_DIR: path.join(folder, 'data') });
        const begun = Date.now();
        assert.equal((await fetch(`${url}/healthz`)).status, 200);
        const lost = await event(program, 'twenty_not_found', undefined, 0, 50);
        assert.equal(lost.detail, 'not sent: while connecting');
        assert.ok(Date.now() - begun < 10_000, 'soon');
        assert.equal((await readyz(url)).twenty, 'unreachable');
        assert.equal(total(await samples(url), 'twenty_mcp_twenty_reachable'), 0);
        writeFileSync(file, '');
        const { access } = await until(() => login(url, workspace.key).catch(() => undefined), 'people connect');
        assert.ok(!(await callTool(url, access, 'find_records', find)).failed);
        assert.equal((await readyz(url)).twenty, 'reachable');
        return undefined;
    };
    await Promise.all([hanging(), silent()]);
});

test('a start in another time of the machine serves, and its lines have the wall clock\'s', async (t) => {
    const shifted = ['--map-root-user', '--time', '--monotonic', '8640000', '--boottime', '8640000', '--fork', '--kill-child'];
    if (spawnSync('unshare', [...shifted, 'true']).status !== 0) return t.skip('no time namespaces here');
    const workspace = await workspaceProcess(t);
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const program = new Program([...shifted, process.env.TWENTY_MCP_BINARY, 'serve'], {
        TWENTY_BASE_URL: workspace.url, COOKIE_ENCRYPTION_KEY: serverKey, ADMIN_TOKEN: adminToken,
        TWENTY_MCP_LISTEN: `127.0.0.1:${port}`, TWENTY_MCP_DATA_DIR: scratchFolder(t),
    }, { binary: 'unshare' });
    t.after(() => (program.running ? program.kill() : undefined));
    await program.until(() => fetch(`${url}/readyz`).then((r) => r.ok, () => false));
    const { access } = await login(url, workspace.key);
    assert.ok(!(await callTool(url, access, 'find_records', find)).failed);
    for (const { time } of eventsOf(program.output)) assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000, time);
    const started = (await samples(url)).get('process_start_time_seconds');
    assert.ok(Math.abs(started - Date.now() / 1000) < 60, String(started));
    return undefined;
});

// -- The journal ------------------------------------------------------------------------------------

test('with the journal asked for and none there, lines arrive on standard error', async (t) => {
    const workspace = await workspaceProcess(t);
    if (existsSync('/run/systemd/journal/socket')) return t.skip('this machine has a journal');
    const server = await service(t, workspace.url, { TWENTY_MCP_LOG_FORMAT: 'journal' });
    await fetch(`${server.url}/nowhere`);
    await server.program.stop();
    for (const word of ['ready', 'request method=GET path=/nowhere status=404', 'stopped'])
        assert.ok(server.program.output.includes(word), `${word}: ${server.program.output}`);
    assert.doesNotMatch(server.program.output, /^MCP_|^PRIORITY/m);
    return undefined;
});

const journald = '/lib/systemd/systemd-journald';
const noJournal = (process.getuid() !== 0 && 'a journal needs root') || (!existsSync(journald) && 'there is no systemd-journald')
    || (spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status !== 0 && 'no mount namespaces here');

test('in a real journal each value is a field, and what is wrong has its priority', { skip: noJournal }, async (t) => {
    const workspace = await workspaceProcess(t);
    const port = await freePort();
    const url = `http://localhost:${port}`;
    // Everything in /run of a namespace: the machine's own journal is not touched.
    const begin = `set -e
mount -t tmpfs none /run
mkdir -p /run/systemd/journald.conf.d /run/log/journal
[ -s /etc/machine-id ] || { echo 0123456789abcdef0123456789abcdef >/run/id; mount --bind /run/id /etc/machine-id; }
printf '[Journal]\\nStorage=volatile\\nReadKMsg=no\\nAudit=no\\n' >/run/systemd/journald.conf.d/test.conf
${journald} 2>/dev/null & echo $! >/run/journald
for i in $(seq 100); do [ -S /run/systemd/journal/socket ] && break; sleep 0.05; done
exec "$0" serve`;
    const program = new Program(['--mount', 'sh', '-c', begin, process.env.TWENTY_MCP_BINARY], {
        TWENTY_BASE_URL: workspace.url, COOKIE_ENCRYPTION_KEY: serverKey, ADMIN_TOKEN: adminToken,
        TWENTY_MCP_LISTEN: `127.0.0.1:${port}`, TWENTY_MCP_DATA_DIR: scratchFolder(t),
        TWENTY_MCP_LOG_FORMAT: 'journal', TWENTY_MCP_SLOW_CALL_MS: '150',
    }, { binary: 'unshare' });
    const own = (...command) => spawnSync('nsenter', ['--mount', '--target', String(program.process.pid), ...command], { encoding: 'utf8' });
    const journal = (...matches) => own('journalctl', '-D', '/run/log/journal', '-o', 'json', '--no-pager', ...matches).stdout
        .split('\n').filter(Boolean).map((line) => JSON.parse(line));
    const end = () => own('sh', '-c', 'kill $(cat /run/journald)');
    t.after(async () => {
        if (program.running) end();
        await program.kill();
    });
    await program.until(() => fetch(`${url}/readyz`).then((r) => r.ok, () => false));
    if (own('test', '-S', '/run/systemd/journal/socket').status !== 0) return t.skip('systemd-journald does not run here');

    const { access } = await login(url, workspace.key);
    const answer = await rpc(url, access, 'tools/call', { name: 'find_records', arguments: find });
    await fetch(`${url}/two%0Alines`);
    await workspace.set({ latency_ms: 200 });
    await callTool(url, access, 'find_records', find);
    const id = answer.headers.get('x-request-id');
    const [line] = await until(() => {
        const found = journal(`MCP_ID=${id}`);
        return found.length > 0 && found;
    }, 'the request is in the journal');
    assert.deepEqual([line.MCP_EVENT, line.MCP_TOOL, line.MCP_OUTCOME, line.MCP_STATUS, line.MCP_ROWS, line.PRIORITY],
        ['request', 'find_records', 'ok', '200', '1', '6']);
    assert.match(line.MESSAGE, /request method=POST path=\/mcp status=200 .*tool=find_records/);
    assert.equal(line.SYSLOG_IDENTIFIER, 'twenty-mcp');
    const [slow] = await until(() => {
        const found = journal('-p', 'warning', 'MCP_EVENT=slow_call');
        return found.length > 0 && found;
    }, 'the warning is in the journal');
    assert.deepEqual([slow.PRIORITY, slow.MCP_TOOL], ['4', 'find_records']);
    for (const each of journal('_COMM=twenty-mcp')) assert.ok(typeof each.MESSAGE === 'string' && each.MCP_EVENT, JSON.stringify(each));
    assert.equal(journal('MCP_EVENT=request', 'MCP_TOOL=find_records').length, 2);
    assert.doesNotMatch(program.output, /info request/, 'not on standard error as well');

    // The journal goes: lines are on standard error, and nobody waits.
    end();
    await until(() => own('sh', '-c', '! kill -0 $(cat /run/journald) || grep -q "^State:.Z" /proc/$(cat /run/journald)/status').status === 0, 'it has ended');
    await fetch(`${url}/after-the-journal`);
    await program.until((output) => output.includes('path=/after-the-journal'));
    return undefined;
});
