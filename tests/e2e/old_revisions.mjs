// Clients of every revision of the session protocol: the official SDK in the releases that spoke
// each first, and by hand what only one of the revisions has.
import assert from 'node:assert/strict';
import test from 'node:test';
import { events } from './support/exchange.mjs';
import { initialize, rpc, send } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { demo, service } from './support/program.mjs';
import { recorder } from './support/recorder.mjs';
import { connect, Person, release } from './support/sdk.mjs';

const releases = {
    '2025-03-26': 'sdk-2025-03-26',
    '2025-06-18': 'sdk-2025-06-18',
    '2025-11-25': '@modelcontextprotocol/sdk',
};

// The members that came with a revision (its changes list them). An older client passes over what
// it does not know; only the three that `kept` names are sent to it all the same.
const arrivals = {
    '2025-06-18': ['title', 'outputSchema', 'structuredContent', 'resource_link'],
    '2025-11-25': ['icons', 'websiteUrl', 'execution', 'tasks'],
};
const kept = { '2025-03-26': ['title', 'outputSchema', 'structuredContent'] };
const tooNew = (revision) => Object.entries(arrivals).filter(([since]) => since > revision)
    .flatMap(([, names]) => names).filter((name) => !kept[revision]?.includes(name));

// The names of all members of a message, but those that the workspace's data and the tools' own
// schemas have.
function* members(value) {
    if (Array.isArray(value)) for (const item of value) yield* members(item);
    if (Object.prototype.toString.call(value) !== '[object Object]') return;
    for (const [name, inside] of Object.entries(value)) {
        yield name;
        if (!['structuredContent', 'inputSchema', 'outputSchema'].includes(name))
            yield* members(inside);
    }
}

// The messages of one body, alone, in a batch or in a stream.
function messages(text, type = '') {
    if (!text) return [];
    if (type.startsWith('text/event-stream'))
        return events(text).map(({ data }) => data).filter((data) => data);
    return [JSON.parse(text)].flat();
}

// {request, answers} of every exchange with the endpoint.
function dialogue(recording) {
    return recording.exchanges.filter(({ request }) => request.url === '/mcp')
        .map(({ request, response }) => ({
            headers: request.headers,
            request: request.body ? JSON.parse(request.body) : {},
            status: response.status,
            answers: response.status < 300
                ? messages(response.body, response.headers['content-type']) : [],
        }));
}

async function useAll(client) {
    await client.ping();
    const { tools } = await client.listTools();
    assert.ok(tools.length > 10);
    const call = (name, args) => client.callTool({ name, arguments: args });
    for (const [name, args] of [
        ['list_objects', {}], ['find_records', { objectName: 'company', limit: 3 }],
        ['create_record', { objectName: 'company', data: { name: 'Made long ago' } }],
        ['aggregate_records', { objectName: 'opportunity', groupBy: [{ field: 'stage' }] }],
    ]) assert.ok(!(await call(name, args)).isError, name);
    assert.ok((await call('find_records', { objectName: 'no such object' })).isError);
    await assert.rejects(client.callTool({ name: 'no_such_tool', arguments: {} }));
    const { resources } = await client.listResources();
    for (const { uri } of resources.slice(0, 4)) await client.readResource({ uri });
    await client.listResourceTemplates();
    await client.subscribeResource({ uri: resources[0].uri });
    await client.unsubscribeResource({ uri: resources[0].uri });
    const { prompts } = await client.listPrompts();
    const [{ name, arguments: wanted }] = prompts;
    await client.getPrompt({
        name, arguments: Object.fromEntries(wanted.map((it) => [it.name, 'something'])),
    });
}

for (const [revision, name] of Object.entries(releases)) {
    test(`an SDK of ${revision} logs in, reads and writes, and is sent nothing newer`, async (t) => {
        const { workspace, key } = await demo(t);
        const recording = await recorder(t);
        const server = await service(t, workspace, { PUBLIC_URL: recording.url });
        recording.target = new URL(server.url).port;
        const person = new Person(key);
        const { client, transport } = await connect(t, recording.url, person, await release(name));
        await useAll(client);
        await transport.terminateSession();
        await client.close();
        assert.equal(person.consents, 1);

        const talk = dialogue(recording).filter(({ headers }) => headers.authorization);
        const begun = talk.find(({ request }) => request.method === 'initialize');
        assert.equal(begun.request.params.protocolVersion, revision, 'what the SDK asked for');
        assert.equal(begun.answers[0].result.protocolVersion, revision);
        for (const { headers, request, answers } of talk) {
            if (request.method !== 'initialize' && revision !== '2025-03-26')
                assert.equal(headers['mcp-protocol-version'], revision);
            const sent = new Set(members(answers));
            for (const name of tooNew(revision))
                assert.ok(!sent.has(name), `${request.method} was answered with ${name}`);
        }
        assert.ok(talk.length > 15, 'all of it was seen');
        // What is kept is really sent: the list has no name too many.
        const all = new Set(talk.flatMap(({ answers }) => [...members(answers)]));
        for (const name of kept[revision] ?? []) assert.ok(all.has(name), name);
    });
}

// A session of one revision: post(body, headers) sends into it.
async function session(t, revision) {
    const server = await demo(t);
    const { access } = await login(server.url, server.key);
    const begun = await rpc(server.url, access, 'initialize',
        { ...initialize, protocolVersion: revision });
    assert.equal(begun.json.result.protocolVersion, revision);
    const own = {
        'mcp-session-id': begun.headers.get('mcp-session-id'), 'mcp-protocol-version': revision,
    };
    return (body, headers = {}) => send(server.url, access, body, { ...own, ...headers });
}

const ping = (id) => ({ jsonrpc: '2.0', id, method: 'ping' });
const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };

test('a client of 2025-03-26 may send batches, and gets one answer to each request', async (t) => {
    const post = await session(t, '2025-03-26');
    const many = await post([ping(1), notification,
        { jsonrpc: '2.0', id: 'two', method: 'tools/call', params: { name: 'list_objects' } },
        { jsonrpc: '2.0', id: 3, method: 'no/such/method' }]);
    assert.equal(many.status, 200, many.text);
    for (const one of many.json) assert.equal(one.jsonrpc, '2.0');
    assert.deepEqual(many.json.map(({ id }) => id).sort(), [1, 3, 'two']);
    assert.equal(many.json.find(({ id }) => id === 3).error.code, -32601);
    const quiet = await post([notification, notification]);
    assert.equal(quiet.status, 202);
    assert.equal(quiet.text, '');
    const first = { jsonrpc: '2.0', id: 4, method: 'initialize', params: initialize };
    assert.equal((await post([first, ping(5)])).status, 400, 'initialize goes alone');
    assert.equal((await post([first])).status, 400, 'and is no part of a batch');
    assert.equal((await post([])).status, 400);
});

for (const revision of ['2025-06-18', '2025-11-25']) {
    test(`a client of ${revision} may send no batch`, async (t) => {
        const post = await session(t, revision);
        // Without the header the session knows what was negotiated.
        for (const headers of [{}, { 'mcp-protocol-version': '' }])
            for (const batch of [[ping(1), ping(2)], [ping(1)], [notification], []]) {
                const refused = await post(batch, headers);
                assert.equal(refused.status, 400);
                assert.equal(refused.json.error.code, -32600);
            }
        assert.equal((await post(ping(3))).status, 200);
    });
}

for (const revision of Object.keys(releases)) {
    test(`a session of ${revision} refuses a revision that nobody speaks`, async (t) => {
        const post = await session(t, revision);
        for (const name of ['1999-01-01', '2025-06-19', 'latest']) {
            const refused = await post(ping(1), { 'mcp-protocol-version': name });
            assert.equal(refused.status, 400, name);
            assert.match(refused.json.error.message, new RegExp(revision), 'which ones are spoken');
        }
        assert.equal((await post(ping(2))).status, 200);
        assert.equal((await post(ping(3), { 'mcp-protocol-version': '' })).status, 200,
            'the session knows its own');
    });
}
