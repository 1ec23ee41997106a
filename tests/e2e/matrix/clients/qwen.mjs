// Qwen Code's program; its model is a script. A process for each call.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { command, terminal } from '../command.mjs';
import { openaiModel } from '../openai_model.mjs';

const qwen = fileURLToPath(new URL('../node_modules/@qwen-code/qwen-code/cli-entry.js',
    import.meta.url));
const clock = new URL('../clock.mjs', import.meta.url).href;

export async function open({ t, mcp, browser, gate }) {
    const model = await openaiModel(t);
    const env = {
        ...browser(), OPENAI_API_KEY: 'none', OPENAI_BASE_URL: model.url, OPENAI_MODEL: 'scripted',
        DISPLAY: ':0', NODE_OPTIONS: `--import=${clock}`,
    };
    env.MATRIX_CLOCK = path.join(env.HOME, 'an hour later');
    mkdirSync(path.join(env.HOME, '.qwen'));
    writeFileSync(path.join(env.HOME, '.qwen', 'settings.json'), JSON.stringify({
        security: { auth: { selectedType: 'openai' } },
        tools: { toolSearch: { enabled: false } }, // all tools are told to the model at once
        // With oauth.enabled it would not give the registered client id when it refreshes.
        mcpServers: { twenty: { httpUrl: mcp, trust: true } },
    }));
    const turn = () => command(process.execPath, [qwen, '--yolo', '-p', 'Begin.'], env);
    // Logging in is a command of its prompt.
    await model.tools(() => terminal(process.execPath, [qwen], env,
        [[6000, '/mcp auth twenty'], [7500, '\r'], [12_000, '\r']], () => gate.seen.logins > 0));
    return {
        list: () => model.tools(turn),
        call: (name, args) => model.ask(turn, name, args),
        expire: () => writeFileSync(env.MATRIX_CLOCK, ''),
    };
}
