// The token budgets of tokens.mjs over other data models than the demo's: the standard objects of
// a real Twenty, and, where the recordings of one are at hand, all that was recorded of it
// (TWENTY_GOLDEN_DIR).
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { most, within } from './support/budgets.mjs';
import { login } from './support/oauth.mjs';
import { callTool, initialize, rpc } from './support/mcp.mjs';
import { service } from './support/program.mjs';
import { key, schemaTwenty, stockSchema } from './support/schema_twenty.mjs';

const folder = process.env.TWENTY_GOLDEN_DIR
    ?? fileURLToPath(new URL('../../../shared/twenty-golden', import.meta.url));
const recording = `${folder}/metadata/objects-rich.json`;

function recordedSchema() {
    const { body } = JSON.parse(readFileSync(recording, 'utf8')).response;
    const { data } = typeof body === 'string' ? JSON.parse(body) : body;
    return data.objects.edges.map(({ node }) => node).filter((node) => node.isActive);
}

async function keepsToBudgets(t, nodes) {
    const twenty = await schemaTwenty(t, nodes);
    const server = await service(t, twenty);
    const { access } = await login(server.url, key, { mode: 'write' });
    const ask = async (method, params) => (await rpc(server.url, access, method, params)).json.result;
    const call = async (name, args = {}) => {
        const result = await callTool(server.url, access, name, args);
        assert.ok(!result.failed, `${name} ${JSON.stringify(args)}: ${result.text}`);
        return result;
    };
    within(t, (await ask('initialize', initialize)).instructions, most.instructions, 'instructions');
    const list = await ask('tools/list');
    within(t, JSON.stringify(list), most.toolsWrite, 'tools/list in write mode');
    for (const tool of list.tools) within(t, JSON.stringify(tool), most.tool, tool.name);
    within(t, (await call('get_primer')).text, most.primer, 'get_primer');
    const objects = await call('list_objects');
    within(t, objects.text, most.objects, 'list_objects');
    const names = [...objects.structured.rows.map(([name]) => name), ...objects.structured.systemObjects];
    assert.deepEqual([...names].sort(), nodes.map((node) => node.nameSingular).sort());
    for (const objectName of names) {
        within(t, (await call('describe_object', { objectName })).text, most.description,
            `describe_object of ${objectName}`);
        const page = await call('find_records', { objectName });
        within(t, page.text, most.page[objectName] ?? most.otherPage, `20 of ${objectName}`);
        if (most.page[objectName]) assert.equal(page.structured.rows.length, 20);
        // Twenty's 100 calls a minute hold here too: the rest is for what people ask for most.
        if (!['person', 'company', 'opportunity', 'timelineActivity'].includes(objectName)) continue;
        within(t, (await call('find_records', { objectName, limit: 200 })).text, most.result,
            `200 of ${objectName}`);
        within(t, (await call('find_records', { objectName, limit: 200, maxTokens: 1_000 })).text,
            1_000, `1,000 tokens of ${objectName}`);
        within(t, (await call('find_records', { objectName, detail: 'full' })).text, most.result,
            `20 of ${objectName} in full`);
        const id = page.structured.rows[0][page.structured.columns.indexOf('id')];
        for (const more of [{}, { depth: 1 }, { detail: 'full' }]) {
            within(t, (await call('get_record', { objectName, id, ...more })).text, most.result,
                `a record of ${objectName} ${JSON.stringify(more)}`);
        }
    }
    for (const objectName of ['person', 'company']) {
        const include = ['notes', 'tasks', 'timeline'];
        const id = '20202020-b000-4485-94de-70c2a98daef2';
        within(t, (await call('get_record', { objectName, id, include })).text, most.result,
            `a ${objectName} with ${include.join(', ')}`);
    }
}

test('budgets hold over the standard objects of a real workspace',
    (t) => keepsToBudgets(t, stockSchema()));

test('budgets hold over the data model recorded from a real workspace', (t) => {
    if (!existsSync(recording)) {
        t.skip('no recordings of a real server at hand (TWENTY_GOLDEN_DIR)');
        return undefined;
    }
    return keepsToBudgets(t, recordedSchema());
});
