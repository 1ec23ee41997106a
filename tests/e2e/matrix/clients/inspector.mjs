// The MCP Inspector's command line, which is a process for each call.
import { fileURLToPath } from 'node:url';
import { command } from '../command.mjs';
import { text } from '../library.mjs';

const inspector = fileURLToPath(new URL('../node_modules/.bin/mcp-inspector', import.meta.url));

export async function open({ mcp, browser }) {
    const env = {
        ...browser(), MCP_AUTO_OPEN_ENABLED: 'true', MCP_INSPECTOR_SECRET_STORE: 'file',
    };
    const run = async (...args) => JSON.parse((await command(process.execPath, [inspector, '--cli',
        '--server-url', mcp, '--transport', 'http', '--format', 'json', '--method', ...args],
    env)).out).result;
    const list = async () => (await run('tools/list')).tools.map(({ name }) => name);
    await list();
    return {
        list,
        call: async (name, args) => text(await run('tools/call', '--tool-name', name,
            '--tool-args-json', JSON.stringify(args))),
    };
}
