// Qwen Code's program; its model is a script. A process for each call.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, terminal } from '../command.mjs';
import { openaiModel } from '../openai_model.mjs';

const qwen = fileURLToPath(new URL('../node_modules/@qwen-code/qwen-code/cli-entry.js',
    import.meta.url));

export async function open({ t, mcp, browser, gate }) {
    const model = await openaiModel(t);
    const env = {
        ...browser(), OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted',
        DISPLAY: ':0',
    };
    mkdirSync(path.join(env.HOME, '.qwen'));
    writeFileSync(path.join(env.HOME, '.qwen', 'settings.json'), JSON.stringify({
        security: { auth: { selectedType: 'openai' } },
        mcpServers: { twenty: { httpUrl: mcp, oauth: { enabled: true }, trust: true } },
    }));
    const turn = () => command(process.execPath, [qwen, '--yolo', '-p', 'Begin.'], env);
    // Logging in is a command of its prompt.
    await model.tools(() => terminal(process.execPath, [qwen], env,
        [[6000, '/mcp auth twenty'], [7500, '\r'], [12_000, '\r']], () => gate.seen.logins > 0));
    return {
        list: () => model.tools(turn),
        call: (name, args) => model.ask(turn, name, args),
    };
}
