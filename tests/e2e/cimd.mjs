// Clients that never register: by a metadata document of their own (here Claude Code's, whose copy
// in the program serves where its host cannot be reached), and by the administrator's hand.
import assert from 'node:assert/strict';
import test from 'node:test';
import { initialize, rpc } from './support/mcp.mjs';
import { authorizeUrl, callback, consentPage, pkce, post, refresh } from './support/oauth.mjs';
import { demo, service } from './support/program.mjs';
import { connect, Person } from './support/sdk.mjs';

const claudeCode = 'https://claude.ai/oauth/claude-code-client-metadata';
const password = 'a-secret-of-at-least-32-characters/=';
const staticClients = JSON.stringify([
    { client_id: 'ours', client_name: 'Set up by hand', redirect_uris: [callback],
        client_secret: password },
    { client_id: 'ours-public', client_name: 'Set up by hand too', redirect_uris: [callback] },
]);

// Login, a tool, a refresh in passing, a tool again.
async function live(t, url, person) {
    const { client } = await connect(t, url, person);
    const answer = await client.callTool({ name: 'find_records', arguments: { objectName: 'company' } });
    assert.ok(!answer.isError, JSON.stringify(answer));
    const first = person.saved;
    assert.ok(first.refresh_token, 'a refresh token was issued');
    person.saved = { ...first, access_token: 'spent' };
    const again = await client.callTool({ name: 'list_objects', arguments: {} });
    assert.ok(!again.isError, JSON.stringify(again));
    assert.equal(person.consents, 1, 'the person was asked once');
    assert.equal(person.refreshes, 1, 'and the tokens were refreshed');
}

test('the SDK logs in with a document’s address as its client id, refreshes and works', async (t) => {
    const server = await demo(t);
    const person = new Person(server.key);
    person.clientMetadataUrl = claudeCode;
    await live(t, server.url, person);
    assert.equal(person.registered.client_id, claudeCode, 'nothing was registered');

    const page = await consentPage(authorizeUrl(server.url, claudeCode, pkce().challenge));
    assert.match(page.html, /verified: claude\.ai/);
    const wrong = await fetch(authorizeUrl(server.url, claudeCode, pkce().challenge,
        { redirect_uri: 'https://evil.example/callback' }), { redirect: 'manual' });
    assert.equal(wrong.status, 400);

    const revoked = await post(`${server.url}/revoke`,
        { token: person.saved.refresh_token, client_id: claudeCode });
    assert.equal(revoked.status, 200);
    const after = await rpc(server.url, person.saved.access_token, 'initialize', initialize);
    assert.equal(after.status, 401);
});

test('row 118: an address inside a private network or of another form gets a page at once', async (t) => {
    const server = await demo(t);
    for (const id of ['https://localhost/client', 'https://127.0.0.1/client',
        'https://client.example.com:8443/c', 'https://client.example.com/%2e%2e/c']) {
        const page = await fetch(authorizeUrl(server.url, id, pkce().challenge),
            { redirect: 'manual' });
        assert.equal(page.status, 400, id);
        assert.match(page.headers.get('content-type'), /text\/html/);
    }
});

test('where documents are switched off, the SDK registers instead', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { TWENTY_MCP_CIMD: 'off' });
    const person = new Person(key);
    person.clientMetadataUrl = claudeCode;
    await live(t, server.url, person);
    assert.notEqual(person.registered.client_id, claudeCode);
    const page = await fetch(authorizeUrl(server.url, claudeCode, pkce().challenge));
    assert.equal(page.status, 400);
});

for (const method of ['client_secret_basic', 'client_secret_post', 'none']) {
    test(`a client set up by hand lives its whole life (${method})`, async (t) => {
        const { workspace, key } = await demo(t);
        const server = await service(t, workspace, { TWENTY_MCP_STATIC_CLIENTS: staticClients });
        const person = new Person(key);
        const secret = method === 'none' ? {} : { client_secret: password };
        const id = method === 'none' ? 'ours-public' : 'ours';
        person.registered = { client_id: id, ...secret, token_endpoint_auth_method: method };
        await live(t, server.url, person);

        if (method !== 'none') {
            const bare = await refresh(server.url, id, person.saved.refresh_token);
            assert.equal(bare.status, 401, 'without its secret it is nobody');
            assert.equal(bare.body.error, 'invalid_client');
        }
        const page = await consentPage(authorizeUrl(server.url, id, pkce().challenge));
        assert.match(page.html, /set up by the administrator/);
        assert.ok(!server.program.output.includes(password), 'the secret is in no log line');
    });
}
