// What real clients and the server say to each other, word for word, from registration to the
// end of the session. The transcripts in tests/golden/wire/ are kept; a change in one is a change
// that clients see. UPDATE=1 writes them anew.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { claudeMissing, claudeVersion, useClaudeCode } from './support/claude_code.mjs';
import { fakeBrowser } from './support/fake_browser.mjs';
import { inspect } from './support/inspector.mjs';
import { demo, freePort, scratchFolder, service } from './support/program.mjs';
import { recorder } from './support/recorder.mjs';
import { connect, Person } from './support/sdk.mjs';
import { connect2 } from './support/sdk2.mjs';
import { compare, transcript } from './support/transcript.mjs';

const read = { name: 'find_records', arguments: { objectName: 'company', limit: 2 } };
const write = { name: 'create_record', arguments: { objectName: 'company', data: { name: 'Wire' } } };
const primer = { uri: 'twenty://primer' };

function version(name) {
    const file = new URL(`node_modules/${name}/package.json`, import.meta.url);
    return `${name} ${JSON.parse(readFileSync(fileURLToPath(file), 'utf8')).version}`;
}

// A server behind a recording proxy; drive(url, key) is a client's whole life.
async function pinned(t, name, about, drive) {
    const { workspace, key } = await demo(t);
    const recording = await recorder(t);
    const server = await service(t, workspace, { PUBLIC_URL: recording.url });
    recording.target = new URL(server.url).port;
    await drive(recording.url, key);
    compare(name, transcript(about, recording));
}

async function useAll(client) {
    await client.listTools();
    for (const call of [read, write]) {
        const result = await client.callTool(call);
        assert.ok(!result.isError, JSON.stringify(result));
    }
    assert.ok((await client.readResource(primer)).contents[0].text);
}

test('the dialogue with the official SDK 1.x is as kept', (t) => pinned(t, 'sdk-1',
    { client: version('@modelcontextprotocol/sdk') },
    async (url, key) => {
        const { client, transport } = await connect(t, url, new Person(key));
        await useAll(client);
        await transport.terminateSession();
        await client.close();
    }));

for (const [name, mode] of [
    ['sdk-2-legacy', 'legacy'], ['sdk-2-auto', 'auto'], ['sdk-2-pinned', { pin: '2026-07-28' }],
]) {
    test(`the dialogue with the official SDK 2.x is as kept (${name})`, (t) => pinned(t, name,
        { client: version('@modelcontextprotocol/client'), mode },
        async (url, key) => {
            const { client, transport } = await connect2(t, url, new Person(key), mode);
            await useAll(client);
            await transport.terminateSession();
            await client.close();
        }));
}

for (const protocol of ['legacy', 'auto']) {
    test(`the dialogue with mcp-remote is as kept (${protocol})`, (t) => pinned(t,
        `mcp-remote-${protocol}`, { client: version('mcp-remote'), protocol },
        async (url, key) => {
            const transport = new StdioClientTransport({
                command: process.execPath,
                args: [fileURLToPath(new URL('node_modules/mcp-remote/dist/proxy.js', import.meta.url)),
                    `${url}/mcp`, String(await freePort()), '--allow-http', '--protocol', protocol],
                env: {
                    ...fakeBrowser(t, key),
                    MCP_REMOTE_CONFIG_DIR: path.join(scratchFolder(t), 'mcp-remote'),
                },
                stderr: 'ignore',
            });
            const client = new Client({ name: 'e2e', version: '1' });
            await client.connect(transport);
            await useAll(client);
            await client.close();
        }));
}

for (const era of ['legacy', 'modern']) {
    test(`the dialogue with the Inspector is as kept (${era})`, (t) => pinned(t,
        `inspector-${era}`, { client: version('@modelcontextprotocol/inspector'), era },
        async (url, key) => {
            const env = fakeBrowser(t, key);
            const run = (...args) => inspect(url, env, ['--protocol-era', era, ...args]);
            await run('--method', 'tools/list');
            await run('--method', 'tools/call', '--tool-name', read.name,
                '--tool-args-json', JSON.stringify(read.arguments));
            await run('--method', 'tools/call', '--tool-name', write.name,
                '--tool-args-json', JSON.stringify(write.arguments));
            await run('--method', 'resources/read', '--uri', primer.uri);
        }));
}

test('the dialogue with Claude Code is as kept', { skip: await claudeMissing() }, (t) => pinned(t,
    'claude-code', { client: `@anthropic-ai/claude-code ${claudeVersion}` },
    async (url, key) => {
        const calls = [read, write].map((call) => ({
            name: `mcp__twenty__${call.name}`, input: call.arguments,
        }));
        const told = await useClaudeCode(t, url, fakeBrowser(t, key), [
            ...calls, { name: 'ReadMcpResourceTool', input: { server: 'twenty', ...primer } },
        ]);
        assert.equal(told.length, 3, 'the model was told three results');
        for (const result of told) assert.ok(!result.is_error, JSON.stringify(result));
    }));
