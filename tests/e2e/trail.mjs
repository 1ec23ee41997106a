// The trail of calls, as docs/observability.md promises it: every call of a tool is in it, it is found
// by what it says of itself, and verify-calls sees what somebody changed in the database.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { admin, adminToken } from './support/admin.mjs';
import { callTool, rpc } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { requestOf, workspaceProcess } from './support/observed.mjs';
import { memoryFolder, serverKey, service, until } from './support/program.mjs';
import { connect, Person } from './support/sdk.mjs';

const find = { objectName: 'company', limit: 3 };
const jti = (key) => JSON.parse(Buffer.from(key.split('.')[1], 'base64url')).jti;

async function prepared(t, env = {}) {
    const workspace = await workspaceProcess(t);
    const server = await service(t, workspace.url, { ADMIN_TOKEN: adminToken, TWENTY_MCP_DATA_DIR: memoryFolder(t), ...env });
    const calls = async (query = '') => {
        const { status, json, text } = await admin(server.url, 'GET', `/admin/calls?${query}`);
        assert.equal(status, 200, `${query}: ${text}`);
        return json.calls;
    };
    return { workspace, server, calls, key: workspace.key, readOnlyKey: workspace.readOnlyKey };
}

// {status, said} of verify-calls with the server key, with another environment, or with arguments.
function verify(server, { key = serverKey, args = [] } = {}) {
    const run = spawnSync(process.env.TWENTY_MCP_BINARY, ['verify-calls', ...args], {
        encoding: 'utf8', env: { TWENTY_MCP_DATA_DIR: server.folder, ...(key && { COOKIE_ENCRYPTION_KEY: key }) },
    });
    return { status: run.status, said: run.stdout + run.stderr };
}

// Somebody who can write to the file, while nobody else has it open.
function sqlite(folder, script) {
    const run = spawnSync('python3', ['-c',
        'import sqlite3,sys; db=sqlite3.connect(sys.argv[1]); db.executescript(sys.stdin.read()); db.commit()',
        path.join(folder, 'twenty-mcp.db')], { input: script, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
}

test('each call of a tool is written down with who, what and how it went', async (t) => {
    const { server, workspace, calls, key, readOnlyKey } = await prepared(t);
    const { client } = await connect(t, server.url, new Person(key, { label: 'Ada\'s laptop' }));
    const call = (name, args) => client.callTool({ name, arguments: args });
    await call('list_objects', {});
    await call('find_records', find);
    const made = await call('create_record', { objectName: 'company', records: [{ name: 'One' }, { name: 'Two' }] });
    const ids = made.structuredContent.results.map(({ id }) => id);
    await call('update_record', { objectName: 'company', id: ids[0], data: { name: 'Uno' } });
    await call('delete_record', { objectName: 'company', ids });
    await call('find_records', { objectName: 'nothing' });
    await call('run_graphql', { endpoint: 'graphql', query: '{ companies(first: 1) { edges { node { id } } } }' });
    await workspace.set({ answer_500: 9 });
    await call('update_record', { objectName: 'company', id: ids[0], data: { name: 'Lost' } });
    await workspace.set({ answer_500: 0 });
    const bob = await login(server.url, readOnlyKey, { label: 'Bob', mode: 'read' });
    const his = await rpc(server.url, bob.access, 'tools/call', { name: 'find_records', arguments: find });
    await rpc(server.url, bob.access, 'tools/list');
    await until(async () => (await calls()).length >= 9, 'reads are stored within a second');

    const all = (await calls()).reverse();
    assert.deepEqual(all.map(({ tool, object, rows, outcome }) => [tool, object, rows, outcome]), [
        ['list_objects', undefined, all[0].rows, 'ok'],
        ['find_records', 'company', 3, 'ok'],
        ['create_record', 'company', 2, 'ok'],
        ['update_record', 'company', 1, 'ok'],
        ['delete_record', 'company', 2, 'ok'],
        ['find_records', undefined, 0, 'not_found'],
        ['run_graphql', all[6].object, all[6].rows, 'ok'],
        ['update_record', 'company', all[7].rows, 'upstream_refused'],
        ['find_records', 'company', 3, 'ok'],
    ]);
    assert.deepEqual(all.map(({ id }) => id), [1, 2, 3, 4, 5, 6, 7, 8, 9], 'without a gap');
    assert.deepEqual(all[2].ids.split(',').sort(), [...ids].sort());
    assert.deepEqual([all[3].ids, all[4].ids.split(',').sort()], [ids[0], [...ids].sort()]);
    assert.equal(all[7].ids, ids[0], 'what may have been written');
    const [hers, last] = [all[1], all[8]];
    assert.deepEqual([hers.label, hers.key, hers.client], ['Ada\'s laptop', jti(key), 'SDK end-to-end test']);
    assert.deepEqual([last.label, last.key, last.client], ['Bob', jti(readOnlyKey), 'end-to-end test']);
    assert.notEqual(hers.connection, last.connection);
    const { json } = await admin(server.url, 'GET', '/admin/connections');
    assert.equal(json.connections.find(({ id }) => id === last.connection).label, 'Bob');
    assert.equal(last.request, his.headers.get('x-request-id'));
    const line = await requestOf(server.program, last.request);
    assert.deepEqual([line.grant, line.rows, line.outcome, line.bytes], [last.connection, '3', 'ok', String(last.bytes)]);
    for (const { time, ms } of all)
        assert.ok(Math.abs(Date.now() - Date.parse(time)) < 60_000 && ms >= 0, time);
    const read = (await admin(server.url, 'GET', '/admin/audit?kind=calls_read')).json.events;
    assert.ok(read.length > 0 && read[0].times > 1, 'who looked is written down, too');
});

test('calls are found by each filter, page by page, and told in three formats', async (t) => {
    const { server, calls, key, readOnlyKey } = await prepared(t);
    const ada = await login(server.url, key, { label: '=HYPERLINK("x"), "Ada"' });
    const bob = await login(server.url, readOnlyKey, { label: 'Bob', mode: 'read' });
    for (let i = 0; i < 4; i += 1) {
        await callTool(server.url, ada.access, 'find_records', find);
        await callTool(server.url, bob.access, 'find_records', { objectName: 'person', limit: 1 });
    }
    await callTool(server.url, ada.access, 'create_record', { objectName: 'person', data: { name: { firstName: 'A' } } });
    await callTool(server.url, ada.access, 'find_records', { objectName: 'none' });
    await until(async () => (await calls()).length === 10, 'all are stored');
    const hers = (await calls()).find(({ key: id }) => id === jti(key)).connection;
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+/, '');
    const counts = {
        [`connection=${hers}`]: 6, [`key=${jti(readOnlyKey)}`]: 4, 'tool=create_record': 1, 'object=company': 4,
        'object=person': 5, 'outcome=ok': 9, 'outcome=not_found': 1, [`since=${tomorrow}`]: 0, [`until=${tomorrow}`]: 10,
        'since=2026-01-01T00:00:00.123Z': 10, // as the log has times
        'since=2026-01-01T00:00:00Z': 10, 'until=2026-01-01T00:00:00Z': 0,
        [`connection=${hers}&object=person&outcome=ok`]: 1, 'key=nobody': 0, 'limit=3': 3,
    };
    for (const [query, count] of Object.entries(counts)) assert.equal((await calls(query)).length, count, query);
    for (const bad of ['connection=1', 'limit=0', 'limit=1001', 'format=xml', 'since=yesterday', 'after=-1', 'tol=x', 'before=x'])
        assert.equal((await admin(server.url, 'GET', `/admin/calls?${bad}`)).status, 400, bad);

    const back = [];
    for (let before = ''; ;) {
        const { json } = await admin(server.url, 'GET', `/admin/calls?limit=4${before}`);
        back.push(...json.calls.map(({ id }) => id));
        if (json.next_before === undefined) break;
        before = `&before=${json.next_before}`;
    }
    assert.deepEqual(back, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const follow = async (after) => (await admin(server.url, 'GET', `/admin/calls?after=${after}&limit=6`)).json;
    const first = await follow(0);
    assert.deepEqual([first.calls.map(({ id }) => id), first.next_after], [[1, 2, 3, 4, 5, 6], 6]);
    const second = await follow(first.next_after);
    assert.deepEqual([second.calls.map(({ id }) => id), second.next_after], [[7, 8, 9, 10], 10]);
    const none = await follow(10);
    assert.deepEqual(none.calls, []);
    await callTool(server.url, ada.access, 'create_record', { objectName: 'company', data: { name: 'Later' } });
    await until(async () => (await follow(10)).calls.length === 1, 'what came since');

    const lines = await admin(server.url, 'GET', '/admin/calls?format=ndjson&limit=5');
    assert.equal(lines.headers.get('content-type'), 'application/x-ndjson');
    assert.deepEqual(lines.text.trim().split('\n').map((line) => JSON.parse(line)), await calls('limit=5'));
    const csv = await admin(server.url, 'GET', '/admin/calls?format=csv');
    assert.match(csv.headers.get('content-type'), /^text\/csv/);
    // As Python's reader of RFC 4180 has it.
    const read = spawnSync('python3', ['-c', 'import csv,json,sys; print(json.dumps(list(csv.DictReader(sys.stdin, strict=True))))'],
        { input: csv.text, encoding: 'utf8' });
    const rows = JSON.parse(read.stdout);
    const told = await calls();
    assert.equal(rows.length, 11);
    rows.forEach((row, i) => {
        for (const [name, value] of Object.entries(row)) {
            const plain = value.startsWith('\'') ? value.slice(1) : value;
            assert.equal(plain, String(told[i][name] ?? ''), name);
        }
        assert.ok(!/^[=+@-]/.test(row.label), row.label);
    });
});

test('verify-calls passes while the service runs, with and without the key, and after kill -9 under load', async (t) => {
    const { server, calls, key } = await prepared(t);
    const { access } = await login(server.url, key);
    assert.match(verify(server).said, /0 calls as they were written, and the head is signed/);
    let stopped = false;
    const confirmed = [];
    const load = async (worker) => {
        for (let n = 0; !stopped; n += 1) {
            const name = `${worker}-${n}`;
            try {
                const made = await callTool(server.url, access, n % 3 ? 'find_records' : 'create_record',
                    n % 3 ? find : { objectName: 'company', data: { name } });
                if (!made.failed && n % 3 === 0) confirmed.push(made.structured.id);
            } catch {
                await sleep(5); // the kill
            }
        }
    };
    const workers = Array.from({ length: 6 }, (_, worker) => load(worker));
    await until(() => confirmed.length > 20, 'calls come');
    for (let i = 0; i < 3; i += 1) {
        const found = verify(server);
        assert.equal(found.status, 0, found.said);
    }
    for (let kill = 0; kill < 4; kill += 1) {
        const goal = confirmed.length + 20;
        await until(() => confirmed.length > goal, 'calls come');
        await server.program.kill();
        const after = verify(server);
        assert.equal(after.status, 0, after.said);
        await server.start();
    }
    stopped = true;
    await Promise.all(workers);
    await server.program.stop();
    const whole = verify(server);
    assert.match(whole.said, /(\d+) calls \(1 to \1\) as they were written, and the head is signed/);
    assert.equal(whole.status, 0);

    await server.start();
    const { json: head } = await admin(server.url, 'GET', '/admin/calls/chain');
    assert.equal(verify(server, { key: '', args: ['--public-key', head.public_key] }).status, 0);
    const nobody = verify(server, { key: '' });
    assert.deepEqual([nobody.status, /nobody has looked whether the end was cut off/.test(nobody.said)], [0, true]);
    const other = verify(server, { key: '', args: ['--public-key', 'ab'.repeat(32)] });
    assert.notEqual(other.status, 0);
    assert.match(other.said, /is not signed by this key/);
    assert.notEqual(verify(server, { args: ['--public-key', 'xyz'] }).status, 0);
    assert.notEqual(verify(server, { key: '99'.repeat(32) }).status, 0, 'another server key');

    // Of writes that the client was told of. A killed process takes at most what it had not stored.
    const noted = new Set();
    for (let before = ''; ;) {
        const { json } = await admin(server.url, 'GET', `/admin/calls?limit=1000&tool=create_record${before}`);
        for (const { ids } of json.calls) noted.add(ids);
        if (json.next_before === undefined) break;
        before = `&before=${json.next_before}`;
    }
    const lost = confirmed.filter((id) => !noted.has(id)).length;
    t.diagnostic(`${confirmed.length} writes were confirmed, ${lost} of them are not in the trail, after 4 kills`);
    assert.ok(lost <= 4 * 6, `${lost} are missing`);
    assert.ok((await calls('limit=1')).length === 1);
});

test('verify-calls names what was changed, taken out or cut off in the database', async (t) => {
    const { server, key } = await prepared(t);
    const { access } = await login(server.url, key);
    for (let n = 0; n < 8; n += 1)
        await callTool(server.url, access, 'create_record', { objectName: 'company', data: { name: `N${n}` } });
    const { json: head } = await admin(server.url, 'GET', '/admin/calls/chain');
    assert.deepEqual([head.first, head.last], [1, 8]);
    await server.program.stop();
    assert.equal(verify(server).status, 0);
    const file = path.join(server.folder, 'twenty-mcp.db');
    const kept = path.join(memoryFolder(t), 'kept.db');
    assert.ok(!existsSync(`${file}-wal`), 'a clean end leaves one file');
    copyFileSync(file, kept);
    const after = (script) => {
        copyFileSync(kept, file);
        sqlite(server.folder, script);
        return verify(server);
    };
    const refused = spawnSync('python3', ['-c',
        'import sqlite3,sys; sqlite3.connect(sys.argv[1]).execute("UPDATE calls SET tool = 0 WHERE id = 3")', file], { encoding: 'utf8' });
    assert.match(refused.stderr, /a call that was written down does not change/);
    const open = 'DROP TRIGGER calls_are_append_only;';
    for (const column of ['at = at + 1', 'grant_id = \'x\'', 'label = \'x\'', 'key_id = \'x\'', 'client = \'x\'',
        'tool = \'get_record\'', 'object = \'person\'', 'ids = \'\'', 'rows = 7', 'outcome = \'upstream_down\'', 'bytes = 1',
        'ms = 99', 'request = \'x\'', 'hash = zeroblob(32)']) {
        const found = after(`${open} UPDATE calls SET ${column} WHERE id = 3;`);
        assert.notEqual(found.status, 0, column);
        assert.match(found.said, /call 3 is not as it was written, or is missing; 2 calls before it are whole/, column);
    }
    assert.match(after('DELETE FROM calls WHERE id = 1;').said, /call 1 is not as it was/);
    assert.match(after('DELETE FROM calls WHERE id = 5;').said, /call 5 is not as it was/);
    assert.match(after('DELETE FROM calls WHERE id > 6;').said, /call 7 is not as it was/);
    assert.match(after('INSERT INTO calls SELECT 9, at, grant_id, label, key_id, client, tool, object, ids, rows, '
        + 'outcome, bytes, ms, request, hash FROM calls WHERE id = 8;').said, /call 9 is not as it was/);
    // With the head put right by hand: all fits, but for the signature.
    const cut = after('DELETE FROM calls WHERE id > 6; '
        + 'UPDATE call_chain SET last = 6, hash = (SELECT hash FROM calls WHERE id = 6);');
    assert.notEqual(cut.status, 0);
    assert.match(cut.said, /the head of the trail \(call 6\) is not signed by this key: its end may have been cut off/);
    const begun = after('DELETE FROM calls WHERE id < 3; '
        + `UPDATE call_chain SET first = 3, before = X'${head.hash}';`);
    assert.notEqual(begun.status, 0, begun.said);
    // Without the key it shows to nobody but whoever kept the public one.
    const blind = verify(server, { key: '', args: ['--public-key', head.public_key] });
    assert.notEqual(blind.status, 0);
    // A damaged file is told of as well.
    copyFileSync(kept, file);
    assert.notEqual(after('DROP TABLE calls;').status, 0);
});

test('a database that was put back as it once was shows to whoever kept a later head', async (t) => {
    const { server, key } = await prepared(t);
    const { access } = await login(server.url, key);
    const write = () => callTool(server.url, access, 'create_record', { objectName: 'company', data: { name: 'x' } });
    const file = path.join(server.folder, 'twenty-mcp.db');
    const folder = memoryFolder(t);
    const older = path.join(folder, 'older.db');
    const head = path.join(folder, 'head.json');
    const against = () => verify(server, { args: ['--head', head] });
    for (let n = 0; n < 3; n += 1) await write();
    await server.program.stop();
    copyFileSync(file, older);
    await server.start();
    for (let n = 0; n < 3; n += 1) await write();
    writeFileSync(head, (await admin(server.url, 'GET', '/admin/calls/chain')).text);
    await write();
    await server.program.stop();
    const good = against();
    assert.equal(good.status, 0, good.said);
    assert.match(good.said, /goes on from the head that was kept/);
    copyFileSync(older, file);
    assert.equal(verify(server).status, 0, 'it is signed, as it was');
    assert.match(against().said, /call 6 is another one, or is gone/);
    assert.notEqual(against().status, 0);
    await server.start();
    for (let n = 0; n < 5; n += 1) await write();
    await server.program.stop();
    assert.notEqual(against().status, 0, 'further calls do not hide it');
    writeFileSync(head, '{}');
    assert.match(against().said, /is no answer of \/admin\/calls\/chain/);
});

test('an altered trail is begun anew by an administrator, and both sides of the break are told', async (t) => {
    const { server, key } = await prepared(t);
    const { access } = await login(server.url, key);
    const write = () => callTool(server.url, access, 'create_record', { objectName: 'company', data: { name: 'x' } });
    for (let n = 0; n < 5; n += 1) await write();
    const older = path.join(memoryFolder(t), 'older.json');
    writeFileSync(older, (await admin(server.url, 'GET', '/admin/calls/chain')).text);
    const begin = (args, { key: of = serverKey } = {}) => {
        const run = spawnSync(process.env.TWENTY_MCP_BINARY, ['begin-calls', ...args], {
            encoding: 'utf8', env: { TWENTY_MCP_DATA_DIR: server.folder, ...(of && { COOKIE_ENCRYPTION_KEY: of }) },
        });
        return { status: run.status, said: run.stdout + run.stderr };
    };
    assert.match(begin(['--yes']).said, /in use by another twenty-mcp; stop that one first/);
    await server.program.stop();
    assert.match(begin(['--yes']).said, /the trail of calls is whole, so it is not begun anew/);
    sqlite(server.folder, 'DROP TRIGGER calls_are_append_only; UPDATE calls SET rows = 7 WHERE id = 3;');
    assert.match(begin([]).said, /keep a copy \(twenty-mcp backup\), and say --yes/);
    assert.match(begin(['--yes'], { key: '' }).said, /COOKIE_ENCRYPTION_KEY is not set here/);
    assert.match(begin(['--yes'], { key: 'ab'.repeat(32) }).said, /COOKIE_ENCRYPTION_KEY/);
    assert.notEqual(verify(server).status, 0, 'it is as it was');
    const begun = begin(['--yes']);
    assert.equal(begun.status, 0, begun.said);
    assert.match(begun.said, /calls up to 5 prove nothing: call 3 was not as it was written, and an administrator began the trail anew/);
    await server.start();
    await write();
    const { json: head } = await admin(server.url, 'GET', '/admin/calls/chain');
    assert.deepEqual([head.first, head.last, head.begun_anew.ended, head.begun_anew.broken_at], [6, 6, 5, 3]);
    const { json: { events } } = await admin(server.url, 'GET', '/admin/audit?kind=calls_begun_anew');
    assert.deepEqual(events.map(({ detail }) => detail), ['call 3 was not as it was written; calls up to 5 prove nothing']);
    const { json: { calls } } = await admin(server.url, 'GET', '/admin/calls');
    assert.deepEqual(calls.map(({ id }) => id), [6, 5, 4, 3, 2, 1], 'no call is removed');
    await server.program.stop();
    const found = verify(server);
    assert.equal(found.status, 0, found.said);
    assert.match(found.said, /1 call \(6 to 6\) as they were written, and the head is signed\.\nwarning: calls up to 5 prove nothing: call 3 was/);
    const against = verify(server, { args: ['--head', older] });
    assert.notEqual(against.status, 0);
    assert.match(against.said, /the trail was begun anew after call 5, and \S+older\.json is of call 5: nothing proves what became of it/);
    writeFileSync(older, JSON.stringify(head));
    assert.equal(verify(server, { args: ['--head', older] }).status, 0);
});

test('a kept head that was altered, or is signed by another key, says so and counts for nothing', async (t) => {
    const { server, key } = await prepared(t);
    const { access } = await login(server.url, key);
    const write = () => callTool(server.url, access, 'create_record', { objectName: 'company', data: { name: 'x' } });
    for (let n = 0; n < 3; n += 1) await write();
    const { json: head } = await admin(server.url, 'GET', '/admin/calls/chain');
    await write();
    await server.program.stop();
    const file = path.join(memoryFolder(t), 'head.json');
    const against = (kept, options = {}) => {
        writeFileSync(file, JSON.stringify(kept));
        return verify(server, { ...options, args: ['--head', file, ...(options.args ?? [])] });
    };
    assert.equal(against(head).status, 0);
    assert.equal(against(head, { key: '', args: ['--public-key', head.public_key] }).status, 0);
    const blind = against(head, { key: '' });
    assert.equal(blind.status, 0);
    assert.match(blind.said, /nobody has looked whether the end was cut off, nor who signed the head that was kept\./);

    const words = head.signed.split(' ');
    const saying = (last, hash) => ({ ...head, last, hash, signed: [...words.slice(0, 4), last, hash].join(' ') });
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const strangers = {
        ...head, signature: sign(null, Buffer.from(head.signed), privateKey).toString('hex'),
        public_key: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex'),
    };
    const cases = [
        [saying(2, head.hash), /head\.json was altered: its signature is not of what it says/],
        [saying(3, '0'.repeat(64)), /head\.json was altered/],
        [{ ...head, signature: head.signature.replace(/^./, (first) => (first === '0' ? '1' : '0')) }, /head\.json was altered/],
        [{ ...head, public_key: strangers.public_key }, /head\.json was altered/],
        [strangers, /head\.json is signed by another key: it is of another server, or somebody has made it/],
        [{ ...head, signature: '' }, /head\.json is not signed: the trail was altered already when this head was kept/],
    ];
    const broken = 'DROP TRIGGER calls_are_append_only; UPDATE calls SET rows = 7 WHERE id = 2;';
    const said = cases.map(([kept, sentence]) => {
        const found = against(kept);
        assert.match(found.said, sentence);
        return found.status;
    });
    for (const kept of [{ ...head, last: 2 }, { ...head, hash: '0'.repeat(64) }, { ...head, signed: `${head.signed} ` }, { ...head, signed: 'x' }])
        assert.match(against(kept).said, /is no answer of \/admin\/calls\/chain/);
    sqlite(server.folder, broken);
    for (const status of said) assert.equal(status, verify(server).status, 'as for a broken trail');
});

test('what was cut off or emptied stays seen when the service has gone on', async (t) => {
    const { server, key } = await prepared(t);
    const { access } = await login(server.url, key);
    const write = () => callTool(server.url, access, 'create_record', { objectName: 'company', data: { name: 'x' } });
    for (let n = 0; n < 8; n += 1) await write();
    await server.program.stop();
    const file = path.join(server.folder, 'twenty-mcp.db');
    const kept = path.join(memoryFolder(t), 'kept.db');
    copyFileSync(file, kept);
    const changes = {
        'cut off, and the head put right by hand': 'DELETE FROM calls WHERE id > 6; '
            + 'UPDATE call_chain SET last = 6, hash = (SELECT hash FROM calls WHERE id = 6);',
        'emptied, with its head': 'DELETE FROM calls; DELETE FROM call_chain;',
    };
    for (const [what, script] of Object.entries(changes)) {
        copyFileSync(kept, file);
        sqlite(server.folder, script);
        assert.notEqual(verify(server).status, 0, what);
        await server.start();
        await write();
        await server.program.stop();
        const after = verify(server);
        assert.notEqual(after.status, 0, `${what}, then one call more: ${after.said}`);
    }
});
