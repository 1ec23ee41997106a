// Live clients delete a record with and without their person's yes: those that can ask do, the others
// bring a link to the page.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { claudeMissing, loggedInClaudeCode } from './support/claude_code.mjs';
import { fakeBrowser } from './support/fake_browser.mjs';
import { inspect } from './support/inspector.mjs';
import { callTool } from './support/mcp.mjs';
import { login, post } from './support/oauth.mjs';
import { demo, freePort, scratchFolder } from './support/program.mjs';

// A workspace with records to delete, looked at by a connection of its own.
async function scene(t) {
    const server = await demo(t, { TWENTY_MCP_ASK_FLOOR: 'risky' });
    const { access } = await login(server.url, server.key, { mode: 'write' });
    const look = async (name, args) => JSON.parse((await callTool(server.url, access, name, args)).text);
    return {
        server,
        make: async () => (await look('create_record', { objectName: 'company', data: { name: 'Doomed' } })).id,
        isDeleted: async (id) => /delet/i.test(JSON.stringify(await look('get_record', { objectName: 'company', id }))),
        // Any browser, by the API key.
        answer: async (link, answer) => {
            const opened = await fetch(link);
            const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
            const shown = await (await post(link, { api_key: server.key }, { cookie, origin: server.url })).text();
            const ticket = shown.match(/name="ticket" value="([^"]+)"/)?.[1];
            assert.ok(ticket, shown);
            assert.match(shown, /Delete 1 company\?/);
            await post(link, { ticket, answer }, { cookie, origin: server.url });
        },
    };
}
const linkIn = (text) => text.match(/http:\/\/localhost:\d+\/approve\/[\w-]+/)?.[0];

// `remove(id)` has the client call delete_record and gives back all that it was told, as text.
async function withAndWithout({ make, isDeleted, answer }, remove) {
    const kept = await make();
    const link = linkIn(await remove(kept));
    assert.ok(link, 'the answer has a link');
    await answer(link, 'no');
    assert.match(await remove(kept), /declined/);
    assert.ok(!await isDeleted(kept));
    const doomed = await make();
    const second = linkIn(await remove(doomed));
    assert.ok(!await isDeleted(doomed));
    await answer(second, 'yes');
    assert.match(await remove(doomed), /"deleted":\s*true/);
    assert.ok(await isDeleted(doomed));
}

test('the Inspector deletes behind a yes on the page, and not behind a no', async (t) => {
    const it = await scene(t);
    const env = fakeBrowser(t, it.server.key);
    await withAndWithout(it, async (id) => {
        const result = await inspect(it.server.url, env, ['--method', 'tools/call', '--tool-name', 'delete_record',
            '--tool-arg', 'objectName=company', '--tool-arg', `id=${id}`]);
        return result.content[0].text;
    });
});

async function throughRemote(t, server, capabilities = {}) {
    const bridge = fileURLToPath(new URL('node_modules/mcp-remote/dist/proxy.js', import.meta.url));
    const transport = new StdioClientTransport({
        command: process.execPath,
        args: [bridge, `${server.url}/mcp`, String(await freePort()), '--allow-http', '--protocol', 'legacy'],
        env: { ...fakeBrowser(t, server.key), MCP_REMOTE_CONFIG_DIR: path.join(scratchFolder(t), 'mcp-remote') },
        stderr: 'ignore',
    });
    const client = new Client({ name: 'e2e', version: '1' }, { capabilities });
    await client.connect(transport);
    t.after(() => client.close());
    return client;
}

test('mcp-remote brings the link of a client that cannot ask', async (t) => {
    const it = await scene(t);
    const client = await throughRemote(t, it.server);
    await withAndWithout(it, async (id) => {
        const result = await client.callTool({ name: 'delete_record', arguments: { objectName: 'company', id } });
        return result.content[0].text;
    });
});

test('Claude Code in print mode brings the link, and goes on behind a yes', { skip: await claudeMissing() }, async (t) => {
    const it = await scene(t);
    const ask = await loggedInClaudeCode(t, it.server.url, fakeBrowser(t, it.server.key));
    await withAndWithout(it, async (id) => {
        const told = await ask([{ name: 'mcp__twenty__delete_record', input: { objectName: 'company', id } }]);
        return JSON.stringify(told).replaceAll('\\"', '"');
    });
});
