// The MCP Inspector's command line, as people debug a connector with it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { fakeBrowser } from './support/fake_browser.mjs';
import { demo } from './support/program.mjs';

const inspector = fileURLToPath(new URL('node_modules/.bin/mcp-inspector', import.meta.url));

async function inspect(url, env, args) {
    const child = spawn(process.execPath, [inspector, '--cli', '--server-url', `${url}/mcp`,
        '--transport', 'http', '--format', 'json', ...args],
    {
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
    assert.equal(code, 0, `the Inspector ended with ${code}:\n${out}\n${log}`);
    // --strict ends well in spite of warnings; ours has none.
    if (args.includes('--strict')) assert.doesNotMatch(log, /Warning: tool/);
    return JSON.parse(out).result;
}

for (const era of ['legacy', 'modern']) {
    test(`the Inspector logs in, lists and calls tools (${era} era)`, async (t) => {
        const server = await demo(t);
        const env = fakeBrowser(t, server.key);
        const run = (...args) => inspect(server.url, env, ['--protocol-era', era, ...args]);

        // --strict: every tool schema must be portable.
        const { tools } = await run('--method', 'tools/list', '--strict');
        assert.ok(tools.some((tool) => tool.name === 'update_record'), 'write tools are listed');

        const result = await run('--method', 'tools/call', '--tool-name', 'describe_object',
            '--tool-arg', 'objectName=company');
        assert.ok(!result.isError, JSON.stringify(result));
        assert.match(JSON.stringify(result), /company/);

        const { resources } = await run('--method', 'resources/list');
        assert.ok(resources.some((resource) => resource.uri === 'twenty://primer'));
    });
}
