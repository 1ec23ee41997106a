// An OAuth client from elsewhere that forgives nothing: every answer of the authorization server,
// refusals above all, must be one that oauth4webapi takes, and one journey is openid-client's own.
import assert from 'node:assert/strict';
import test from 'node:test';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { callback, consentPage, submit } from './support/oauth.mjs';
import { demo } from './support/program.mjs';
import { discover, judged, refusal, sentTo, StrictClient } from './support/strict.mjs';

const elsewhere = 'https://elsewhere.example/mcp';
const gone = '401 invalid_token, bearer';

async function start(t) {
    const server = await demo(t);
    return { key: server.key, base: server.url, address: `${server.url}/mcp` };
}

// The challenges of a request to the resource with a token, or without one.
async function challenges(address, token) {
    const withoutToken = async (url, options) => {
        if (!token) delete options.headers.authorization; // the library always sends one
        return fetch(url, options);
    };
    const failure = await oauth.protectedResourceRequest(token ?? 'none', 'POST', new URL(address),
        new Headers({ 'content-type': 'application/json' }), '{}',
        { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: withoutToken })
        .catch((error) => error);
    assert.ok(failure instanceof oauth.WWWAuthenticateChallengeError, String(failure));
    assert.equal(failure.status, 401);
    return failure.cause;
}

test('the address of the resource is all that a client has to know', async (t) => {
    const { base, address } = await start(t);
    const [first, ...more] = await challenges(address);
    assert.deepEqual(more, []);
    assert.equal(first.scheme, 'bearer');
    assert.equal(first.parameters.error, undefined, 'nothing was sent that is at fault');
    const [spent] = await challenges(address, 'spent');
    assert.equal(spent.parameters.error, 'invalid_token');

    const { document, as } = await discover(address);
    for (const challenge of [first, spent]) {
        const named = await fetch(challenge.parameters.resource_metadata);
        assert.deepEqual(await named.json(), document, 'the challenge names the document');
        for (const scope of challenge.parameters.scope.split(' '))
            assert.ok(document.scopes_supported.includes(scope), scope);
    }
    assert.equal(document.resource, address);
    assert.deepEqual(document.authorization_servers, [base]);
    assert.deepEqual(as.protected_resources, [address]);
    assert.deepEqual(as.code_challenge_methods_supported, ['S256']);
    assert.equal(as.authorization_response_iss_parameter_supported, true);
    for (const [name, value] of Object.entries(as)) {
        assert.notEqual(value, null, `${name} is left out and not null`);
        if (name.endsWith('_endpoint')) assert.ok(value.startsWith(`${base}/`), name);
    }
});

test('introspection is neither offered nor there', async (t) => {
    const { base, address } = await start(t);
    const { client, as } = await StrictClient.make(address);
    await assert.rejects(oauth.introspectionRequest(as, client, oauth.None(), 'a token', judged()),
        { code: oauth.MISSING_SERVER_METADATA });
    const answer = await fetch(`${base}/introspect`, { method: 'POST' });
    assert.equal(answer.status, 404);
});

for (const method of ['none', 'client_secret_basic', 'client_secret_post']) {
    test(`a client lives its whole life by the letter of the RFCs (${method})`, async (t) => {
        const { key, address } = await start(t);
        const it = await StrictClient.make(address, { token_endpoint_auth_method: method });
        assert.equal(it.client.token_endpoint_auth_method, method);
        assert.equal('client_secret' in it.client, method !== 'none');
        assert.deepEqual(it.client.redirect_uris, [callback]);

        const first = await it.login(key);
        assert.deepEqual(Object.keys(first).sort(), ['access_token', 'expires_in', 'refresh_token',
            'resource', 'scope', 'token_type']);
        assert.equal(first.token_type, 'bearer');
        assert.ok(first.expires_in > 0);
        assert.equal(await it.use(first.access_token), 200);

        const second = await it.refresh(first.refresh_token, { resource: address });
        assert.notEqual(second.access_token, first.access_token);
        assert.notEqual(second.refresh_token, first.refresh_token, 'a refresh token is rotated');
        assert.equal(second.scope, first.scope);
        const narrower = await it.refresh(second.refresh_token, { scope: 'twenty:read' });
        assert.equal(narrower.scope, 'twenty:read');
        const third = await it.refresh(narrower.refresh_token);
        assert.equal(third.scope, first.scope, 'narrowing is for one access token (RFC 6749 §6)');
        assert.equal(await refusal(it.refresh(first.refresh_token)), '400 invalid_grant', 'spent');

        await it.revoke(third.access_token, { token_type_hint: 'access_token' });
        assert.equal(await refusal(it.use(third.access_token)), gone);
        const last = await it.refresh(third.refresh_token);
        assert.equal(await it.use(last.access_token), 200, 'the refresh token goes on');
        await it.revoke(last.refresh_token, { token_type_hint: 'refresh_token' });
        assert.equal(await refusal(it.use(last.access_token)), gone);
        assert.equal(await refusal(it.refresh(last.refresh_token)), '400 invalid_grant');
        await it.revoke(last.refresh_token); // RFC 7009 §2.2: no error
    });
}

test('openid-client finds, registers, logs in, refreshes and revokes by itself', async (t) => {
    const { key, base, address } = await start(t);
    const options = { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] };
    const config = await openid.dynamicClientRegistration(new URL(base),
        {
            client_name: 'openid-client', redirect_uris: [callback],
            token_endpoint_auth_method: 'client_secret_post', // what it uses unless told otherwise
        }, undefined, options);
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: callback, scope: 'twenty:read twenty:write offline_access', resource: address,
        state, code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
    });
    const back = await sentTo(await submit(await consentPage(url), { api_key: key }));
    const tokens = await openid.authorizationCodeGrant(config, back,
        { pkceCodeVerifier: verifier, expectedState: state }, { resource: address });
    assert.equal(tokens.scope, 'twenty:read twenty:write offline_access');
    assert.ok(tokens.expiresIn() > 0);
    const ping = (token) => openid.fetchProtectedResource(config, token, new URL(address), 'POST',
        '{"jsonrpc":"2.0","id":1,"method":"ping"}', new Headers({
            'content-type': 'application/json', accept: 'application/json, text/event-stream',
        }));
    assert.equal((await ping(tokens.access_token)).status, 200);
    const next = await openid.refreshTokenGrant(config, tokens.refresh_token,
        { resource: address });
    assert.equal((await ping(next.access_token)).status, 200);
    await openid.tokenRevocation(config, next.refresh_token);
    assert.equal(await refusal(ping(next.access_token)), gone);
    assert.equal(await refusal(openid.refreshTokenGrant(config, next.refresh_token)),
        '400 invalid_grant');
});

test('a lost answer of a rotation is given once more, an older token is refused', async (t) => {
    const { key, address } = await start(t);
    const it = await StrictClient.make(address);
    const first = await it.login(key);
    const second = await it.refresh(first.refresh_token);
    assert.deepEqual(await it.refresh(first.refresh_token), second);
    await it.refresh(second.refresh_token);
    assert.equal(await refusal(it.refresh(first.refresh_token)), '400 invalid_grant');
});

test('each fault of an authorization request is told to its client by the RFCs', async (t) => {
    const { address } = await start(t);
    const it = await StrictClient.make(address);
    const faults = [
        ['invalid_request', { response_type: null }],
        ['unsupported_response_type', { response_type: 'token' }],
        ['unsupported_response_type', { response_type: 'code id_token' }],
        ['invalid_request', { response_mode: 'fragment' }],
        ['invalid_request', { code_challenge: null }],
        ['invalid_request', { code_challenge: 'short' }],
        ['invalid_request', { code_challenge_method: null }],
        ['invalid_request', { code_challenge_method: 'plain' }],
        ['invalid_scope', { scope: 'twenty:"read"' }],
        ['invalid_target', { resource: elsewhere }],
        ['invalid_target', { resource: `${address}#fragment` }],
        ['invalid_target', { resource: 'mcp' }],
        ['invalid_target', { resource: elsewhere, state: null }],
    ];
    for (const [error, changes] of faults) {
        const { url, state } = await it.begin(changes);
        const back = await sentTo(await fetch(url, { redirect: 'manual' }));
        assert.equal(await refusal(it.validated(back, state)), error, JSON.stringify(changes));
    }
    for (const [name, value] of [['scope', 'twenty:read'], ['state', 'another']]) {
        const { url, state } = await it.begin({ scope: 'twenty:read' });
        url.searchParams.append(name, value);
        const back = await sentTo(await fetch(url, { redirect: 'manual' }));
        const kept = name === 'state' ? null : state; // one that is at fault is not given back
        assert.equal(await refusal(it.validated(back, kept)), 'invalid_request', `two of ${name}`);
    }
});

test('a person who declines sends access_denied, with state and issuer', async (t) => {
    const { address } = await start(t);
    const it = await StrictClient.make(address);
    const { url, state } = await it.begin();
    const back = await sentTo(await submit(await consentPage(url), { action: 'deny' }));
    assert.equal(await refusal(it.validated(back, state)), 'access_denied');
});

test('where the client or its address is in doubt, the browser is sent nowhere', async (t) => {
    const { address } = await start(t);
    const it = await StrictClient.make(address);
    const doubts = [
        { client_id: null }, { client_id: 'unknown' }, { client_id: `${it.client.client_id}x` },
        { redirect_uri: `${callback}/more` }, { redirect_uri: elsewhere },
        { redirect_uri: elsewhere, response_type: 'token' },
    ];
    for (const changes of doubts) {
        const { url } = await it.begin(changes);
        const answer = await fetch(url, { redirect: 'manual' });
        assert.equal(answer.status, 400, JSON.stringify(changes));
        assert.equal(answer.headers.get('location'), null);
        assert.match(answer.headers.get('content-type'), /^text\/html/);
    }
});

test('each fault of a token request is refused by the RFCs, and costs no code', async (t) => {
    const { key, address } = await start(t);
    const it = await StrictClient.make(address);
    const other = await StrictClient.make(address);
    const code = await it.code(key);
    const faults = [
        ['400 invalid_request', { grant_type: null }],
        ['400 unsupported_grant_type', { grant_type: 'password' }],
        ['400 unsupported_grant_type', { grant_type: 'client_credentials' }],
        ['400 invalid_request', { code: null }],
        ['400 invalid_request', { code_verifier: null }],
        ['400 invalid_request', { code_verifier: 'short' }],
        ['400 invalid_grant', { code: 'unknown' }],
        ['400 invalid_grant', { code_verifier: oauth.generateRandomCodeVerifier() }],
        ['400 invalid_grant', { redirect_uri: 'http://127.0.0.1:33418/another' }],
        ['400 invalid_target', { resource: elsewhere }],
        ['400 invalid_scope', { scope: 'twenty:"read"' }],
        ['401 invalid_client', { client_id: null }],
        ['401 invalid_client', { client_id: 'unknown' }],
    ];
    for (const [answer, changes] of faults)
        assert.equal(await refusal(it.redeem(code, changes)), answer, JSON.stringify(changes));
    assert.equal(await refusal(other.redeem(code)), '400 invalid_grant', 'the code of another');
    const twice = it.ask('authorization_code', { code: 'x' },
        ({ body }) => body.append('code', 'x'));
    assert.equal(await refusal(twice), '400 invalid_request', 'a parameter twice');
    const json = it.ask('authorization_code', {}, (options) => {
        options.body = JSON.stringify(Object.fromEntries(options.body));
        options.headers['content-type'] = 'application/json';
    });
    assert.equal(await refusal(json), '400 invalid_request', 'not a form');
    const tokens = await it.redeem(code);
    assert.equal(await it.use(tokens.access_token), 200, 'all of them left the code as it was');
});

test('a code that is used twice ends what it gave', async (t) => {
    const { key, address } = await start(t);
    const it = await StrictClient.make(address);
    const code = await it.code(key);
    const tokens = await it.redeem(code);
    assert.equal(await refusal(it.redeem(code)), '400 invalid_grant');
    assert.equal(await refusal(it.use(tokens.access_token)), gone);
    assert.equal(await refusal(it.refresh(tokens.refresh_token)), '400 invalid_grant');
});

test('each fault of a refresh is refused by the RFCs, and costs no token', async (t) => {
    const { key, address } = await start(t);
    const it = await StrictClient.make(address);
    const other = await StrictClient.make(address);
    const tokens = await it.login(key);
    const faults = [
        ['400 invalid_request', { refresh_token: null }],
        ['400 invalid_grant', { refresh_token: 'unknown' }],
        ['400 invalid_grant', { refresh_token: tokens.access_token }],
        ['400 invalid_target', { resource: elsewhere }],
        ['400 invalid_scope', { scope: 'twenty:"read"' }],
        ['401 invalid_client', { client_id: 'unknown' }],
    ];
    for (const [answer, changes] of faults) {
        assert.equal(await refusal(it.refresh(tokens.refresh_token, changes)), answer,
            JSON.stringify(changes));
    }
    assert.equal(await refusal(other.refresh(tokens.refresh_token)), '400 invalid_grant');
    const next = await it.refresh(tokens.refresh_token);
    assert.equal(await it.use(next.access_token), 200);
});

test('a client that did not register for refreshing cannot refresh', async (t) => {
    const { key, address } = await start(t);
    const it = await StrictClient.make(address, { grant_types: ['authorization_code'] });
    assert.equal('refresh_token' in await it.login(key), false);
    assert.equal(await refusal(it.refresh('a token')), '400 unauthorized_client');
});

test('a client proves itself as it registered, and in no other way', async (t) => {
    const { address } = await start(t);
    const basic = await StrictClient.make(address,
        { token_endpoint_auth_method: 'client_secret_basic' });
    const post = await StrictClient.make(address,
        { token_endpoint_auth_method: 'client_secret_post' });
    const pub = await StrictClient.make(address);
    const header = (value) => (_as, client, body, headers) => {
        body.set('client_id', client.client_id);
        headers.set('authorization', value);
    };
    const challenged = '401 invalid_client, basic';
    const attempts = [
        [challenged, basic, oauth.ClientSecretBasic('wrong')],
        [challenged, basic, oauth.ClientSecretBasic(post.client.client_secret)],
        [challenged, basic, header('Basic not-base64!')],
        [challenged, post, oauth.ClientSecretBasic(post.client.client_secret)],
        [challenged, pub, oauth.ClientSecretBasic('any')],
        ['401 invalid_client', basic, oauth.ClientSecretPost(basic.client.client_secret)],
        ['401 invalid_client', basic, oauth.None()],
        ['401 invalid_client', post, oauth.ClientSecretPost('wrong')],
        ['401 invalid_client', post, oauth.None()],
        ['401 invalid_client', pub, oauth.ClientSecretPost('any')],
        ['400 invalid_request', basic, (as, client, body, headers) => {
            oauth.ClientSecretBasic(client.client_secret)(as, client, body, headers);
            oauth.ClientSecretPost(client.client_secret)(as, client, body, headers);
        }],
    ];
    for (const [index, [answer, it, proof]] of attempts.entries()) {
        const as = it.proving(proof);
        assert.equal(await refusal(as.refresh('a token')), answer, `attempt ${index}, token`);
        assert.equal(await refusal(as.revoke('a token')), answer, `attempt ${index}, revocation`);
    }
    for (const it of [basic, post, pub])
        assert.equal(await refusal(it.refresh('a token')), '400 invalid_grant', 'its own way');
});

test('a revocation without a token is refused, and one by a stranger does nothing', async (t) => {
    const { key, address } = await start(t);
    const it = await StrictClient.make(address);
    const other = await StrictClient.make(address);
    assert.equal(await refusal(it.revoke('x', { token: null })), '400 invalid_request');
    const tokens = await it.login(key);
    await other.revoke(tokens.access_token);
    await other.revoke(tokens.refresh_token);
    await it.revoke('unknown');
    assert.equal(await it.use(tokens.access_token), 200);
    await it.refresh(tokens.refresh_token);
});

test('each fault of a registration is refused in the form of RFC 7591', async (t) => {
    const { address } = await start(t);
    const faults = [
        ['400 invalid_redirect_uri', { redirect_uris: null }],
        ['400 invalid_redirect_uri', { redirect_uris: [] }],
        ['400 invalid_redirect_uri', { redirect_uris: ['javascript:alert(1)'] }],
        ['400 invalid_redirect_uri', { redirect_uris: [`${callback}#fragment`] }],
        ['400 invalid_client_metadata', { token_endpoint_auth_method: 'private_key_jwt' }],
        ['400 invalid_client_metadata', { grant_types: ['client_credentials'] }],
        ['400 invalid_client_metadata', { response_types: ['token'] }],
        ['400 invalid_client_metadata', { client_name: 7 }],
        ['400 invalid_client_metadata', { logo_uri: 'javascript:alert(1)' }],
    ];
    for (const [answer, metadata] of faults) {
        assert.equal(await refusal(StrictClient.make(address, metadata)), answer,
            JSON.stringify(metadata));
    }
});
