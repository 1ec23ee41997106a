// supergateway's own process, with the official SDK at its standard input and output.
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { plain } from '../library.mjs';

const bridge = fileURLToPath(
    new URL('../node_modules/supergateway/dist/index.js', import.meta.url));

export async function open({ t, mcp, token }) {
    const client = new Client({ name: 'matrix', version: '1' });
    t.after(() => client.close());
    await client.connect(new StdioClientTransport({
        command: process.execPath,
        args: [bridge, '--streamableHttp', mcp, '--oauth2Bearer', await token(),
            '--logLevel', 'none'],
    }));
    return plain(client);
}
