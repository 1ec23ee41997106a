// A client that goes away in the middle of a call. Since 2026-07-28 that takes the call back: what
// was asked of Twenty on its behalf is given up. In a session a lost connection is only that, and
// the work goes on; there a client takes a call back by saying so.
import assert from 'node:assert/strict';
import test from 'node:test';
import { login } from './support/oauth.mjs';
import { callTool } from './support/mcp.mjs';
import { faultyTwenty } from './support/faulty_twenty.mjs';
import { demo, service, until } from './support/program.mjs';
import { connect, Person } from './support/sdk.mjs';
import { connect2 } from './support/sdk2.mjs';

const find = { name: 'find_records', arguments: { objectName: 'company', limit: 1 } };
const create = (name) => ({
    name: 'create_record', arguments: { objectName: 'company', data: { name } },
});

// A server that has its data model already, before a Twenty that can be slowed down.
async function prepared(t, connected) {
    const { workspace, key } = await demo(t);
    const twenty = await faultyTwenty(t, workspace);
    const server = await service(t, twenty.url);
    const person = new Person(key);
    const it = await connected(t, server.url, person);
    assert.ok(!(await it.client.callTool(find)).isError);
    const asked = twenty.requests.length;
    return {
        ...it, twenty, server, key,
        upstream: () => until(() => twenty.requests.slice(asked)
            .find((request) => twenty.matches.test(request.body)), 'asked Twenty'),
    };
}

const stateless = (t, url, person) => connect2(t, url, person, { pin: '2026-07-28' });

test('a stateless client that hangs up cancels the request to Twenty', async (t) => {
    const { client, twenty, upstream } = await prepared(t, stateless);
    twenty.fault = 'hung';
    const stop = new AbortController();
    const call = client.callTool(find, { signal: stop.signal });
    const request = await upstream();
    assert.equal(request.ending, null, 'Twenty has not answered');
    stop.abort();
    await assert.rejects(call);
    await until(() => request.ending, 'the request to Twenty ends', 5);
    assert.equal(request.ending, 'given up');

    twenty.fault = null;
    assert.ok(!(await client.callTool(find)).isError, 'the next call is well');
});

test('a stateless client that hangs up in the middle of a write cancels it', async (t) => {
    const { client, transport, twenty, upstream } = await prepared(t, stateless);
    twenty.fault = 'hung';
    twenty.matches = /mutation/; // a create looks for similar records first
    const call = client.callTool(create('Given up')).catch((error) => error);
    const request = await upstream();
    await transport.close();
    await call;
    await until(() => request.ending, 'the request to Twenty ends', 5);
    assert.equal(request.ending, 'given up');
});

test('in a session a write goes on when its client hangs up', async (t) => {
    const { client, transport, twenty, server, key, upstream } = await prepared(t, connect);
    twenty.delay = 700;
    twenty.matches = /mutation/;
    const call = client.callTool(create('Made after all')).catch((error) => error);
    const request = await upstream();
    await transport.close();
    assert.ok(await call instanceof Error, 'the client knows nothing of a result');
    assert.equal(request.ending, null, 'Twenty had not answered when the client went');
    await until(() => request.ending, 'the request to Twenty ends');
    assert.equal(request.ending, 'answered');

    twenty.delay = 0;
    const { access } = await login(server.url, key);
    const { text } = await callTool(server.url, access, 'find_records',
        { objectName: 'company', filter: 'name[eq]:"Made after all"' });
    assert.match(text, /"total":1\b/, 'the record is there, once');
});

test('in a session a client cancels a call by saying so', async (t) => {
    const { client, twenty, upstream } = await prepared(t, connect);
    twenty.fault = 'hung';
    const stop = new AbortController();
    const call = client.callTool(find, undefined, { signal: stop.signal });
    const request = await upstream();
    stop.abort();
    await assert.rejects(call);
    await until(() => request.ending, 'the request to Twenty ends', 5);
    assert.equal(request.ending, 'given up');
    twenty.fault = null;
    assert.ok(!(await client.callTool(find)).isError, 'the session goes on');
});
