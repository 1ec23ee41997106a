// mcporter's command line, which is a process for each call.
import { fileURLToPath } from 'node:url';
import { command } from '../command.mjs';

const mcporter = fileURLToPath(new URL('../node_modules/mcporter/dist/cli.js', import.meta.url));

export async function open({ mcp, browser, freePort }) {
    const env = browser();
    const run = async (...args) => (await command(process.execPath, [mcporter, ...args], env)).out;
    // At another address, as every call would have one, it is another client to itself.
    const callback = `http://127.0.0.1:${await freePort()}/callback`;
    await run('config', 'add', 'twenty', mcp, '--allow-http', '--auth', 'oauth',
        '--oauth-redirect-url', callback);
    await run('auth', 'twenty');
    return {
        list: async () => JSON.parse(await run('list', 'twenty', '--json')).tools
            .map(({ name }) => name),
        call: async (name, args) => run('call', `twenty.${name}`, '--args', JSON.stringify(args),
            '--output', 'raw'),
    };
}
