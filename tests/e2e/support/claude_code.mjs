// Claude Code without an account or a model: logs in through the scripted browser, then carries
// out scripted tool calls. It is too large to be installed with the other clients:
//   npm --prefix tests/e2e install --no-save --ignore-scripts @anthropic-ai/claude-code@2.1.330
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { scriptedModel } from './scripted_model.mjs';

// The one whose dialogue is kept; others may speak differently.
export const claudeVersion = '2.1.330';

const binary = process.env.CLAUDE_CODE ?? fileURLToPath(new URL(
    `../node_modules/@anthropic-ai/claude-code-linux-${process.arch}/claude`, import.meta.url));

async function output(command, args, env, stdin) {
    const child = spawn(command, args, { env, cwd: env.HOME, stdio: [stdin, 'pipe', 'pipe'] });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => { out += chunk; });
    }
    const timer = setTimeout(() => child.kill(), 60_000);
    const [code] = await once(child, 'close');
    clearTimeout(timer);
    assert.equal(code, 0, `${command} ${args.join(' ')} ended with ${code}:\n${out}`);
    return out;
}

// Why it cannot be used here, or false.
export async function claudeMissing() {
    if (!existsSync(binary)) return 'Claude Code is not installed (see support/claude_code.mjs)';
    const found = await output(binary, ['--version'], { PATH: process.env.PATH }, 'ignore');
    return found.startsWith(claudeVersion) ? false
        : `the dialogue is kept for Claude Code ${claudeVersion}, this is ${found.trim()}`;
}

// calls: [{name, input}], names as the model uses them. Answers what the model was told.
export async function useClaudeCode(t, url, browser, calls) {
    return converse(t, browser, calls, (claude, env) => addServer(claude, env, url));
}

// Logged in once: what it gives back carries out calls, as often as it is asked.
export async function loggedInClaudeCode(t, url, browser) {
    const env = surrounded(browser);
    await addServer((...args) => output(binary, args, env, 'ignore'), env, url);
    return (calls) => converse(t, browser, calls, () => {});
}

async function addServer(claude, env, url) {
    await claude('mcp', 'add', '--transport', 'http', '-s', 'user', 'twenty', `${url}/mcp`);
    // Logging in wants a terminal.
    await output('script', ['-qec', `'${binary}' mcp login twenty`, '/dev/null'], env, 'pipe');
}

function surrounded(surroundings) {
    return { ...surroundings, ANTHROPIC_API_KEY: 'none', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
}

// The same with a program that it starts. `home` is its own folder.
export async function useClaudeCodeLocally(t, command, settings, home, calls) {
    const given = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    return converse(t, { PATH: process.env.PATH, HOME: home }, calls, (claude) =>
        claude('mcp', 'add', '-s', 'user', 'twenty', ...given, '--', ...command));
}

async function converse(t, surroundings, calls, add) {
    const model = await scriptedModel(t, calls);
    const env = { ...surrounded(surroundings), ANTHROPIC_BASE_URL: model.url };
    const claude = (...args) => output(binary, args, env, 'ignore');
    await add(claude, env);
    await claude('-p', 'Begin.', '--output-format', 'json',
        '--allowedTools', 'mcp__twenty__*,ReadMcpResourceTool');
    return model.seen.at(-1).messages.flatMap(({ content }) => content)
        .filter((block) => block?.type === 'tool_result');
}
