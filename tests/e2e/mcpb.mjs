// The bundle for clients that install a server by a file: made as people make it, taken apart by
// the official tool, and started as its manifest says.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { demo, scratchFolder } from './support/program.mjs';

const script = fileURLToPath(new URL('../../scripts/mcpb', import.meta.url));
const tool = fileURLToPath(new URL('node_modules/@anthropic-ai/mcpb/dist/cli/cli.js',
    import.meta.url));

// What a client makes of the manifest: the folder, and what the person has entered.
function filled(text, folder, entered) {
    return text.replaceAll('${__dirname}', folder)
        .replace(/\$\{user_config\.(\w+)\}/g, (_, name) => String(entered[name]));
}

test('the bundle is valid, holds all that it needs, and keeps to what its person entered',
    async (t) => {
        const folder = scratchFolder(t);
        const bundle = path.join(folder, 'twenty.mcpb');
        execFileSync(script, [bundle, process.env.TWENTY_MCP_BINARY], {
            stdio: 'pipe',
            env: { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env.PATH}` },
        });
        execFileSync(process.execPath, [tool, 'unpack', bundle, path.join(folder, 'it')],
            { stdio: 'pipe' });
        const manifest = JSON.parse(readFileSync(path.join(folder, 'it', 'manifest.json')));
        const { command, args, env } = manifest.server.mcp_config;
        assert.equal(manifest.user_config.api_key.sensitive, true);

        const { workspace, key } = await demo(t);
        for (const readOnly of [false, true]) {
            const entered = { twenty_url: workspace, api_key: key, read_only: readOnly };
            const fill = (text) => filled(text, path.join(folder, 'it'), entered);
            const client = new Client({ name: 'a client of bundles', version: '1' });
            await client.connect(new StdioClientTransport({
                command: fill(command),
                args: args.map(fill),
                env: Object.fromEntries(Object.entries(env).map(([k, v]) => [k, fill(v)])),
            }));
            const { tools } = await client.listTools();
            assert.equal(tools.some(({ name }) => name === 'create_record'), !readOnly);
            const found = await client.callTool({
                name: 'find_records', arguments: { objectName: 'company', limit: 1 },
            });
            assert.equal(found.structuredContent.count, 1);
            await client.close();
        }
    });
