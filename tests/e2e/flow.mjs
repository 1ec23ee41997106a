// The whole journey with the official TypeScript SDK: discovery, registration, consent, token,
// initialize, every tool, resources, prompts, refresh, revoke.
import assert from 'node:assert/strict';
import test from 'node:test';
import { post, refresh } from './support/oauth.mjs';
import { initialize, rpc } from './support/mcp.mjs';
import { demo } from './support/program.mjs';
import { connect, Person } from './support/sdk.mjs';

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

// The arguments for one call of every tool, in an order in which each finds what the former
// left. A tool without a line here fails the test. `made` is the id of the record created.
const readCalls = {
    list_objects: () => ({}),
    describe_object: () => ({ objectName: 'company' }),
    find_records: () => ({ objectName: 'person', filter: 'jobTitle[is]:NOT_NULL', limit: 5 }),
    get_record: (made) => ({ objectName: 'company', id: made }),
    search_records: () => ({ query: 'a' }),
    aggregate_records: () => ({ objectName: 'opportunity', groupBy: [{ field: 'stage' }] }),
    run_graphql: () => ({
        endpoint: 'graphql', query: '{ companies(first: 2) { edges { node { id name } } } }',
    }),
    get_primer: () => ({}),
    list_changes: () => ({}),
    find_duplicates: () => ({ objectName: 'company' }),
};
const writeCalls = {
    create_record: () => ({ objectName: 'company', data: { name: 'Made by a test' } }),
    update_record: (made) => ({ objectName: 'company', id: made, data: { name: 'Renamed' } }),
    delete_record: (made) => ({ objectName: 'company', id: made }),
    restore_record: (made) => ({ objectName: 'company', id: made }),
    run_graphql_mutation: (made) => ({
        endpoint: 'graphql',
        query: 'mutation($id: UUID!) { updateCompany(id: $id, data: {employees: 7}) { id employees } }',
        variables: { id: made },
    }),
    undo_changes: () => ({ since: 'today' }),
    merge_records: (made, other) => ({ objectName: 'company', id: made, ids: [other ?? made], preview: true }),
};

const textOf = (result) => result.content.map((part) => part.text ?? '').join('\n');

async function call(client, name, args) {
    const result = await client.callTool({ name, arguments: args });
    assert.ok(!result.isError, `${name}: ${textOf(result)}`);
    const text = textOf(result);
    assert.ok(text.length > 0, `${name} says something`);
    return text;
}

async function everyTool(client, calls) {
    const { tools } = await client.listTools();
    const listed = tools.map((tool) => tool.name).sort();
    assert.deepEqual(listed, Object.keys(calls).sort(), 'each listed tool has its call here');
    for (const tool of tools) {
        assert.ok(tool.title && tool.description, `${tool.name} has a title and a description`);
        assert.equal(typeof tool.annotations?.readOnlyHint, 'boolean', `${tool.name} is annotated`);
        assert.equal(tool.annotations.readOnlyHint, tool.name in readCalls, tool.name);
    }
}

test('a client that may write uses every tool', async (t) => {
    const server = await demo(t);
    const person = new Person(server.key, { mode: 'write', label: 'my laptop' });
    const { client } = await connect(t, server.url, person);
    assert.equal(person.consents, 1, 'one consent page was enough');
    assert.ok(client.getInstructions()?.length > 0, 'the server introduces itself');
    await everyTool(client, { ...readCalls, ...writeCalls });

    const [made] = (await call(client, 'create_record', writeCalls.create_record())).match(uuid);
    assert.match(await call(client, 'get_record', readCalls.get_record(made)), /Made by a test/);
    await call(client, 'update_record', writeCalls.update_record(made));
    assert.match(await call(client, 'get_record', readCalls.get_record(made)), /Renamed/);
    await call(client, 'run_graphql_mutation', writeCalls.run_graphql_mutation(made));
    await call(client, 'delete_record', writeCalls.delete_record(made));
    const gone = await client.callTool({ name: 'get_record', arguments: readCalls.get_record(made) });
    const trace = textOf(gone);
    assert.ok(gone.isError || /delet/i.test(trace), `a deleted record is seen as such: ${trace}`);
    await call(client, 'restore_record', writeCalls.restore_record(made));
    const back = await call(client, 'get_record', readCalls.get_record(made));
    assert.match(back, /Renamed/);
    assert.match(back, /7/, 'the mutation changed the record');

    for (const [name, args] of Object.entries(readCalls)) await call(client, name, args(made));
    const others = (await call(client, 'find_records', { objectName: 'company', filter: 'name[neq]:Renamed', limit: 1 })).match(uuid);
    assert.match(await call(client, 'merge_records', writeCalls.merge_records(made, others[0])), /"preview":true/);
    await call(client, 'undo_changes', writeCalls.undo_changes());
    const taken = await client.callTool({ name: 'get_record', arguments: readCalls.get_record(made) });
    assert.match(textOf(taken), /delet/i, 'what the session made is taken back');
});

test('a client that may only read sees and uses the reading tools alone', async (t) => {
    const server = await demo(t);
    for (const [key, mode] of [[server.key, 'read'], [server.readOnlyKey, 'read']]) {
        const person = new Person(key, { mode });
        const { client } = await connect(t, server.url, person);
        await everyTool(client, readCalls);
        const found = await call(client, 'find_records', { objectName: 'company', limit: 1 });
        const [id] = found.match(uuid);
        for (const [name, args] of Object.entries(readCalls)) await call(client, name, args(id));
        for (const [name, args] of Object.entries(writeCalls)) {
            const refused = await client.callTool({ name, arguments: args(id) })
                .then((result) => result.isError, () => true);
            assert.ok(refused, `${name} is refused`);
        }
        assert.match(await call(client, 'get_record', { objectName: 'company', id }), uuid,
            'nothing happened to the record');
    }
});

test('a connection narrowed to some objects shows no others', async (t) => {
    const server = await demo(t);
    const person = new Person(server.key, { mode: 'read', objects: 'company' });
    const { client } = await connect(t, server.url, person);
    const objects = await call(client, 'list_objects', {});
    assert.match(objects, /company/);
    assert.doesNotMatch(objects, /"opportunity"/);
    const refused = await client.callTool({
        name: 'find_records', arguments: { objectName: 'person' },
    });
    assert.ok(refused.isError, 'people are outside this connection');
});

test('resources, templates and prompts can be listed and read', async (t) => {
    const server = await demo(t);
    const { client } = await connect(t, server.url, new Person(server.key, { mode: 'read' }));
    const { resources } = await client.listResources();
    const uris = resources.map((r) => r.uri);
    const fixed = ['twenty://primer', 'twenty://api/info'];
    assert.deepEqual(uris.slice(0, 2), fixed);
    assert.ok(uris.includes('twenty://schema/company'), 'each object has its schema there');
    for (const uri of [...fixed, 'twenty://schema/company']) {
        const { contents } = await client.readResource({ uri });
        assert.ok(contents[0].text.length > 50, `${uri} says something`);
    }
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.deepEqual(resourceTemplates.map((r) => r.uriTemplate).sort(),
        ['skill://{skill}/{+file}', 'twenty://record/{object}/{id}', 'twenty://schema/{object}']);
    const schema = await client.readResource({ uri: 'twenty://schema/company' });
    assert.match(schema.contents[0].text, /name/);
    const [id] = (await call(client, 'find_records', { objectName: 'company', limit: 1 })).match(uuid);
    const record = await client.readResource({ uri: `twenty://record/company/${id}` });
    assert.match(record.contents[0].text, new RegExp(id));
    await assert.rejects(client.readResource({ uri: 'twenty://nothing' }));
    const complete = async (name, argument, value, known = {}) => (await client.complete({
        ref: { type: 'ref/prompt', name }, argument: { name: argument, value },
        context: { arguments: known },
    })).completion.values;
    assert.ok((await complete('look_into_segment', 'object', 'comp')).includes('company'));
    assert.ok((await complete('look_into_segment', 'field', 'st', { object: 'opportunity' }))
        .includes('stage'));
    assert.ok((await complete('review_pipeline', 'stage', '')).includes('NEW'));
    const name = (await call(client, 'get_record', { objectName: 'company', id }));
    const label = JSON.parse(name).label;
    assert.ok((await complete('prepare_meeting', 'company', label.slice(0, 4))).includes(label),
        'a company is suggested by its first letters');
    if (client.getServerCapabilities().prompts) {
        const { prompts } = await client.listPrompts();
        for (const prompt of prompts) {
            const needed = (prompt.arguments ?? []).filter((a) => a.required);
            const args = Object.fromEntries(needed.map((a) => [a.name, 'company']));
            const { messages } = await client.getPrompt({ name: prompt.name, arguments: args });
            assert.ok(messages.length > 0, `${prompt.name} has a message`);
        }
    }
});

test('a spent access token is refreshed in passing, and revoking ends the connection', async (t) => {
    const server = await demo(t);
    const person = new Person(server.key, { mode: 'write' });
    const { client } = await connect(t, server.url, person);
    const first = person.saved;

    // As if the hour were over.
    person.saved = { ...first, access_token: 'spent' };
    await client.listTools();
    assert.equal(person.refreshes, 1, 'refreshed once');
    assert.equal(person.consents, 1, 'without asking the person');
    assert.notEqual(person.saved.access_token, first.access_token);
    assert.notEqual(person.saved.refresh_token, first.refresh_token, 'refresh tokens rotate');

    const clientId = person.registered.client_id;
    const revoked = await post(`${server.url}/revoke`,
        { token: person.saved.refresh_token, client_id: clientId });
    assert.equal(revoked.status, 200);
    const after = await rpc(server.url, person.saved.access_token, 'initialize', initialize);
    assert.equal(after.status, 401);
    assert.match(after.headers.get('www-authenticate'), /resource_metadata="[^"]*\/mcp"/);
    const again = await refresh(server.url, clientId, person.saved.refresh_token);
    assert.equal(again.status, 400);
    assert.equal(again.body.error, 'invalid_grant');
});
