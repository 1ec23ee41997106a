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
import { callTool, initialize, rpc } from './support/mcp.mjs';
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
        calls += 1;
        if (made.failed) assert.match(made.text, /could not be written down.*disk refuses.*Nothing was written/s);
        return named(program, 'calls_not_written_down') + named(program, 'commit_failed') > 0;
    }, 'the log says so');
    assert.ok(!(await callTool(url, grant.access, 'find_records', find)).failed, 'reading goes on');
    calls += 1;
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
    const { ready, files } = JSON.parse((await get('/readyz')).text);
    assert.deepEqual([ready, files], [true, 'used up'], 'it serves those whom it has');
    sockets.forEach((socket) => socket.destroy());
    await until(() => fetch(`${server.url}/readyz`).then(async (r) => r.ok && (await r.json()).files === undefined, () => false),
        'clients are let in again');
    const count = named(server.program, 'accept_failed');
    assert.ok(count < 100, `said ${count} times`);
    agent.destroy();
});

test('a database that another process locks is waited for, and said', async (t) => {
    const workspace = await workspaceProcess(t);
    const server = await service(t, workspace.url, { ADMIN_TOKEN: adminToken });
    const { url } = server;
    const grant = await login(url, workspace.key);
    // Until the time is over, or release() is called.
    const lock = async (seconds) => {
        const holder = spawn('python3', ['-c', `import select,sqlite3,sys
db = sqlite3.connect(sys.argv[1], isolation_level=None); db.execute("BEGIN IMMEDIATE"); print("held", flush=True)
select.select([sys.stdin], [], [], ${seconds}); db.execute("ROLLBACK")`, path.join(server.folder, 'twenty-mcp.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
        await once(holder.stdout, 'data');
        const ended = once(holder, 'close');
        return {
            ended,
            release: () => {
                holder.stdin.end();
                return ended;
            },
        };
    };
    // Shorter than SQLite waits: nobody notices.
    const short = await lock(1);
    assert.ok(!(await callTool(url, (await login(url, workspace.key)).access, 'find_records', find)).failed);
    await short.ended;
    assert.equal(named(server.program, 'commit_failed') + named(server.program, 'calls_not_written_down'), 0);

    const long = await lock(60);
    const [lost, found, made, unwell] = await Promise.all([
        refresh(url, grant.clientId, grant.refresh), callTool(url, grant.access, 'find_records', find),
        callTool(url, grant.access, 'create_record', create), readyz(url),
    ]);
    assert.deepEqual([unwell.status, unwell.ready], [503, false]);
    assert.match(unwell.why, /the store cannot answer/);
    assert.ok((await samples(url)).get('twenty_mcp_store_failures_total') > 0);
    assert.deepEqual([lost.status, lost.body.error], [503, 'temporarily_unavailable']);
    assert.ok(!found.failed, 'reading goes on');
    assert.ok(made.failed, 'what could not be taken back is not written');
    assert.match(made.text, /could not be written down.*Nothing was written/s);
    const line = await event(server.program, 'calls_wait');
    assert.deepEqual([line.level, line.detail], ['warning', 'database is locked']);
    await long.release();
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
        assert.deepEqual([(await readyz(server.url)).twenty, total(await samples(server.url), 'twenty_mcp_twenty_reachable')],
            ['reachable', 1]);
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
        assert.deepEqual([(await readyz(url)).twenty, total(await samples(url), 'twenty_mcp_twenty_reachable')], ['reachable', 1]);
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

test('a clock that jumps is said, ends tokens alone, and locks nobody out', { skip: !stall && 'without the stall library' }, async (t) => {
    const workspace = await workspaceProcess(t);
    const file = path.join(memoryFolder(t), 'clock');
    writeFileSync(file, '0');
    const server = await service(t, workspace.url, {
        ADMIN_TOKEN: adminToken, LD_PRELOAD: stall, CLOCK_FILE: file, TWENTY_MCP_TRUSTED_PROXIES: '127.0.0.1/32',
    });
    const { url, program } = server;
    const hour = 3600;
    let at = 0;
    let told = 0;
    const set = async (seconds) => {
        writeFileSync(file, String(seconds));
        const by = seconds - at;
        at = seconds;
        const about = (given) => Math.abs(Number(given) - by) <= 1;
        told += 1;
        await until(async () => await readyz(url) && named(program, 'clock_set') === told, 'it is said');
        const { level, by_s: given } = await event(program, 'clock_set', ({ by_s: each }) => about(each));
        assert.ok(level === 'warning' && about(given), `${given}, not ${by}`);
    };
    const times = async (direction) => total(await samples(url), 'twenty_mcp_clock_set_total', `direction="${direction}"`);
    const well = async (token) => {
        for (const [tool, args] of [['find_records', find], ['create_record', create]]) {
            const { failed, text } = await callTool(url, token, tool, args);
            assert.ok(!failed, text);
        }
    };
    const unauthorized = async (token) => assert.equal((await rpc(url, token, 'tools/list')).status, 401);
    const stranger = { authorization: 'Bearer wrong', 'x-forwarded-for': '203.0.113.9' };
    const blocked = async () => {
        const answer = await admin(url, 'GET', '/admin', undefined, stranger);
        return [answer.status, Number(answer.headers.get('retry-after'))];
    };
    const first = await login(url, workspace.key);
    const other = await login(url, workspace.key);
    await well(first.access);
    const begun = await rpc(url, first.access, 'initialize', initialize);
    const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') };
    const stream = await fetch(`${url}/mcp`, { headers: { authorization: `Bearer ${first.access}`, accept: 'text/event-stream', ...session } });
    assert.equal(stream.status, 200);
    assert.equal((await readyz(url)).clock, undefined);

    // Hours ahead: access tokens are over, as by any clock that says so, and are renewed.
    await set(3 * hour);
    assert.match((await readyz(url)).clock, /^set forward by 10(?:800|799|801) s$/);
    assert.deepEqual([await times('forward'), await times('back')], [1, 0]);
    await unauthorized(first.access);
    const ahead = (await refresh(url, first.clientId, first.refresh)).body;
    await well(ahead.access_token);
    assert.equal((await rpc(url, ahead.access_token, 'tools/list', {}, session)).status, 200, 'the session is there');
    for (let i = 0; i < 5; i += 1) await blocked();
    assert.equal((await blocked())[0], 429);

    // Back again: what was given meanwhile is good, a block is no longer than it was, and no host or address waits.
    await set(0);
    assert.equal((await readyz(url)).clock, undefined, 'set right');
    const [status, wait] = await blocked();
    assert.ok(status === 401 || wait <= 1800, `${wait} s`);
    await well(ahead.access_token);
    const renewed = await refresh(url, first.clientId, ahead.refresh_token);
    assert.equal(renewed.status, 200, JSON.stringify(renewed.body));
    await well(renewed.body.access_token);
    await well(other.access);
    await well((await login(url, workspace.key)).access);

    // Further back than anything that is stored.
    await set(-5 * hour);
    assert.match((await readyz(url)).clock, /^set back by 1(?:8000|7999|8001) s$/);
    assert.equal(await times('back'), 2);
    await well(other.access);
    const younger = await refresh(url, other.clientId, other.refresh);
    assert.equal(younger.status, 200, JSON.stringify(younger.body));
    await well(younger.body.access_token);
    await well((await login(url, workspace.key)).access);
    const burst = await Promise.all(Array.from({ length: 30 }, () => callTool(url, younger.body.access_token, 'find_records', find)));
    assert.ok(burst.every(({ failed }) => !failed), 'no pace and no queue waits for the old time');

    // Weeks ahead for a moment: refused meanwhile, and there again.
    await set(40 * 24 * hour);
    await unauthorized(renewed.body.access_token);
    await set(0);
    await well(renewed.body.access_token);
    await unauthorized(younger.body.access_token); // it was given five hours ago
    const last = await refresh(url, other.clientId, younger.body.refresh_token);
    assert.equal(last.status, 200, JSON.stringify(last.body));
    await well(last.body.access_token);

    // Whatever the clock said, what came later stands later.
    const { events } = (await admin(url, 'GET', '/admin/audit')).json;
    const { calls } = (await admin(url, 'GET', '/admin/calls')).json;
    for (const rows of [events, calls]) {
        assert.ok(rows.length > 5);
        assert.deepEqual(rows.map(({ id }) => id), rows.map(({ id }) => id).sort((a, b) => b - a));
    }
    for (const { ms = 0, event: name } of eventsOf(program.output)) {
        assert.ok(Number(ms) < 10_000, 'durations are not by the wall clock');
        assert.ok(!['slow_call', 'actor_restart', 'commit_failed', 'twenty_unreachable', 'sealed_row_refused'].includes(name), name);
    }
    await stream.body.cancel();
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
