// Backups of a service at work, restored elsewhere; the change of its key; and what is left when any
// of these is killed, finds no room, or is given something else than it expects.
// Usage: backup.mjs CRASH_SERVER, which is the program with a fault_point() that kills.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
    chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync,
    statSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'node:test';
import { initialize, rpc } from './support/mcp.mjs';
import { login, refresh } from './support/oauth.mjs';
import { demo, memoryFolder, Program, scratchFolder, serverKey, service } from './support/program.mjs';

const binary = process.env.TWENTY_MCP_BINARY;
const crashServer = process.argv[2] && path.resolve(process.argv[2]);
const adminToken = 'an-admin-token-of-some-length-0123456789';
const isRoot = process.getuid() === 0;

// {status, stdout, stderr} of one command of the program.
function run(args, env = {}, options = {}) {
    return spawnSync(options.binary ?? binary, args, {
        env: { PATH: process.env.PATH, ...env }, encoding: 'utf8', ...options,
    });
}
function good(args, env, options) {
    const done = run(args, env, options);
    assert.equal(done.status, 0, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
    return done.stdout;
}
function bad(args, env, pattern, options) {
    const done = run(args, env, options);
    assert.ok(done.status === 1 || done.status === 2, `${done.status} ${done.stdout}${done.stderr}`);
    assert.equal(done.stderr.trim().split('\n').length, 1, `one line: ${done.stderr}`);
    assert.match(done.stderr, pattern);
}
const at = (folder) => ({ TWENTY_MCP_DATA_DIR: folder, COOKIE_ENCRYPTION_KEY: serverKey });
const mode = (file) => statSync(file).mode & 0o777;

// How many connections a database has, which must be whole.
function grantsIn(file) {
    const database = new DatabaseSync(file);
    const [{ integrity_check: check }] = database.prepare('PRAGMA integrity_check').all();
    const { n } = database.prepare('SELECT count(*) AS n FROM grants').get();
    database.close();
    assert.equal(check, 'ok');
    return n;
}

async function works(base, access) {
    return (await rpc(base, access, 'initialize', initialize)).status;
}

test('a service at work is backed up, and elsewhere its clients go on or connect again', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { ADMIN_TOKEN: adminToken });
    const folder = scratchFolder(t);
    const quiet = await login(server.url, key);
    const busy = [];
    for (let i = 0; i < 3; i += 1) busy.push(await login(server.url, key));

    let over = false;
    let renewals = 0;
    const load = busy.map(async (one) => {
        while (!over) {
            const { status, body } = await refresh(server.url, one.clientId, one.refresh);
            assert.equal(status, 200, JSON.stringify(body));
            Object.assign(one, { access: body.access_token, refresh: body.refresh_token });
            renewals += 1;
        }
    });
    const file = path.join(folder, 'backup.db');
    for (let i = 0; i < 10; i += 1) {
        const before = renewals;
        while (renewals < before + 5) await new Promise((resume) => { setTimeout(resume, 2); });
        // Not spawnSync(): the load goes on.
        const copying = new Program(['backup', '--force', file], at(server.folder));
        const { code } = await copying.exited;
        assert.equal(code, 0, copying.output);
        assert.match(copying.output, /4 connections/);
        assert.match(copying.output, /COOKIE_ENCRYPTION_KEY is not in it/);
    }
    const since = renewals;
    while (renewals < since + 20) await new Promise((resume) => { setTimeout(resume, 2); });
    over = true;
    await Promise.all(load);
    assert.deepEqual(readdirSync(folder), ['backup.db']);
    assert.equal(mode(file), 0o600);

    // The machine is another one: nothing but the backup and the key came with it.
    const elsewhere = path.join(scratchFolder(t), 'new', 'data');
    const said = good(['restore', file], at(elsewhere));
    assert.match(said, /have to connect again/);
    // Its address is the old one's, or no token would be for it.
    await server.restart({ TWENTY_MCP_DATA_DIR: elsewhere, ADMIN_TOKEN: adminToken });
    assert.equal(await works(server.url, quiet.access), 200);
    const again = await refresh(server.url, quiet.clientId, quiet.refresh);
    assert.equal(again.status, 200, JSON.stringify(again.body));
    for (const one of busy) {
        const answer = await refresh(server.url, one.clientId, one.refresh);
        assert.equal(answer.status, 400);
        assert.equal(answer.body.error, 'invalid_grant');
    }
    assert.ok((await login(server.url, key)).access);
    const audit = await (await fetch(`${server.url}/admin/audit?kind=restored`,
        { headers: { authorization: `Bearer ${adminToken}` } })).json();
    assert.equal(JSON.stringify(audit).match(/a backup with 4 connections/g)?.length, 1,
        JSON.stringify(audit));
});

test('a restore waits for the end of the service, and tells what lives again', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { ADMIN_TOKEN: adminToken });
    const file = path.join(scratchFolder(t), 'b.db');
    const revoked = await login(server.url, key);
    good(['backup', file], at(server.folder));
    bad(['backup', file], at(server.folder), /--force/);
    bad(['restore', file], at(server.folder), /in use by another twenty-mcp/);
    const ended = await fetch(`${server.url}/admin/connections/revoke`, {
        method: 'POST', body: '{"all":true}',
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    });
    assert.equal(ended.status, 200);
    assert.equal(await works(server.url, revoked.access), 401);
    await server.program.stop();

    bad(['restore', file], { ...at(server.folder), COOKIE_ENCRYPTION_KEY: '5d6e'.repeat(16) },
        /another COOKIE_ENCRYPTION_KEY/);
    assert.match(good(['restore', file], at(server.folder)), /1 connection of the backup that ended/);
    await server.start();
    assert.equal(await works(server.url, revoked.access), 200, 'as was said');
    await server.program.stop();
    assert.match(good(['restore', '--end-connections', file], at(server.folder)),
        /1 connection ended/);
    await server.start();
    assert.equal(await works(server.url, revoked.access), 401);
    await server.program.stop();
    assert.match(good(['restore', file], { TWENTY_MCP_DATA_DIR: server.folder,
        CREDENTIALS_DIRECTORY: '/nowhere' }), /nobody has tried/);
});

test('what cannot be a backup or a database is named, in one line', async (t) => {
    const folder = scratchFolder(t);
    const file = path.join(folder, 'b');
    bad(['backup', file], at(path.join(folder, 'none')), /none\/twenty-mcp\.db cannot be read/);
    bad(['backup', '-'], at(folder), /name of a file/);
    bad(['restore', file], at(folder), /No such file/);
    writeFileSync(file, '');
    bad(['restore', file], at(folder), /empty/);
    writeFileSync(file, 'this is a letter, not a database. '.repeat(100));
    bad(['restore', file], at(folder), /not a database/);
    const theirs = new DatabaseSync(path.join(folder, 'theirs'));
    theirs.exec('CREATE TABLE theirs (a)');
    theirs.close();
    bad(['restore', path.join(folder, 'theirs')], at(folder), /another program/);
    assert.ok(!existsSync(path.join(folder, 'twenty-mcp.db')));
    for (const command of ['backup', 'restore']) assert.equal(run([command]).status, 2);
});

// -- Somebody else's database --------------------------------------------------------------------

test("root backs up and restores a database of the service's own user, who goes on", async (t) => {
    if (!isRoot) {
        t.skip('only root can be somebody else');
        return;
    }
    const { workspace, key } = await demo(t);
    const uid = 61234;
    const place = scratchFolder(t);
    chmodSync(place, 0o755);
    const itsBinary = path.join(place, 'twenty-mcp');
    copyFileSync(binary, itsBinary);
    chmodSync(itsBinary, 0o755);
    const folder = path.join(place, 'data');
    mkdirSync(folder, 0o700);
    chownSync(folder, uid, uid);
    const owned = () => {
        for (const name of readdirSync(folder)) {
            const is = statSync(path.join(folder, name));
            assert.equal(is.uid, uid, name);
            assert.equal(is.mode & 0o077, 0, name);
        }
    };
    const server = await service(t, workspace, { TWENTY_MCP_DATA_DIR: folder },
        { binary: itsBinary, uid, gid: uid });
    const grant = await login(server.url, key);
    const file = path.join(place, 'b.db');
    good(['backup', file], at(folder));
    owned();
    await server.program.kill(); // its log stays
    rmSync(path.join(folder, 'twenty-mcp.db-shm'));
    good(['backup', '--force', file], at(folder));
    owned();
    await server.start();
    assert.equal(await works(server.url, grant.access), 200);
    await server.program.stop();
    rmSync(path.join(folder, 'twenty-mcp.lock'));
    good(['backup', '--force', file], at(folder)); // nobody runs
    owned();
    good(['restore', file], at(folder));
    owned();
    await server.start();
    assert.equal(await works(server.url, grant.access), 200);
});

test('the packaged backup needs few rights and keeps the newest copies', async (t) => {
    if (!isRoot || spawnSync('setpriv', ['--version']).status !== 0) {
        t.skip('needs root and setpriv');
        return;
    }
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace);
    await login(server.url, key);
    await server.program.stop();
    for (const name of ['.', ...readdirSync(server.folder)])
        chownSync(path.join(server.folder, name), 61234, 61234);
    const unit = readFileSync(
        new URL('../../packaging/twenty-mcp-backup.service', import.meta.url), 'utf8');
    // As systemd reads them.
    const commands = [...unit.matchAll(/^Exec\w+=\/bin\/sh -c '(.*)'$/gm)].map(([, line]) => line
        .replaceAll('$$', '$').replaceAll('%%', '%').replaceAll('\\\\', '\\')
        .replaceAll('/usr/bin/twenty-mcp', binary));
    assert.equal(commands.length, 2);
    const rights = unit.match(/^CapabilityBoundingSet=(.*)$/m)[1].toLowerCase().split(' ')
        .map((name) => `+${name.replace('cap_', '')}`).join(',');
    const backups = scratchFolder(t);
    const old = ['20200101T000000Z', '20210101T000000Z', '20220101T000000Z']
        .map((when) => `twenty-mcp-${when}.db`);
    for (const name of [...old, 'mine.db']) writeFileSync(path.join(backups, name), '');
    for (const command of commands) {
        const done = spawnSync('setpriv',
            ['--bounding-set', `-all,${rights}`, '/bin/sh', '-c', command], {
                env: { PATH: process.env.PATH, KEEP: '3', STATE_DIRECTORY: backups,
                    TWENTY_MCP_DATA_DIR: server.folder },
                encoding: 'utf8',
            });
        assert.equal(done.status, 0, done.stdout + done.stderr);
    }
    const left = readdirSync(backups).sort();
    assert.deepEqual(left.slice(0, 3), ['mine.db', old[1], old[2]]);
    assert.equal(left.length, 4);
    assert.ok(statSync(path.join(backups, left[3])).size > 10_000);
    for (const name of readdirSync(server.folder))
        assert.equal(statSync(path.join(server.folder, name)).uid, 61234, name);
});

// -- A full disk ---------------------------------------------------------------------------------

test('a full disk ends a backup and a restore with its name, and nothing is lost', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace);
    const grant = await login(server.url, key);
    await server.program.stop();
    const data = server.folder;
    const folder = scratchFolder(t);
    const inside = (size, script) => spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c',
        `mount -t tmpfs -o size=${size},mode=700 none '${folder}' || exit 77; ${script}`, binary],
    { env: { PATH: process.env.PATH, ...at(data), SMALL: folder, DATA: data }, encoding: 'utf8' });
    if (inside('1m', 'true').status !== 0) {
        t.skip('no mount namespaces here');
        return;
    }
    const backup = inside('64k', '"$0" backup "$SMALL/b"; echo "rc=$?"; ls -A "$SMALL"');
    assert.match(backup.stderr, /disk is full/);
    assert.match(backup.stdout, /^rc=1\n$/, 'no file is left');

    const file = path.join(scratchFolder(t), 'b.db');
    good(['backup', file], at(data));
    const size = Math.ceil(statSync(file).size / 1024);
    // There is room for the database alone, and then for one copy of it but not for two.
    for (const room of [1.5, 2.6]) {
        const after = `${file}.after`;
        const restore = inside(`${Math.ceil(size * room)}k`, 'cp "$DATA/twenty-mcp.db" "$SMALL/"; ' +
            `TWENTY_MCP_DATA_DIR=$SMALL "$0" restore '${file}'; echo "rc=$?"; ls -A "$SMALL"; ` +
            `cp "$SMALL/twenty-mcp.db" '${after}'`);
        assert.match(restore.stderr, /disk is full/, restore.stdout);
        assert.deepEqual(restore.stdout.trim().split('\n'),
            ['rc=1', 'twenty-mcp.db', 'twenty-mcp.lock']);
        assert.equal(grantsIn(after), 1);
    }
    await server.start();
    assert.equal(await works(server.url, grant.access), 200);
});

// -- The key -------------------------------------------------------------------------------------

const current = 'COOKIE_ENCRYPTION_KEY';
const previous = 'COOKIE_ENCRYPTION_KEY_PREVIOUS';

function keyFolder(t) {
    const folder = memoryFolder(t);
    writeFileSync(path.join(folder, current), `${serverKey}\n`, { mode: 0o644 });
    chmodSync(folder, 0o755);
    return folder;
}
function keysOf(folder) {
    const read = (name) => {
        const file = path.join(folder, name);
        return existsSync(file) ? readFileSync(file, 'utf8').trim().split(',') : [];
    };
    return { current: read(current), previous: read(previous) };
}

test('a change of the key loses no connection, and closes the files to others', async (t) => {
    const { workspace, key } = await demo(t);
    const keys = keyFolder(t);
    const env = { COOKIE_ENCRYPTION_KEY: '', CREDENTIALS_DIRECTORY: keys, ADMIN_TOKEN: adminToken };
    const server = await service(t, workspace, env);
    const grant = await login(server.url, key);
    const backup = path.join(scratchFolder(t), 'b.db');
    good(['backup', backup], at(server.folder));
    const isDone = async () => (await (await fetch(`${server.url}/admin/keys`,
        { headers: { authorization: `Bearer ${adminToken}` } })).json()).done;
    const rotate = (...args) => good(['rotate-key', '--key-dir', keys, ...args], {});

    const said = rotate();
    assert.match(said, /restart/);
    assert.ok(!said.includes(serverKey));
    const first = keysOf(keys);
    assert.equal(first.current.length, 1);
    assert.match(first.current[0], /^[0-9a-f]{64}$/);
    assert.notEqual(first.current[0], serverKey);
    assert.deepEqual(first.previous, [serverKey]);
    for (const name of [current, previous]) assert.equal(mode(path.join(keys, name)), 0o600);
    assert.equal(mode(keys), 0o750);
    assert.deepEqual(readdirSync(keys).sort(), [current, previous]);

    await server.restart(env);
    assert.equal(await works(server.url, grant.access), 200);
    assert.equal(await isDone(), false);
    rotate();
    const second = keysOf(keys);
    assert.deepEqual(second.previous, [first.current[0], serverKey], 'the newest first');
    await server.restart(env);
    const renewed = await refresh(server.url, grant.clientId, grant.refresh);
    assert.equal(renewed.status, 200);

    bad(['rotate-key', '--finish', '--key-dir', keys], {}, /--yes/);
    assert.deepEqual(keysOf(keys), second);
    rotate('--finish', '--yes');
    assert.deepEqual(keysOf(keys), { current: second.current, previous: [] });
    assert.match(rotate('--finish', '--yes'), /no older keys/);
    await server.restart(env);
    await server.program.stop();
    // The backup from before is of a key that is no more; the operator has kept it.
    const restore = { TWENTY_MCP_DATA_DIR: server.folder, CREDENTIALS_DIRECTORY: keys };
    bad(['restore', backup], restore, /another COOKIE_ENCRYPTION_KEY/);
    good(['restore', backup], { ...restore, COOKIE_ENCRYPTION_KEY_PREVIOUS: serverKey });
});

test('a folder that no rotation can begin with is left as it is', async (t) => {
    const keys = keyFolder(t);
    const file = path.join(keys, current);
    const rotate = ['rotate-key', '--key-dir', keys];
    bad(['rotate-key', '--key-dir', path.join(keys, 'none')], {}, /cannot be opened/);
    assert.equal(run([...rotate, '--yes']).status, 2); // of what?
    for (const [content, pattern] of [['', /not there or empty/], ['short', /64 hexadecimal/],
        [`${serverKey},${'5d6e'.repeat(16)}`, /more than one/]]) {
        writeFileSync(file, content);
        bad(rotate, {}, pattern);
        assert.equal(readFileSync(file, 'utf8'), content);
    }
    writeFileSync(file, serverKey);
    writeFileSync(path.join(keys, previous), 'nonsense');
    bad(rotate, {}, /_PREVIOUS.*64 hexadecimal/);
    rmSync(path.join(keys, previous));
    writeFileSync(path.join(keys, 'twenty-mcp.env'), `A=b\n${current}=${serverKey}\n`);
    bad(rotate, {}, /twenty-mcp\.env sets COOKIE_ENCRYPTION_KEY,/);
    assert.deepEqual(keysOf(keys), { current: [serverKey], previous: [] });
});

test('files that others may read are told at the start', async (t) => {
    const { workspace } = await demo(t);
    const server = await service(t, workspace);
    await server.program.stop();
    assert.doesNotMatch(server.program.output, /open_mode/);
    const file = path.join(server.folder, 'twenty-mcp.db');
    copyFileSync(file, `${file}.before-version-5`);
    chmodSync(`${file}.before-version-5`, 0o644);
    chmodSync(file, 0o640);
    const check = run(['check-config'], { ...at(server.folder), TWENTY_BASE_URL: workspace });
    assert.equal(check.status, 0);
    assert.match(check.stderr, /warning open_mode path=\S+\.db mode=0640 hint="chmod 0600 /);
    await server.start();
    assert.match(server.program.output, /warning open_mode path=\S+\.db mode=0640/);
    assert.match(server.program.output, /open_mode path=\S+\.before-version-5 mode=0644/);
    assert.equal(mode(file), 0o600, 'the database is closed by the way');
});

// -- Deaths --------------------------------------------------------------------------------------

const points = (step) => readFileSync(new URL('../support/fault_points.txt', import.meta.url), 'utf8')
    .split('\n').map((line) => line.split(/ +/))
    .filter(([, room, , ...steps]) => room === 'command' && steps.includes(step))
    .map(([point]) => point);

// Runs the command once for each time that it passes a point, and kills it there.
function deaths(t, step, args, env, begin, check) {
    const file = path.join(memoryFolder(t), 'fault');
    let count = 0;
    for (const point of points(step)) {
        for (let passing = 1; ; passing += 1) {
            const it = begin();
            writeFileSync(file, `${point} ${passing}\n`);
            const done = run(args(it), { ...env(it), FAULT_POINT_FILE: file }, { binary: crashServer });
            if (done.signal !== 'SIGKILL') {
                assert.equal(done.status, 0, done.stderr);
                assert.ok(passing > 1, `${step} comes to ${point}`);
                break;
            }
            count += 1;
            check(it, `${step} dies at ${point}, ${passing}`);
        }
    }
    t.diagnostic(`${step}: ${count} deaths`);
}

test('a change of the key that dies anywhere has lost no key, and goes on when it is begun again', (t) => {
    const others = '5d6e'.repeat(16);
    const begin = () => {
        const folder = keyFolder(t);
        writeFileSync(path.join(folder, previous), others);
        return folder;
    };
    const args = (folder) => ['rotate-key', '--key-dir', folder];
    deaths(t, 'rotate_key', args, () => ({}), begin, (folder, where) => {
        const left = keysOf(folder);
        const all = [...left.current, ...left.previous];
        assert.ok(all.includes(serverKey) && all.includes(others), where);
        assert.equal(left.current.length, 1, where);
        good(args(folder), {});
        const after = keysOf(folder);
        assert.ok(after.previous.includes(serverKey) && after.previous.includes(others), where);
        assert.equal(new Set([...after.previous, ...after.current]).size,
            after.previous.length + 1, `none twice: ${where}`);
        assert.ok(after.previous.includes(left.current[0]), where);
        for (const name of readdirSync(folder)) {
            assert.ok([current, previous].includes(name), `${name} is left: ${where}`);
            assert.equal(mode(path.join(folder, name)), 0o600, where);
        }
    });
    deaths(t, 'finish_key', (folder) => [...args(folder), '--finish', '--yes'], () => ({}), begin,
        (folder, where) => assert.deepEqual(keysOf(folder).current, [serverKey], where));
});

test('a backup and a restore that die anywhere leave what was there or what should be', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace);
    await login(server.url, key);
    const source = path.join(scratchFolder(t), 'b.db');
    good(['backup', source], at(server.folder));
    const later = await login(server.url, key);
    await server.program.kill(); // what came later is in the log
    const place = memoryFolder(t);
    let count = 0;
    const begin = () => {
        const folder = path.join(place, String(count += 1));
        mkdirSync(folder, 0o700);
        for (const name of readdirSync(server.folder))
            copyFileSync(path.join(server.folder, name), path.join(folder, name));
        return folder;
    };
    const target = (folder) => path.join(folder, 'copy');
    deaths(t, 'backup', (folder) => ['backup', target(folder)], at, begin, (folder, where) => {
        if (existsSync(target(folder))) assert.equal(grantsIn(target(folder)), 2, where);
        good(['backup', '--force', target(folder)], at(folder));
        assert.equal(grantsIn(target(folder)), 2, where);
        assert.ok(!existsSync(`${target(folder)}.partial`), where);
    });
    const left = new Set();
    deaths(t, 'restore', () => ['restore', source], at, begin, (folder, where) => {
        const file = path.join(folder, 'twenty-mcp.db');
        left.add(grantsIn(file));
        good(['restore', source], at(folder));
        assert.equal(grantsIn(file), 1, where);
        const kept = readdirSync(folder).filter((name) => /before-restore-[^.]*$/.test(name));
        assert.ok(kept.some((name) => grantsIn(path.join(folder, name)) === 2), where);
        rmSync(folder, { recursive: true });
    });
    assert.deepEqual([...left].sort(), [1, 2], 'the new one, or the old one with its log');
    await server.start();
    assert.equal(await works(server.url, later.access), 200);
});
