// mcpc's command line; a process of its own keeps the session between the calls.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from '../command.mjs';

const mcpc = fileURLToPath(new URL('../node_modules/@apify/mcpc/bin/mcpc', import.meta.url));
const clock = new URL('../clock.mjs', import.meta.url).href;

export async function open({ t, mcp, browser }) {
    const env = browser();
    env.NODE_OPTIONS = `--import=${clock}`;
    env.MATRIX_CLOCK = path.join(env.HOME, 'an hour later');
    const run = async (...args) => JSON.parse(
        (await command(process.execPath, [mcpc, '--json', ...args], env)).out);
    await run('login', mcp);
    await run('connect', mcp, '@twenty');
    t.after(() => run('close', '@twenty'));
    return {
        list: async () => (await run('@twenty', 'tools-list')).map(({ name }) => name),
        call: async (name, args) => JSON.stringify(
            await run('@twenty', 'tools-call', name, JSON.stringify(args))),
        expire: () => writeFileSync(env.MATRIX_CLOCK, ''),
    };
}
