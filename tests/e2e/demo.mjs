// The demo is a program of its own: `twenty-mcp demo` finds it, it takes the service's settings,
// and the service holds nothing of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { callTool } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { answers, demo, freePort, Program, scratchFolder, serverKey, until } from './support/program.mjs';

const service = process.env.TWENTY_MCP_BINARY;
const demoProgram = path.join(path.dirname(service), 'twenty-mcp-demo');
const adminToken = 'an-admin-token-of-some-length-0123456789';

function run(program, args, env) {
    return spawnSync(program, args, { env, encoding: 'utf8', timeout: 30_000 });
}

function oneLine(done) {
    const lines = done.stderr.trim().split('\n');
    assert.equal(lines.length, 1, done.stderr);
    return lines[0];
}

function aloneIn(folder) {
    const alone = path.join(folder, 'twenty-mcp');
    copyFileSync(service, alone);
    return alone;
}

test('without the demo installed, the command says so in one line', (t) => {
    const folder = scratchFolder(t);
    const done = run(aloneIn(folder), ['demo'], { PATH: folder });
    assert.equal(done.status, 1, done.stderr);
    assert.match(oneLine(done), /^twenty-mcp: the demo is not installed.*twenty-mcp-demo/);
    assert.equal(done.stdout, '');
});

test('a demo that is not beside the service is found on the PATH', (t) => {
    const installed = scratchFolder(t);
    symlinkSync(demoProgram, path.join(installed, 'twenty-mcp-demo'));
    const done = run(aloneIn(scratchFolder(t)), ['demo', '--version'], { PATH: installed });
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stdout, /^twenty-mcp-demo \d/);
});

test('what follows the word demo is the command line of the demo', () => {
    const help = run(service, ['demo', '--help'], {});
    assert.equal(help.status, 0);
    assert.equal(help.stdout, run(demoProgram, ['--help'], {}).stdout);
    for (const word of ['--workspace-only', 'TWENTY_MCP_DATA_DIR', 'ADMIN_TOKEN'])
        assert.ok(help.stdout.includes(word), word);
    assert.ok(!help.stdout.includes('  TWENTY_BASE_URL'), 'it brings its own');
    assert.equal(run(service, ['demo', '--no-such-option'], {}).status, 2);
});

test('the service holds no part of the sample workspace', () => {
    const sample = 'Halcyon Orbital';
    assert.ok(readFileSync(demoProgram).includes(sample));
    assert.ok(!readFileSync(service).includes(sample));
});

test('the demo listens where it is told and names the address that people use', async (t) => {
    const port = await freePort();
    const program = new Program(['demo'], {
        TWENTY_MCP_LISTEN: `127.0.0.2:${port}`, PUBLIC_URL: 'https://demo.example.com',
        TWENTY_MCP_ALLOWED_HOSTS: `127.0.0.2:${port}`, TWENTY_BASE_URL: 'https://crm.example.com',
    });
    t.after(() => program.stop());
    const url = `http://127.0.0.2:${port}`;
    await program.until(() => answers(`${url}/readyz`));
    const metadata = await (await fetch(`${url}/.well-known/oauth-authorization-server`)).json();
    assert.equal(metadata.issuer, 'https://demo.example.com');
    await program.until((output) => output.includes('https://demo.example.com/mcp'));
    await until(() => /setting_not_used name=TWENTY_BASE_URL/.test(program.output), 'the warning', 10);
});

test('ADMIN_TOKEN opens the admin addresses of a demo', async (t) => {
    const { url } = await demo(t, { ADMIN_TOKEN: adminToken });
    const asked = (token) => fetch(`${url}/admin/keys`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await asked(adminToken)).status, 200);
    assert.equal((await asked(`${adminToken}x`)).status, 401);
});

test('a demo with a data folder keeps its connections over a restart', async (t) => {
    const env = { TWENTY_MCP_DATA_DIR: scratchFolder(t), COOKIE_ENCRYPTION_KEY: serverKey };
    const first = await demo(t, env);
    const { access } = await login(first.url, first.key);
    await first.program.stop();
    const second = new Program(['demo', '--port', new URL(first.url).port], env);
    t.after(() => second.stop());
    await second.until(() => answers(`${first.url}/readyz`));
    const found = await callTool(first.url, access, 'list_objects');
    assert.match(found.text, /company/);
});

test('a demo in memory writes no file', async (t) => {
    const folder = scratchFolder(t);
    const port = await freePort();
    const program = new Program(['demo', '--port', String(port)], {}, { cwd: folder });
    await program.until(() => answers(`http://localhost:${port}/readyz`));
    await program.stop();
    assert.deepEqual(spawnSync('ls', ['-A', folder], { encoding: 'utf8' }).stdout, '');
});

test('a wrong setting ends the demo with the words of the service', () => {
    const good = { TWENTY_BASE_URL: 'http://127.0.0.1:9', COOKIE_ENCRYPTION_KEY: serverKey };
    const bad = {
        ADMIN_TOKEN: 'short', COOKIE_ENCRYPTION_KEY: 'z'.repeat(64), PUBLIC_URL: 'javascript:1',
        TWENTY_MCP_LISTEN: '0.0.0.0:8787', TWENTY_MCP_LOG_LEVEL: 'loud', TWENTY_MCP_LISTENN: '1',
        TWENTY_MCP_DATA_DIR: '/proc/nowhere',
    };
    for (const [name, value] of Object.entries(bad)) {
        const env = { ...good, [name]: value };
        const expected = run(service, ['serve'], env);
        const done = run(service, ['demo'], env);
        assert.equal(done.status, expected.status, name);
        assert.equal(done.status, 2, name);
        assert.equal(oneLine(done).replace('twenty-mcp-demo: ', 'twenty-mcp: '), oneLine(expected));
    }
    const keyless = run(service, ['demo'], { TWENTY_MCP_DATA_DIR: '/tmp/not-made' });
    assert.match(oneLine(keyless), /COOKIE_ENCRYPTION_KEY is not set.*example/);
});
