// What the server costs a model's context, counted with a real tokenizer (o200k, the nearest to
// a current model's that is public) over the demo workspace. A tool's result goes out twice, as
// text and as structured content; clients show a model one of them, so the text is counted.
import assert from 'node:assert/strict';
import test from 'node:test';
import { most, within } from './support/budgets.mjs';
import { login } from './support/oauth.mjs';
import { callTool, initialize, rpc } from './support/mcp.mjs';
import { demo } from './support/program.mjs';

async function desk(t, choices = { mode: 'write' }) {
    const server = await demo(t);
    const { access } = await login(server.url, server.key, choices);
    const ask = async (method, params, headers) => {
        const { json, text } = await rpc(server.url, access, method, params, headers);
        assert.ok(json?.result, text);
        return json.result;
    };
    const call = async (name, args = {}) => {
        const result = await callTool(server.url, access, name, args);
        assert.ok(!result.failed, `${name}: ${result.text}`);
        return result;
    };
    return { ask, call };
}

const objectsOf = async (call) => {
    const { structured } = await call('list_objects');
    return [...structured.rows.map(([name]) => name), ...structured.systemObjects];
};

test('introducing the server and its tools fits the budget', async (t) => {
    const { ask } = await desk(t);
    within(t, (await ask('initialize', initialize)).instructions, most.instructions, 'instructions');
    const list = await ask('tools/list');
    within(t, JSON.stringify(list), most.toolsWrite, 'tools/list in write mode');
    // No model sees the icons, but clients that pass everything on have room for them, too.
    const drawn = await ask('tools/list', {}, { 'MCP-Protocol-Version': '2025-11-25' });
    assert.ok(drawn.tools.every((tool) => tool.icons?.length === 1));
    within(t, JSON.stringify(drawn), most.toolsWrite, 'tools/list with icons');
    for (const tool of list.tools) within(t, JSON.stringify(tool), most.tool, tool.name);
    within(t, JSON.stringify(await ask('resources/list')), most.resources, 'resources/list');
    within(t, JSON.stringify(await ask('prompts/list')), most.prompts, 'prompts/list');
    const reader = await desk(t, { mode: 'read' });
    within(t, JSON.stringify(await reader.ask('tools/list')), most.toolsRead,
        'tools/list in read mode');
});

test('a default page of 20 records fits the budget, of every object', async (t) => {
    const { call } = await desk(t);
    for (const objectName of await objectsOf(call)) {
        const page = await call('find_records', { objectName });
        within(t, page.text, most.page[objectName] ?? most.otherPage, `20 of ${objectName}`);
        if (most.page[objectName]) assert.equal(page.structured.rows.length, 20);
    }
});

test('the stock primer and every object described fit the budget', async (t) => {
    const { ask, call } = await desk(t);
    within(t, (await call('get_primer')).text, most.primer, 'get_primer');
    const { contents } = await ask('resources/read', { uri: 'twenty://primer' });
    within(t, contents[0].text, most.primer, 'twenty://primer');
    for (const objectName of await objectsOf(call)) {
        within(t, (await call('describe_object', { objectName })).text, most.description,
            `describe_object of ${objectName}`);
    }
});

test('the largest answer that each tool gives without being asked for more fits any client', async (t) => {
    const { call } = await desk(t);
    for (const objectName of await objectsOf(call)) {
        const page = await call('find_records', { objectName, limit: 200 });
        within(t, page.text, most.result, `200 of ${objectName}`);
        const [row] = page.structured.rows;
        if (!row) continue;
        const id = row[page.structured.columns.indexOf('id')];
        within(t, (await call('get_record', { objectName, id })).text, most.record,
            `a record of ${objectName}`);
        within(t, (await call('get_record', { objectName, id, depth: 1 })).text, most.result,
            `a record of ${objectName} with what belongs to it`);
    }
    within(t, (await call('search_records', { query: 'a', limit: 60 })).text, most.result,
        '60 hits');
    const groups = await call('aggregate_records', {
        objectName: 'person', groupBy: [{ field: 'company' }, { field: 'jobTitle' }], limit: 200,
    });
    within(t, groups.text, most.result, '200 groups');
});

test('GraphQL answers are refused before they are too large, even when they are all ids', async (t) => {
    const server = await demo(t);
    const { access } = await login(server.url, server.key, { mode: 'read' });
    let largest = '';
    let refused = 0;
    for (let first = 20; first <= 200; first += 20) {
        const query = `{noteTargets(first:${first}){edges{node{id noteId targetCompanyId targetPersonId}}} `
            + `people(first:${first}){edges{node{id companyId}}}}`;
        const { text, failed } = await callTool(server.url, access, 'run_graphql',
            { endpoint: 'graphql', query });
        if (failed) {
            refused += 1;
            assert.match(text, /too_large/);
        } else largest = text;
    }
    assert.ok(refused > 0, 'the largest was refused');
    within(t, largest, most.result, 'the largest GraphQL answer');
});

test('a mistake costs a short answer', async (t) => {
    const server = await demo(t);
    const { access } = await login(server.url, server.key, { mode: 'write' });
    for (const [name, args] of [
        ['find_records', { objectName: 'unicorn' }],
        ['find_records', { objectName: 'person', filter: 'nope[eq]:1' }],
        ['find_records', { objectName: 'person', fields: ['nope'] }],
        ['run_graphql', { endpoint: 'graphql', query: '{people{edges{node{nope}}}}' }],
        ['run_graphql', { endpoint: 'metadata', query: '{apiKeys{id}}' }],
        ['run_graphql', { endpoint: 'graphql', query: '{people(first:200){edges{node{id name{firstName '
            + 'lastName} createdBy{source name} emails{primaryEmail additionalEmails} company{id name '
            + 'address{addressCity addressCountry} domainName{primaryLinkUrl}}}}}}' }],
        ['create_record', { objectName: 'person', data: { nope: 1 } }],
    ]) {
        const { text, failed } = await callTool(server.url, access, name, args);
        assert.ok(failed, `${name} ${JSON.stringify(args)} fails: ${text.slice(0, 200)}`);
        within(t, text, 300, `${name} with a mistake`);
    }
});
