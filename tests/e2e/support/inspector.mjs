// Runs the MCP Inspector's command line once and answers its result.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const inspector = fileURLToPath(new URL('../node_modules/.bin/mcp-inspector', import.meta.url));

export function inspect(url, env, args) {
    return run(['--server-url', `${url}/mcp`, '--transport', 'http', '--format', 'json', ...args],
        env, args);
}

// A program that the Inspector starts and speaks with over its standard input and output.
export function inspectLocal(command, env, args) {
    const given = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    return run([...command, ...given, '--transport', 'stdio', '--format', 'json', ...args],
        process.env, args);
}

async function run(options, env, args) {
    const child = spawn(process.execPath, [inspector, '--cli', ...options], {
        env: { ...env, MCP_AUTO_OPEN_ENABLED: 'true', MCP_INSPECTOR_SECRET_STORE: 'file' },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let log = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { log += chunk; });
    const timer = setTimeout(() => child.kill(), 60_000);
    const [code] = await once(child, 'close');
    clearTimeout(timer);
    // A tool that says it has failed is told by 5, behind its result.
    const told = JSON.parse(out || '{}').result;
    assert.ok(code === 0 || (code === 5 && told?.isError), `the Inspector ended with ${code}:\n${out}\n${log}`);
    // --strict ends well in spite of warnings; ours has none.
    if (args.includes('--strict')) assert.doesNotMatch(log, /Warning: tool/);
    return told;
}
