// mcp-remote is how clients that only speak stdio (older Claude Desktop among them) reach us.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { fakeBrowser } from './support/fake_browser.mjs';
import { demo, freePort, scratchFolder } from './support/program.mjs';

const bridge = fileURLToPath(new URL('node_modules/mcp-remote/dist/proxy.js', import.meta.url));

for (const protocol of ['legacy', 'auto']) {
    test(`mcp-remote logs in and calls tools (protocol ${protocol})`, async (t) => {
        const server = await demo(t);
        const port = await freePort();
        const transport = new StdioClientTransport({
            command: process.execPath,
            args: [bridge, `${server.url}/mcp`, String(port), '--allow-http',
                '--protocol', protocol],
            env: {
                ...fakeBrowser(t, server.key),
                MCP_REMOTE_CONFIG_DIR: path.join(scratchFolder(t), 'mcp-remote'),
            },
            stderr: 'pipe',
        });
        let log = '';
        transport.stderr.on('data', (chunk) => { log += chunk; });
        const client = new Client({ name: 'e2e', version: '1' });
        try {
            await client.connect(transport);
            const { tools } = await client.listTools();
            assert.ok(tools.some((tool) => tool.name === 'create_record'), 'write tools are listed');
            const result = await client.callTool({
                name: 'find_records', arguments: { objectName: 'person', limit: 3 },
            });
            assert.ok(!result.isError, JSON.stringify(result));
            assert.ok(result.content[0].text.length > 20, 'records came back');
        } catch (error) {
            error.message += `\nmcp-remote said:\n${log}`;
            throw error;
        } finally {
            await client.close();
        }
    });
}
