// Configurations and databases that cannot work end the start with one line that says why; a
// disk that fills up while running loses nothing that was confirmed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { login } from './support/oauth.mjs';
import { rpc } from './support/mcp.mjs';
import { demo, freePort, Program, scratchFolder, serverKey, service } from './support/program.mjs';

const good = { TWENTY_BASE_URL: 'http://127.0.0.1:9', COOKIE_ENCRYPTION_KEY: serverKey };

// Starts `serve`, which must end by itself with one line on stderr.
async function refusedStart(env, options = {}) {
    const listen = `127.0.0.1:${await freePort()}`;
    const program = new Program(['serve'], { TWENTY_MCP_LISTEN: listen, ...env }, options);
    const { code } = await program.exited;
    assert.notEqual(code, 0, program.output);
    assert.ok(code > 0 && code < 126, `a plain exit, not ${code}`);
    const last = program.output.trim().split('\n');
    assert.equal(last.length, 1, `one line: ${program.output}`);
    return last[0];
}

test('a bad setting ends the start with its name, the reason and an example', async (t) => {
    const data = { TWENTY_MCP_DATA_DIR: scratchFolder(t) };
    const bad = {
        TWENTY_BASE_URL: ['', 'crm.example.com', 'ftp://crm.example.com', 'http://'],
        COOKIE_ENCRYPTION_KEY: ['', 'short', 'z'.repeat(64), '4b'.repeat(31)],
        PUBLIC_URL: ['mcp.example.com', 'https://mcp.example.com/path?x', 'javascript:1'],
        TWENTY_MCP_LISTEN: ['nonsense', '127.0.0.1:99999', '127.0.0.1:0', '0.0.0.0:8787'],
        TWENTY_MCP_TRUSTED_PROXIES: ['proxy.example.com'],
        TWENTY_MCP_CA_FILE: ['/nowhere.pem', import.meta.filename],
        ADMIN_TOKEN: ['short', 'with a blank, which no header carries'],
        TWENTY_MCP_NO_SUCH_SETTING: ['1'],
    };
    for (const [name, values] of Object.entries(bad)) {
        for (const value of values) {
            const line = await refusedStart({ ...good, ...data, [name]: value });
            // Bound to the world without PUBLIC_URL: that one is to blame.
            assert.match(line, value === '0.0.0.0:8787' ? /PUBLIC_URL/ : new RegExp(name));
            assert.ok(!line.includes('z'.repeat(64)), 'a secret is not shown');
        }
    }
});

test('a port that is taken is named', async (t) => {
    const { workspace } = await demo(t);
    const first = await service(t, workspace);
    const { port } = new URL(first.url);
    const line = await refusedStart({
        ...good, TWENTY_MCP_LISTEN: `127.0.0.1:${port}`, TWENTY_MCP_DATA_DIR: scratchFolder(t),
    });
    assert.match(line, new RegExp(port));
});

async function filledDatabase(t) {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace);
    const grant = await login(server.url, key);
    await server.program.stop();
    const file = readdirSync(server.folder).find((name) => /\.(db|sqlite3?)$/.test(name));
    assert.ok(file, `a database file in ${readdirSync(server.folder)}`);
    return { server, grant, workspace, key, file: path.join(server.folder, file) };
}

test('a database of a newer version, of another key, or that is none is left untouched', async (t) => {
    const { DatabaseSync } = await import('node:sqlite');
    const { server, file } = await filledDatabase(t);
    const env = { ...good, TWENTY_MCP_DATA_DIR: server.folder };

    assert.match(await refusedStart({ ...env, COOKIE_ENCRYPTION_KEY: '5d6e'.repeat(16) }),
        /COOKIE_ENCRYPTION_KEY/);

    const database = new DatabaseSync(file);
    const { user_version: version } = database.prepare('PRAGMA user_version').get();
    database.exec('PRAGMA user_version = 999');
    database.close();
    assert.ok(version > 0);
    const line = await refusedStart(env);
    assert.match(line, /newer|version/i);
    assert.ok(line.includes(path.basename(file)), line);
    const again = new DatabaseSync(file);
    assert.equal(again.prepare('PRAGMA user_version').get().user_version, 999);
    again.close();

    writeFileSync(file, 'this is a letter, not a database. '.repeat(100));
    assert.match(await refusedStart(env), /database/i);
});

test('a data folder that cannot be written is named', async (t) => {
    const { server } = await filledDatabase(t);
    const folder = scratchFolder(t);
    chmodSync(folder, 0o755);
    const binary = path.join(folder, 'twenty-mcp');
    copyFileSync(process.env.TWENTY_MCP_BINARY, binary);
    chmodSync(binary, 0o755);
    for (const name of readdirSync(server.folder)) chmodSync(path.join(server.folder, name), 0o444);
    chmodSync(server.folder, 0o555);
    // Permissions do not stop root, so root starts the program as nobody.
    const somebody = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
    const line = await refusedStart({ ...good, TWENTY_MCP_DATA_DIR: server.folder },
        { binary, ...somebody });
    assert.match(line, /read-only|not writable|cannot be written|permission/i);
    assert.ok(line.includes(server.folder), line);
});

test('a data folder that others may enter, or that is in use, is refused', async (t) => {
    const { workspace } = await demo(t);
    const server = await service(t, workspace);
    const env = { ...good, TWENTY_MCP_DATA_DIR: server.folder };
    assert.match(await refusedStart(env), /in use by another twenty-mcp/);
    await server.program.kill(); // no lock outlives its process
    await server.start();
    await server.program.stop();
    chmodSync(server.folder, 0o750);
    assert.match(await refusedStart(env), /open to other users.*chmod 700/);
    const check = spawnSync(process.env.TWENTY_MCP_BINARY, ['check-config'],
        { env, encoding: 'utf8' });
    assert.equal(check.status, 2, check.stdout);
    assert.match(check.stderr, /chmod 700/);
});

test('a full disk refuses new connections and keeps the old ones', async (t) => {
    const { workspace, key } = await demo(t);
    const folder = scratchFolder(t);
    const inNamespace = ['--map-root-user', '--mount', 'sh', '-c'];
    const mount = `mount -t tmpfs -o size=8m,mode=700 none '${folder}'`;
    if (spawnSync('unshare', [...inNamespace, mount]).status !== 0) {
        t.skip('no mount namespaces here');
        return;
    }
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const program = new Program([...inNamespace, `${mount} && exec "$0" serve`,
        process.env.TWENTY_MCP_BINARY], {
        TWENTY_BASE_URL: workspace, COOKIE_ENCRYPTION_KEY: serverKey,
        TWENTY_MCP_LISTEN: `127.0.0.1:${port}`, TWENTY_MCP_DATA_DIR: folder,
    }, { binary: 'unshare' });
    t.after(() => program.stop());
    const ready = () => fetch(`${url}/readyz`).then((r) => r.ok, () => false);
    await program.until(ready);
    const grant = await login(url, key);

    // The disk as the program sees it.
    const filler = path.join('/proc', String(program.process.pid), 'root', folder, 'filler');
    assert.throws(() => writeFileSync(filler, Buffer.alloc(16_000_000)), /ENOSPC/);
    assert.ok(!await ready(), 'said before it hurts');
    let refused = 0;
    for (let i = 0; i < 40 && refused < 3; i += 1) {
        await login(url, key).catch((error) => {
            refused += 1;
            assert.ok(!/ECONNREFUSED|socket/.test(String(error.cause)), `the server lives: ${error}`);
        });
    }
    assert.ok(refused > 0, 'a full disk is noticed');
    const works = async (what) => {
        const answer = await rpc(url, grant.access, 'tools/list');
        assert.equal(answer.status, 200, `${what}: ${answer.text}`);
    };
    await works('an old connection on a full disk');
    rmSync(filler);
    assert.ok(await ready());
    assert.ok((await login(url, key)).access, 'well again once there is room');
    await works('an old connection afterwards');
});
