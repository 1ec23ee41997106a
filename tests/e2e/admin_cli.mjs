// `twenty-mcp admin` as an administrator types it: over a Unix socket without a token, and over the
// network with one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { admin, adminToken } from './support/admin.mjs';
import { callTool } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { demo, freePort, Program, scratchFolder, service } from './support/program.mjs';

// Runs a command to its end: {code, out, said}.
async function run(args, { input = '', env = {} } = {}) {
    const child = spawn(process.env.TWENTY_MCP_BINARY, ['admin', ...args],
        { env: { PATH: process.env.PATH, ...env } });
    let out = '';
    let said = '';
    child.stdout.on('data', (piece) => { out += piece; });
    child.stderr.on('data', (piece) => { said += piece; });
    child.stdin.on('error', () => { /* it does not read */ });
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    assert.doesNotMatch(said, /Sanitizer|runtime error:/);
    return { code, out, said };
}

async function prepared(t) {
    const { workspace, key, readOnlyKey } = await demo(t);
    const folder = scratchFolder(t);
    const socket = path.join(folder, 'admin.sock');
    const server = await service(t, workspace,
        { ADMIN_TOKEN: adminToken, TWENTY_MCP_ADMIN_SOCKET: socket });
    const tokenFile = path.join(folder, 'token');
    writeFileSync(tokenFile, `${adminToken}\n`, { mode: 0o600 });
    const file = (name, text) => {
        const at = path.join(folder, name);
        mkdirSync(path.dirname(at), { recursive: true });
        writeFileSync(at, text);
        return at;
    };
    // [how the server is named]: over the socket, and over the network.
    const ways = { socket: ['--socket', socket], url: ['--url', server.url, '--token-file', tokenFile] };
    const well = async (...args) => {
        const { code, out, said } = await run([...args, ...ways.socket]);
        assert.equal(code, 0, `${args}: ${said}`);
        return out;
    };
    return { server, key, readOnlyKey, ways, well, file, folder };
}

test('both ways lead to the same server, and JSON is what it answers', async (t) => {
    const { server, key, ways } = await prepared(t);
    await login(server.url, key, { label: 'Work \u001b[31mlaptop' });
    const { text, json } = await admin(server.url, 'GET', '/admin/connections');
    for (const way of Object.values(ways)) {
        const answer = await run(['connections', '--json', ...way]);
        assert.deepEqual([answer.code, answer.said], [0, '']);
        assert.equal(answer.out, `${text}\n`);
        const table = await run([...way, 'connections', '--mode', 'write']);
        const [titles, row, ...rest] = table.out.split('\n');
        assert.match(titles, /^ID +CLIENT +HOST +LABEL +MODE +USED +KEY$/);
        assert.ok(row.startsWith(json.connections[0].id), row);
        assert.equal(row.indexOf(json.connections[0].key), titles.indexOf('KEY'), 'columns are aligned');
        assert.deepEqual(rest, ['']);
        assert.doesNotMatch(table.out, /\u001b/);
    }
    const none = await run(['connections', '--mode', 'read', ...ways.socket]);
    assert.deepEqual([none.code, none.out, none.said], [0, '', 'none\n']);
    const named = await run(['connections', '--json'],
        { env: { TWENTY_MCP_ADMIN_SOCKET: ways.socket[1] } });
    assert.equal(named.out, `${text}\n`);
});

test('connections end one by one, by their key, and all with a yes', async (t) => {
    const { server, key, readOnlyKey, ways, well } = await prepared(t);
    for (const label of ['one', 'two']) await login(server.url, key, { label });
    await login(server.url, readOnlyKey, { label: 'three', mode: 'read' });
    const all = async () => JSON.parse(await well('connections', '--json')).connections;
    const found = await all();
    // Their times are to the second, so that the order says nothing here.
    const [one, two, three] = ['one', 'two', 'three'].map((label) => found.find((c) => c.label === label));
    assert.match(await well('connection', one.id), new RegExp(`^id +${one.id}$`, 'm'));
    assert.equal(await well('end', two.id), 'ended  1\n');
    assert.equal(await well('end', '--key', three.key), 'ended  1\n');
    const nobody = await run(['end', '--all', ...ways.socket]);
    assert.deepEqual([nobody.code, nobody.out], [2, '']);
    assert.match(nobody.said, /--yes/);
    assert.equal((await all()).length, 1);
    assert.equal(await well('end', '--all', '--yes'), 'ended  1\n');
    const gone = await run(['end', one.id, ...ways.socket]);
    assert.deepEqual([gone.code, gone.out], [1, '']);
    assert.match(gone.said, /no such connection/);
});

test('a primer is compared, uploaded, shown, taken back and cleared', async (t) => {
    const { server, key, ways, well, file } = await prepared(t);
    const { access } = await login(server.url, key, { mode: 'read' });
    const ours = file('ours.md', '# Ours\n\nPartners sign.\n');
    const diff = async (...args) => run(['primer', 'diff', ...args, ...ways.socket]);
    assert.equal((await diff(ours)).code, 1, 'nothing was uploaded');
    assert.match(await well('primer', 'put', ours), /^bytes +23\netag +".+"\n$/m);
    assert.deepEqual(await diff(ours), { code: 0, out: '', said: '' });
    assert.match((await callTool(server.url, access, 'get_primer')).text, /Partners sign/);

    const newer = file('newer.md', '# Ours\n\nPartners pay.\n');
    const changes = await diff(newer);
    assert.equal(changes.code, 1);
    assert.match(changes.out, /^@@ -1,3 \+1,3 @@\n # Ours\n \n-Partners sign\.\n\+Partners pay\.\n$/m);
    const [{ version, etag }] = JSON.parse(await well('primer', 'history', '--json')).versions;
    assert.equal((await run(['primer', 'put', newer, '--if-match', '"old"', ...ways.socket])).code, 1);
    const only = await run(['primer', 'put', newer, '--only-new', ...ways.socket]);
    assert.equal(only.code, 1);
    assert.match(only.said, /There is one already/);
    await well('primer', 'put', newer, '--if-match', etag);
    const piped = await run(['primer', 'put', '-', ...ways.url], { input: '# Piped\n' });
    assert.equal(piped.code, 0, piped.said);
    assert.equal(await well('primer', 'get'), '# Piped\n');
    assert.equal(JSON.parse(await well('primer', 'get', '--json')).text, '# Piped\n');
    assert.equal((await diff(ours, String(version))).code, 0);
    await well('primer', 'rollback', String(version));
    assert.equal(await well('primer', 'show', String(version)), readFileSync(ours, 'utf8'));
    assert.match(await well('primer', 'history'), /^VERSION +CREATED +CURRENT +BYTES +BUNDLED +ETAG\n\d+ .* yes +23 +no +"/);
    await well('primer', 'clear');
    const none = await run(['primer', 'get', ...ways.socket]);
    assert.deepEqual([none.code, none.out], [1, '']);
    assert.match(none.said, /the bundled one is in use/);
});

test('a skill goes up as a text, as a folder and as JSON', async (t) => {
    const { well, file, folder } = await prepared(t);
    const text = '---\nname: ours\ndescription: Does it.\n---\n';
    const main = file('ours/SKILL.md', text);
    await well('skills', 'put', 'ours', main);
    assert.equal(await well('skills', 'get', 'ours'), `==> SKILL.md <==\n${text}\n`);
    file('ours/references/a.md', 'More.\n');
    file('ours/.hidden', 'no');
    await well('skills', 'put', 'ours', path.join(folder, 'ours'));
    const files = async () => JSON.parse(await well('skills', 'get', 'ours', '--json')).files;
    assert.deepEqual(await files(), { 'SKILL.md': text, 'references/a.md': 'More.\n' });
    await well('skills', 'put', 'ours', file('skill.json', JSON.stringify({ files: { 'SKILL.md': text } })));
    assert.deepEqual(await files(), { 'SKILL.md': text });
    assert.match(await well('skills', 'list'), /^NAME .*\nours +\d+ .* Does it\.\n$/);
    const kept = JSON.parse(await well('skills', 'history', 'ours', '--json')).versions;
    await well('skills', 'rollback', 'ours', String(kept[1].version));
    assert.deepEqual(Object.keys(await files()), ['SKILL.md', 'references/a.md']);
    await well('skills', 'remove', 'ours');
    assert.equal(JSON.parse(await well('skills', 'list', '--json')).skills.length, 0);
});

test('the rest of the server: data models, keys, log, calls and what happened', async (t) => {
    const { server, key, well } = await prepared(t);
    const { access } = await login(server.url, key, { label: 'Work' });
    await callTool(server.url, access, 'list_objects');
    assert.equal(await well('schemas', 'refresh'), 'dropped  1\n');
    assert.match(await well('keys'), /^keys\n {2}- id +\w+\n[^]*\ndone +yes\n$/);
    assert.equal(await well('log-level', 'debug'), 'level  debug\n');
    assert.equal(await well('log-level'), 'level  debug\n');
    assert.match(await well('calls', '--tool', 'list_objects'), /^ID .*\n1 +\S+Z +list_objects /);
    assert.match(await well('calls', '--format', 'csv'), /^id,time,[^]*\r\n1,/);
    assert.match(await well('call-chain'), /^last +1$/m);
    assert.match(await well('audit', '--limit', '2'), /^ID +TIME +KIND[^]* admin_called /);
});

test('writes are paused and resumed, for everybody, a connection and a key', async (t) => {
    const { server, key, ways, well } = await prepared(t);
    const ada = await login(server.url, key, { label: 'ada' });
    const create = async ({ access }) => callTool(server.url, access, 'create_record',
        { objectName: 'company', data: { name: `Acme ${Math.random()}` } });
    const writes = async (who, wanted, words = /./) => {
        const { failed, text } = await create(who);
        assert.equal(!failed, wanted, text);
        if (!wanted) assert.match(text, /"code":"paused"/);
        assert.match(text, words);
        assert.ok(!(await callTool(server.url, who.access, 'find_records', { objectName: 'company', limit: 1 })).failed);
    };
    await writes(ada, true);
    const alone = await run(['pause', '--all', ...ways.socket]);
    assert.deepEqual([alone.code, alone.out], [2, ''], 'everybody needs a yes');
    assert.match(await well('pause', '--all', '--yes', '--reason', 'We move'), /^OF .*\nall .* \S+Z +We move\n$/);
    await writes(ada, false, /We move/);
    assert.match(await well('status'), /^pauses +1$/m);
    const none = await run(['resume', '--all', '--yes', ...ways.socket]);
    assert.deepEqual([none.code, none.out, none.said], [0, '', 'none\n']);
    await writes(ada, true);

    const { id, key: keyId } = JSON.parse(await well('connections', '--json')).connections[0];
    await well('pause', '--connection', id);
    await writes(ada, false);
    const bob = await login(server.url, key, { label: 'bob' });
    await writes(bob, true);
    await well('pause', '--key', keyId, '--reason', 'Key was mailed');
    await writes(bob, false, /Key was mailed/);
    await server.program.kill();
    await server.start();
    await writes(bob, false);
    assert.equal(JSON.parse(await well('pauses', '--json')).pauses.length, 2);
    await well('resume', '--key', keyId);
    await writes(bob, true);
    await writes(ada, false);
    await well('resume', '--connection', id);
    await writes(ada, true);
    const unknown = await run(['pause', '--key', 'ffffffffffff', ...ways.socket]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.said, /No connection has this key/);
    assert.equal((await run(['pause', ...ways.socket])).code, 1);
    assert.match(await well('audit', '--kind', 'writes_paused'), / key \w+: Key was mailed\n[^]* all: We move\n/);
});

test('a primer is looked at before it goes up', async (t) => {
    const { server, key, ways, well, file } = await prepared(t);
    const { access } = await login(server.url, key);
    await callTool(server.url, access, 'list_objects');
    const wrong = file('wrong.md', '# Ours\n\nSay `company.nmae`.\n');
    const looked = await run(['primer', 'lint', wrong, ...ways.socket]);
    assert.equal(looked.code, 1);
    assert.match(looked.out, /3.*nmae/);
    const strict = await run(['primer', 'put', wrong, '--strict', ...ways.socket]);
    assert.equal(strict.code, 1);
    assert.match(strict.said, /nmae/);
    assert.equal((await run(['primer', 'get', ...ways.socket])).code, 1, 'nothing went up');
    const warned = await run(['primer', 'put', wrong, ...ways.socket]);
    assert.equal(warned.code, 0);
    assert.match(warned.said, /nmae/);
    assert.equal(await run(['primer', 'lint', file('right.md', 'Say `company.name`.\n'), ...ways.socket])
        .then(({ code }) => code), 0);
});

test('the socket serves without a token, for its owner and group alone, and goes with the server', async (t) => {
    const { workspace, key } = await demo(t);
    const socket = path.join(scratchFolder(t), 'admin.sock');
    const server = await service(t, workspace, { TWENTY_MCP_ADMIN_SOCKET: socket });
    await login(server.url, key);
    assert.equal(statSync(socket).mode & 0o777, 0o660);
    const status = await run(['status', '--json', '--socket', socket]);
    assert.equal(status.code, 0, status.said);
    assert.deepEqual((({ ready, twenty, connections, pauses }) => ({ ready, twenty, connections, pauses }))(JSON.parse(status.out)),
        { ready: true, twenty: 'reachable', connections: 1, pauses: 0 });
    assert.equal((await fetch(`${server.url}/admin/status`)).status, 503, 'the network has no way in');
    const { out } = await run(['audit', '--json', '--socket', socket]);
    assert.ok(JSON.parse(out).events.some(({ kind, source }) => kind === 'admin_called' && source === `uid ${process.getuid()}`));
    await server.program.kill();
    assert.ok(existsSync(socket), 'a killed process leaves it');
    await server.start();
    assert.equal((await run(['status', '--socket', socket])).code, 0);
    await server.program.stop();
    assert.ok(!existsSync(socket));
});

test('what comes is followed, over a restart of the server, until Ctrl-C', async (t) => {
    const { server, key, ways } = await prepared(t);
    const { access } = await login(server.url, key);
    await callTool(server.url, access, 'list_objects');
    const follower = new Program(['admin', 'calls', '--follow', '--json', ...ways.url], {});
    t.after(() => follower.running && follower.kill());
    // It has begun once the server was asked for what came after the first.
    await server.program.until((log) => (log.match(/admin=read_calls/g) ?? []).length >= 2);
    await callTool(server.url, access, 'get_primer');
    const lines = (text) => text.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    await follower.until((text) => lines(text).length === 1);
    assert.equal(lines(follower.output)[0].tool, 'get_primer');
    await server.program.stop();
    await follower.until((text) => text.includes('waiting for it'));
    await server.start();
    await callTool(server.url, access, 'list_objects');
    await follower.until((text) => lines(text).length === 2);
    assert.equal(lines(follower.output)[1].tool, 'list_objects');
    await follower.until((text) => text.includes('it answers again'));
    const events = new Program(['admin', 'audit', '--follow', '--kind', 'connection_made', ...ways.socket], {});
    t.after(() => events.running && events.kill());
    await server.program.until((log) => (log.match(/admin=read_audit/g) ?? []).length >= 2);
    await login(server.url, key, { label: 'later' });
    await events.until((text) => / connection_made /.test(text));
    follower.process.kill('SIGINT');
    assert.deepEqual(await follower.exited, { code: 0, signal: null });
});

test('each way to fail has its exit code and says what to do', async (t) => {
    const { server, ways, file, folder } = await prepared(t);
    const text = file('ours.md', '# Ours\n');
    const fails = async (code, words, args, env) => {
        const answer = await run(args, { env });
        assert.deepEqual([answer.code, answer.out], [code, ''], `${args}: ${answer.said}`);
        assert.match(answer.said, words);
        assert.ok(!answer.said.includes(adminToken), 'no token is told');
    };
    await fails(1, /Is the service running\?/, ['keys', '--socket', path.join(folder, 'none')]);
    await fails(2, /switched off/, ['keys'], { TWENTY_MCP_ADMIN_SOCKET: 'none' });
    for (const finds of ['diff', 'lint']) {
        await fails(2, /Is the service running\?/, ['primer', finds, text, '--socket', path.join(folder, 'none')]);
        await fails(2, /No such file/, ['primer', finds, path.join(folder, 'none'), ...ways.socket]);
    }
    await fails(2, /no socket can have that path/, ['keys', '--socket', `/${'x'.repeat(200)}`]);
    await fails(1, /Connection refused|takes a connection/, ['keys', '--url', `http://localhost:${await freePort()}`], { ADMIN_TOKEN: adminToken });
    await fails(1, /ADMIN_TOKEN of the server's settings/, ['keys', '--url', server.url], { ADMIN_TOKEN: `${adminToken}x` });
    await fails(2, /say --token-file FILE, or set ADMIN_TOKEN/, ['keys', '--url', server.url]);
    await fails(2, /https/, ['keys', '--url', 'http://mcp.example.com'], { ADMIN_TOKEN: adminToken });
    await fails(2, /cannot be read|No such file/, ['keys', ...ways.url, '--ca-file', path.join(folder, 'none')]);
    await fails(2, /id must be a UUID/, ['connection', '7', ...ways.socket]);
    await fails(1, /That version is not kept/, ['primer', 'show', '999', ...ways.socket]);
    await fails(1, /No such file/, ['primer', 'put', path.join(folder, 'none'), ...ways.socket]);
    assert.equal((await run(['nothing'])).code, 2);
    assert.equal((await run(['keys', '--token', adminToken])).code, 2, 'a token is no option');
    if (process.getuid() === 0) return; // whom no mode keeps out
    chmodSync(ways.socket[1], 0);
    await fails(1, /Be root, or in its group/, ['keys', ...ways.socket]);
});
