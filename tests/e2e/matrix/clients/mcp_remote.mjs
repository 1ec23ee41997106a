// mcp-remote's own process, with the official SDK at its standard input and output.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { plain } from '../library.mjs';

const bridge = fileURLToPath(new URL('../node_modules/mcp-remote/dist/proxy.js', import.meta.url));

export async function open({ t, mcp, browser, folder, freePort }) {
    const transport = new StdioClientTransport({
        command: process.execPath,
        args: [bridge, mcp, String(await freePort()), '--allow-http'],
        env: { ...browser(), MCP_REMOTE_CONFIG_DIR: path.join(folder(), 'mcp-remote') },
    });
    const client = new Client({ name: 'matrix', version: '1' });
    t.after(() => client.close());
    await client.connect(transport);
    return plain(client);
}
