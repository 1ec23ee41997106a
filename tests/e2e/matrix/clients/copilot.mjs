// GitHub Copilot's command line; its model is a script. A process for each call.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, terminal } from '../command.mjs';
import { openaiModel } from '../openai_model.mjs';

const copilot = fileURLToPath(new URL(
    `../node_modules/@github/copilot-linux-${process.arch}/copilot`, import.meta.url));

// It refreshes by the clock, and no file that is loaded into it can change that clock.
function expire(folder) {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.tokens.json'))) {
        const file = path.join(folder, name);
        const tokens = JSON.parse(readFileSync(file, 'utf8'));
        writeFileSync(file, JSON.stringify({ ...tokens, expiresAt: 1 }));
    }
}

export async function open({ t, mcp, browser }) {
    const model = await openaiModel(t);
    const env = {
        ...browser(), COPILOT_PROVIDER_BASE_URL: model.url, COPILOT_MODEL: 'scripted',
        COPILOT_PROVIDER_API_KEY: 'none', COPILOT_OFFLINE: 'true', DISPLAY: ':0',
    };
    mkdirSync(path.join(env.HOME, '.copilot'));
    writeFileSync(path.join(env.HOME, '.copilot', 'mcp-config.json'), JSON.stringify({
        mcpServers: { twenty: { type: 'http', url: mcp, tools: ['*'] } },
    }));
    const turn = () => command(copilot, ['-p', 'Begin.', '--allow-all-tools'], env);
    // Where somebody sits before it, it opens the browser by itself. It keeps which tools there
    // are: what it knows of them when it starts is what it offers.
    const tools = path.join(env.HOME, '.cache', 'copilot', 'mcp-tools');
    await model.tools(() => terminal(copilot, [], env, [[4000, '1'], [4500, '\r']],
        () => existsSync(tools)));
    return {
        list: () => model.tools(turn),
        call: (name, args) => model.ask(turn, name, args),
        expire: () => expire(path.join(env.HOME, '.copilot', 'mcp-oauth-config')),
    };
}
