// What the admin does: the organisation's primer, health, and secrets that stay secret.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { login, refresh } from './support/oauth.mjs';
import { callTool } from './support/mcp.mjs';
import { demo, serverKey, service } from './support/program.mjs';

const adminToken = 'an-admin-token-of-some-length-0123456789';

function admin(base, method, body, headers = {}) {
    return fetch(`${base}/admin/primer`, {
        method, body,
        headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'text/markdown', ...headers },
    });
}

test('the primer that an admin uploads reaches every connection and outlives a restart', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { ADMIN_TOKEN: adminToken });
    const { access } = await login(server.url, key, { mode: 'read' });
    const primer = async () => (await callTool(server.url, access, 'get_primer')).text;
    const bundled = await primer();

    const ours = '# Halcyon\n\nPartners are companies with a signed contract. Ümläut.\n';
    assert.equal((await admin(server.url, 'PUT', ours)).status, 200);
    assert.equal(await (await admin(server.url, 'GET')).text(), ours);
    assert.match(await primer(), /Partners are companies/);
    await server.program.kill();
    await server.start();
    assert.match(await primer(), /Partners are companies/, 'after kill -9');

    assert.ok([200, 204].includes((await admin(server.url, 'DELETE')).status));
    assert.equal(await primer(), bundled);
});

test('an upload that is no primer changes nothing', async (t) => {
    const { workspace } = await demo(t);
    const server = await service(t, workspace, { ADMIN_TOKEN: adminToken });
    assert.equal((await admin(server.url, 'PUT', 'ours')).status, 200);
    const bad = {
        'too large': ['x'.repeat(100_001), {}, 413],
        'not UTF-8': [Uint8Array.from([0x61, 0xff, 0xfe]), {}, 400],
        empty: ['', {}, 400],
        'a wrong token': ['theirs', { authorization: `Bearer ${adminToken}x` }, 401],
        'no token': ['theirs', { authorization: '' }, 401],
        'JSON': ['{}', { 'content-type': 'application/json' }, 415],
    };
    for (const [what, [body, headers, status]] of Object.entries(bad)) {
        assert.equal((await admin(server.url, 'PUT', body, headers)).status, status, what);
    }
    assert.equal(await (await admin(server.url, 'GET')).text(), 'ours');
});

test('without ADMIN_TOKEN the admin addresses are off', async (t) => {
    const { url } = await demo(t);
    for (const method of ['GET', 'PUT', 'DELETE']) {
        const body = method === 'PUT' ? 'x' : undefined;
        assert.equal((await admin(url, method, body)).status, 503, method);
    }
});

test('secrets reach neither the log nor the process list', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, {
        ADMIN_TOKEN: adminToken, TWENTY_MCP_LOG_LEVEL: 'debug',
    });
    const grant = await login(server.url, key);
    await callTool(server.url, grant.access, 'list_objects');
    const renewed = await refresh(server.url, grant.clientId, grant.refresh);
    await admin(server.url, 'GET');
    const { pid } = server.program.process;
    const shown = server.program.output + readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const secrets = [serverKey, adminToken, key, grant.access, grant.refresh,
        renewed.body.access_token, renewed.body.refresh_token];
    for (const secret of secrets) assert.ok(!shown.includes(secret), shown);
    try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        assert.ok(!environment.includes(serverKey) && !environment.includes(adminToken));
    } catch (error) {
        assert.match(error.code, /EACCES|EPERM/, 'or nobody may read it');
    }
    const help = spawnSync(process.env.TWENTY_MCP_BINARY, ['--help'], {
        env: { COOKIE_ENCRYPTION_KEY: serverKey, ADMIN_TOKEN: adminToken }, encoding: 'utf8',
    });
    assert.match(help.stdout, /COOKIE_ENCRYPTION_KEY/);
    assert.ok(!help.stdout.includes(serverKey) && !help.stdout.includes(adminToken));
});
