// Codex's program; its model is a script. A process for each call.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from '../command.mjs';
import { openaiModel } from '../openai_model.mjs';

const codex = fileURLToPath(new URL('../node_modules/@openai/codex/bin/codex.js', import.meta.url));

export async function open({ t, mcp, browser }) {
    const model = await openaiModel(t);
    const env = browser();
    mkdirSync(path.join(env.HOME, '.codex'));
    writeFileSync(path.join(env.HOME, '.codex', 'config.toml'), `
model = "gpt-5"
model_provider = "scripted"
mcp_oauth_credentials_store = "file"
[model_providers.scripted]
name = "scripted"
base_url = "${model.url}"
wire_api = "responses"
[mcp_servers.twenty]
url = "${mcp}"
`);
    const run = (...args) => command(process.execPath, [codex, ...args], env);
    await run('mcp', 'login', 'twenty');
    const turn = () => run('exec', '--skip-git-repo-check',
        '--dangerously-bypass-approvals-and-sandbox', 'Begin.');
    return {
        list: () => model.tools(turn),
        call: (name, args) => model.ask(turn, name, args),
    };
}
