// `twenty-mcp check-config`: every wrong setting at once, the settings of the installed service, and a
// question to Twenty.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { workspaceProcess } from './support/observed.mjs';
import { freePort, scratchFolder, serverKey } from './support/program.mjs';

const binary = process.env.TWENTY_MCP_BINARY;
const outcome = (run) => ({ status: run.status, said: `${run.stdout}${run.stderr}` });

// The command does not stop this process, which may be Twenty.
async function check(env, ...args) {
    const run = spawn(binary, ['check-config', ...args], { env });
    let said = '';
    for (const stream of [run.stdout, run.stderr]) stream.on('data', (chunk) => { said += chunk; });
    const [status] = await once(run, 'close');
    return { status, said };
}

const good = (t, url = 'http://127.0.0.1:9') => ({
    TWENTY_BASE_URL: url, COOKIE_ENCRYPTION_KEY: serverKey, TWENTY_MCP_DATA_DIR: path.join(scratchFolder(t), 'data'),
});

test('all faults are told at once, and no secret', async (t) => {
    const wrong = {
        TWENTY_BASE_URL: 'ftp://crm.example.com', COOKIE_ENCRYPTION_KEY: 'zz'.repeat(16), ADMIN_TOKEN: 'shortish-secret',
        PUBLIC_URL: 'mcp.example.com', TWENTY_MCP_LISTEN: '127.0.0.1:99999', TWENTY_MCP_LOG_LEVEL: 'loud',
        TWENTY_MCP_LOG_FORMAT: 'xml', TWENTY_MCP_SLOW_CALL_MS: '60001', TWENTY_MCP_AUDIT_DAYS: '0', TWENTY_MCP_AUDIT_CALLS: '1',
        TWENTY_MCP_JOURNAL_DAYS: '367', TWENTY_MCP_JOURNAL_MB: '0',
        TWENTY_MCP_METRICS_LISTEN: 'metrics', TWENTY_MCP_MAX_CONNECTIONS: '1', TWENTY_MCP_TYPO: '1',
    };
    const { status, said } = await check({ ...good(t), ...wrong });
    assert.equal(status, 2);
    for (const name of Object.keys(wrong)) assert.match(said, new RegExp(`^twenty-mcp: .*${name}`, 'm'), name);
    for (const name of ['COOKIE_ENCRYPTION_KEY', 'ADMIN_TOKEN']) assert.ok(!said.includes(wrong[name]), name);
    const missing = await check({});
    assert.equal(missing.status, 2);
    for (const name of ['TWENTY_BASE_URL', 'COOKIE_ENCRYPTION_KEY']) assert.ok(missing.said.includes(name), missing.said);
});

test('--probe asks Twenty: one that is there, one that is not, and a page that is none', async (t) => {
    const workspace = await workspaceProcess(t);
    const there = await check(good(t, workspace.url), '--probe');
    assert.deepEqual([there.status, /Twenty answers at http:\/\/127\.0\.0\.1:\d+ in \d+ ms/.test(there.said)], [0, true], there.said);
    const nobody = await check(good(t, `http://127.0.0.1:${await freePort()}`), '--probe');
    assert.equal(nobody.status, 1, nobody.said);
    assert.match(nobody.said, /Connection refused/);
    await workspace.kill();
    for (const [status, body] of [[200, '<h1>Welcome to nginx</h1>'], [404, 'nothing here'], [302, ''], [200, '{"ok":true}']]) {
        const page = http.createServer((_, response) => response.writeHead(status,
            { 'content-type': 'text/html', ...(status === 302 && { location: '/login' }) }).end(body));
        page.listen(0, '127.0.0.1');
        await once(page, 'listening');
        const none = await check(good(t, `http://127.0.0.1:${page.address().port}`), '--probe');
        page.close();
        page.closeAllConnections();
        assert.equal(none.status, 1, `${status} ${body}: ${none.said}`);
        assert.match(none.said, /not as a Twenty server/);
    }
    const name = await check(good(t, 'http://no-such-host.invalid'), '--probe');
    assert.equal(name.status, 1);
    assert.match(name.said, /cannot be resolved|did not answer/);
});

test('--service reads what the unit gives the service, and not this environment', (t) => {
    const folder = scratchFolder(t);
    const shell = `mkdir -p /etc/twenty-mcp && mount --bind '${folder}' /etc/twenty-mcp && exec "$0" check-config --service`;
    if (process.getuid() !== 0) return t.skip('needs root');
    // /etc is a copy in memory: nothing of this machine is written.
    const own = `mkdir '${folder}-etc' && cp -a /etc/passwd /etc/group /etc/ssl '${folder}-etc'/ && mount --bind '${folder}-etc' /etc && ${shell}`;
    t.after(() => spawnSync('rm', ['-rf', `${folder}-etc`]));
    const run = (env = {}) => {
        spawnSync('rm', ['-rf', `${folder}-etc`]);
        return outcome(spawnSync('unshare', ['--mount', 'sh', '-c', own, binary], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } }));
    };
    if (spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status !== 0) return t.skip('no mount namespaces here');

    const data = path.join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    const settings = (lines) => writeFileSync(path.join(folder, 'twenty-mcp.env'), lines, { mode: 0o600 });
    for (const [name, value] of [['COOKIE_ENCRYPTION_KEY', serverKey], ['ADMIN_TOKEN', 'an-admin-token-of-some-length-0123456789']])
        writeFileSync(path.join(folder, name), `${value}\n`, { mode: 0o600 });
    chmodSync(folder, 0o750);
    settings(`# Made for a test\n; too\nTWENTY_BASE_URL="https://crm.example.com"\nPUBLIC_URL='https://mcp.example.com'\n\nTWENTY_MCP_DATA_DIR=${data}\n`);
    const fine = run({ TWENTY_BASE_URL: 'ftp://of-this-shell', COOKIE_ENCRYPTION_KEY: 'zz', PUBLIC_URL: 'x' });
    assert.equal(fine.status, 0, fine.said);
    assert.match(fine.said, /https:\/\/crm\.example\.com/);
    assert.match(fine.said, /https:\/\/mcp\.example\.com/);
    assert.ok(!fine.said.includes(serverKey) && !fine.said.includes('of-this-shell'), fine.said);

    settings('TWENTY_BASE_URL=crm.example.com\nTWENTY_MCP_LISTEN=nowhere\nTWENTY_MCP_SPEED=high\n');
    const wrong = run();
    assert.equal(wrong.status, 2, wrong.said);
    for (const name of ['TWENTY_BASE_URL', 'TWENTY_MCP_LISTEN', 'TWENTY_MCP_SPEED']) assert.match(wrong.said, new RegExp(name));
    spawnSync('rm', [path.join(folder, 'twenty-mcp.env')]);
    const none = run();
    assert.notEqual(none.status, 0);
    assert.match(none.said, /the settings of the service cannot be read: .*twenty-mcp\.env/);
    return undefined;
});
