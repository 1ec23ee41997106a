// Claude Code's program; its model is a script that asks for one call. A process for each.
import { fileURLToPath } from 'node:url';
import { scriptedModel } from '../../support/scripted_model.mjs';
import { command } from '../command.mjs';

const claude = fileURLToPath(new URL(
    `../node_modules/@anthropic-ai/claude-code-linux-${process.arch}/claude`, import.meta.url));
const prefix = 'mcp__twenty__';

export async function open({ t, mcp, browser }) {
    const env = {
        ...browser(), ANTHROPIC_API_KEY: 'none', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        ENABLE_TOOL_SEARCH: 'false', // all tools are told to the model at once
    };
    await command(claude, ['mcp', 'add', '--transport', 'http', '-s', 'user', 'twenty', mcp], env);
    // Logging in wants a terminal.
    await command('script', ['-qec', `'${claude}' mcp login twenty`, '/dev/null'], env,
        { stdin: 'pipe' });
    const ask = async (calls) => {
        const model = await scriptedModel(t, calls);
        await command(claude, ['-p', 'Begin.', '--output-format', 'json', '--allowedTools',
            `${prefix}*`], { ...env, ANTHROPIC_BASE_URL: model.url });
        return model.seen;
    };
    return {
        list: async () => (await ask([])).flatMap(({ tools = [] }) => tools)
            .map(({ name }) => name.replace(prefix, '')),
        call: async (name, args) => {
            const seen = await ask([{ name: `${prefix}${name}`, input: args }]);
            const [result] = seen.at(-1).messages.flatMap(({ content }) => content)
                .filter((block) => block?.type === 'tool_result');
            if (result.is_error) throw new Error(JSON.stringify(result));
            return JSON.stringify(result.content);
        },
    };
}
