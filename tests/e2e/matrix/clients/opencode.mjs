// OpenCode's program; its model is a script. A process for each call.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from '../command.mjs';
import { openaiModel } from '../openai_model.mjs';

const opencode = fileURLToPath(new URL(
    `../node_modules/opencode-linux-${process.arch}/bin/opencode`, import.meta.url));

export async function open({ t, mcp, browser }) {
    const model = await openaiModel(t);
    const env = {
        ...browser(), OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1',
    };
    const folder = path.join(env.HOME, '.config', 'opencode');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'opencode.json'), JSON.stringify({
        model: 'scripted/scripted',
        small_model: 'scripted/scripted',
        provider: {
            scripted: {
                npm: '@ai-sdk/openai-compatible', options: { baseURL: model.url, apiKey: 'none' },
                models: { scripted: { tool_call: true } },
            },
        },
        mcp: { twenty: { type: 'remote', url: mcp, enabled: true } },
    }));
    const run = (...args) => command(opencode, args, env);
    await run('mcp', 'auth', 'twenty');
    const turn = () => run('run', '--auto', 'Begin.');
    return {
        list: () => model.tools(turn),
        call: (name, args) => model.ask(turn, name, args),
    };
}
