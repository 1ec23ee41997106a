// Clients with an open stream hear of changes, and go on hearing after the server was restarted.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { demo, service, until } from './support/program.mjs';
import { recorder } from './support/recorder.mjs';
import { connect, Person } from './support/sdk.mjs';
import { connect2 } from './support/sdk2.mjs';

const primer = 'twenty://primer';
const adminToken = 'an-admin-token-of-some-length-0123456789';

// rewrite() changes the primer; streams() counts those that were opened so far.
async function prepared(t) {
    const { workspace, key } = await demo(t);
    const recording = await recorder(t);
    const server = await service(t, workspace,
        { PUBLIC_URL: recording.url, ADMIN_TOKEN: adminToken });
    recording.target = new URL(server.url).port;
    let edition = 0;
    const rewrite = async () => {
        edition += 1;
        const { status } = await fetch(`${server.url}/admin/primer`, {
            method: 'PUT', body: `# Edition ${edition}\n`,
            headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'text/markdown' },
        });
        assert.equal(status, 200);
        return edition;
    };
    const streams = () => recording.exchanges.filter(({ response }) =>
        response?.headers['content-type'] === 'text/event-stream').length;
    return { server, url: recording.url, person: new Person(key), rewrite, streams };
}

for (const how of ['stop', 'kill']) {
    test(`a session with an open stream hears of changes after a restart (${how})`, async (t) => {
        const { server, url, person, rewrite, streams } = await prepared(t);
        const { client, transport } = await connect(t, url, person);
        const heard = [];
        client.setNotificationHandler(ResourceUpdatedNotificationSchema,
            ({ params }) => { heard.push(params.uri); });
        await client.subscribeResource({ uri: primer });
        await until(() => streams() === 1, 'the stream is open');
        await rewrite();
        await until(() => heard.length === 1, 'the first change is heard of');
        const session = transport.sessionId;

        await server.program[how]();
        await server.start();
        await until(() => streams() === 2, 'the client came back');
        // What it missed meanwhile is not known, so it is told that something may have changed.
        await until(() => heard.length === 2, 'it is told to look again');
        const edition = await rewrite();
        await until(() => heard.length > 2, 'the change after the restart is heard of');

        assert.deepEqual(heard, [primer, primer, primer], 'nothing is told twice');
        assert.equal(transport.sessionId, session, 'the same session');
        const { contents } = await client.readResource({ uri: primer });
        assert.match(contents[0].text, new RegExp(`Edition ${edition}`));
    });

    test(`a stateless client listens, and again after a restart (${how})`, async (t) => {
        const { server, url, person, rewrite } = await prepared(t);
        const { client } = await connect2(t, url, person, { pin: '2026-07-28' });
        const heard = [];
        client.setNotificationHandler('notifications/resources/updated',
            ({ params }) => { heard.push(params.uri); });
        const wish = { resourceSubscriptions: [primer] };
        const first = await client.listen(wish);
        assert.deepEqual(first.honoredFilter, wish, 'acknowledged as asked');
        await rewrite();
        await until(() => heard.length === 1, 'the first change is heard of');

        await server.program[how]();
        assert.equal(await first.closed, how === 'stop' ? 'graceful' : 'remote',
            'the client is told the end of the stream');
        await server.start();
        const second = await client.listen(wish);
        const edition = await rewrite();
        await until(() => heard.length > 1, 'the change after the restart is heard of');
        assert.deepEqual(heard, [primer, primer], 'nothing is told twice');
        const { contents } = await client.readResource({ uri: primer });
        assert.match(contents[0].text, new RegExp(`Edition ${edition}`));
        await second.close();
    });
}

test('a client hears of nothing that it did not subscribe to', async (t) => {
    const { url, person, rewrite, streams } = await prepared(t);
    const { client } = await connect(t, url, person);
    const heard = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema,
        ({ params }) => { heard.push(params.uri); });
    await until(() => streams() === 1, 'the stream is open');
    await rewrite();
    await client.subscribeResource({ uri: primer });
    await rewrite();
    await until(() => heard.length > 0, 'the second change is heard of');
    await client.unsubscribeResource({ uri: primer });
    await rewrite();
    await client.ping();
    assert.deepEqual(heard, [primer], 'only the change in between');
});
