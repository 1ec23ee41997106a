// The MCP Inspector's command line, as people debug a connector with it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeBrowser } from './support/fake_browser.mjs';
import { inspect } from './support/inspector.mjs';
import { demo } from './support/program.mjs';

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
