// The server may be restarted or upgraded at any time: connected clients go on as if nothing
// had happened.
import assert from 'node:assert/strict';
import test from 'node:test';
import { demo, service } from './support/program.mjs';
import { connect, Person } from './support/sdk.mjs';

for (const how of ['stop', 'kill']) {
    test(`a client does not notice a restart (${how})`, async (t) => {
        const { workspace, key } = await demo(t);
        const server = await service(t, workspace);
        const person = new Person(key, { mode: 'write' });
        const { client, transport } = await connect(t, server.url, person);
        const before = await client.listTools();
        const session = transport.sessionId;
        const tokens = person.saved;

        await server.program[how]();
        await server.start();

        assert.deepEqual(await client.listTools(), before);
        const found = await client.callTool({
            name: 'find_records', arguments: { objectName: 'company', limit: 1 },
        });
        assert.ok(!found.isError, JSON.stringify(found));
        assert.equal(transport.sessionId, session, 'the same session');
        assert.equal(person.saved, tokens, 'the same tokens');
        assert.equal(person.consents, 1, 'nobody was asked again');
    });
}

test('a client that ended its session cannot go on with it', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace);
    const person = new Person(key, { mode: 'read' });
    const { client, transport } = await connect(t, server.url, person);
    const session = transport.sessionId;
    await client.listTools();
    await transport.terminateSession();
    const headers = {
        authorization: `Bearer ${person.saved.access_token}`, 'mcp-session-id': session,
        'content-type': 'application/json', accept: 'application/json, text/event-stream',
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    for (const moment of ['at once', 'after a restart']) {
        const response = await fetch(`${server.url}/mcp`, { method: 'POST', headers, body });
        assert.equal(response.status, 404, moment);
        if (moment === 'at once') {
            await server.program.stop();
            await server.start();
        }
    }
});
