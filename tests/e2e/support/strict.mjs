// A strict OAuth client: oauth4webapi sends and judges, and beside it stands what the RFCs demand
// of an answer's head and body but the library passes over.
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { callback, consentPage, submit } from './oauth.mjs';

// RFC 6749 §5.2: what the two texts of an error may hold.
const errorText = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;

async function checkHead(options, answer) {
    const text = await answer.clone().text();
    if (text) assert.match(answer.headers.get('content-type'), /^application\/json(;|$)/);
    if (options.method === 'POST') { // RFC 6749 §5.1, RFC 7591 §3.2
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        assert.equal(answer.headers.get('pragma'), 'no-cache');
    }
    if (answer.status < 400) return;
    const { error, error_description: description } = JSON.parse(text);
    assert.match(error, errorText);
    assert.match(description, errorText);
    const scheme = options.headers.authorization?.split(' ')[0];
    if (answer.status === 401 && scheme) { // RFC 6749 §5.2
        assert.match(answer.headers.get('www-authenticate'), new RegExp(`^${scheme} `),
            'the challenge is of the scheme that was tried');
    }
}

// Options of every request. `tamper` may change what the library is about to send.
export function judged(tamper = () => {}) {
    return {
        [oauth.allowInsecureRequests]: true, // the server under test is on loopback
        [oauth.customFetch]: async (url, options) => {
            tamper(options);
            const answer = await fetch(url, options);
            await checkHead(options, answer);
            return answer;
        },
    };
}

// Where a browser is sent from the authorization endpoint; nothing is sent along by itself.
export async function sentTo(answer) {
    assert.equal(answer.status, 303, await answer.text());
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const goal = answer.headers.get('location');
    assert.ok(goal.startsWith(`${callback}?`), goal);
    return new URL(goal);
}

// "STATUS ERROR", with ", SCHEME" of each challenge, of an answer that the library took for a
// well-formed refusal. Whatever else the library says of it is thrown.
export async function refusal(answer) {
    const failure = await answer.then(() => assert.fail('it was not refused'), (error) => error);
    if (failure instanceof oauth.AuthorizationResponseError) {
        assert.match(failure.error_description, errorText);
        return failure.error;
    }
    if (failure instanceof oauth.ResponseBodyError) return `${failure.status} ${failure.error}`;
    if (!(failure instanceof oauth.WWWAuthenticateChallengeError)) throw failure;
    const { error } = await failure.response.json();
    return [`${failure.status} ${error}`, ...failure.cause.map(({ scheme }) => scheme)].join(', ');
}

// From the resource's address alone: its own metadata and that of its authorization server.
export async function discover(address) {
    const resource = new URL(address);
    const document = await oauth.resourceDiscoveryRequest(resource, judged())
        .then((answer) => oauth.processResourceDiscoveryResponse(resource, answer));
    const issuer = new URL(document.authorization_servers[0]);
    const as = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...judged() })
        .then((answer) => oauth.processDiscoveryResponse(issuer, answer));
    assert.equal(as.issuer, document.authorization_servers[0], 'by the letter (RFC 8414 §3.3)');
    return { document, as };
}

const proofs = {
    none: () => oauth.None(),
    client_secret_basic: oauth.ClientSecretBasic,
    client_secret_post: oauth.ClientSecretPost,
};

export class StrictClient {
    // Registers itself.
    static async make(address, metadata = {}) {
        const { as } = await discover(address);
        const client = await oauth.dynamicClientRegistrationRequest(as, {
            client_name: 'a strict client', redirect_uris: [callback],
            grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
            token_endpoint_auth_method: 'none', ...metadata,
        }, judged()).then(oauth.processDynamicClientRegistrationResponse);
        return new StrictClient(address, as, client);
    }

    constructor(address, as, client) {
        Object.assign(this, { address, as, client });
        this.proof = proofs[client.token_endpoint_auth_method](client.client_secret);
    }

    // As this client, with another proof of who it is.
    proving(proof) {
        return Object.assign(Object.create(StrictClient.prototype), this, { proof });
    }

    // {url, state, verifier}. `changes` replace parameters, and those that are null are left out.
    async begin(changes = {}) {
        const verifier = oauth.generateRandomCodeVerifier();
        const parameters = {
            response_type: 'code', client_id: this.client.client_id, redirect_uri: callback,
            state: oauth.generateRandomState(), resource: this.address,
            code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
            code_challenge_method: 'S256', ...changes,
        };
        const url = new URL(this.as.authorization_endpoint);
        for (const [name, value] of Object.entries(parameters))
            if (value !== null) url.searchParams.append(name, value);
        return { url, state: parameters.state, verifier };
    }

    // The parameters of an authorization response, once state and issuer were found right.
    async validated(back, state) {
        return oauth.validateAuthResponse(this.as, this.client, back, state ?? oauth.expectNoState);
    }

    // {parameters, verifier} of a code that a person approved.
    async code(key) {
        const { url, state, verifier } = await this.begin();
        const back = await sentTo(await submit(await consentPage(url), { api_key: key }));
        return { parameters: await this.validated(back, state), verifier };
    }

    // `changes` as those of begin(), of the request's body.
    changed(changes) {
        return judged(({ body }) => {
            for (const [name, value] of Object.entries(changes)) {
                body.delete(name);
                if (value !== null) body.set(name, value);
            }
        });
    }

    async redeem({ parameters, verifier }, changes = {}) {
        return oauth.authorizationCodeGrantRequest(this.as, this.client, this.proof, parameters,
            callback, verifier, this.changed({ resource: this.address, ...changes }))
            .then((answer) => oauth.processAuthorizationCodeResponse(this.as, this.client, answer));
    }

    async login(key) { return this.redeem(await this.code(key)); }

    async refresh(token, changes = {}) {
        return oauth.refreshTokenGrantRequest(this.as, this.client, this.proof, token,
            this.changed(changes))
            .then((answer) => oauth.processRefreshTokenResponse(this.as, this.client, answer));
    }

    // Any request of the token endpoint; `tamper` sees it last.
    async ask(grantType, parameters, tamper) {
        return oauth.genericTokenEndpointRequest(this.as, this.client, this.proof, grantType,
            parameters, judged(tamper)).then((answer) =>
            oauth.processGenericTokenEndpointResponse(this.as, this.client, answer));
    }

    async revoke(token, changes = {}) {
        return oauth.revocationRequest(this.as, this.client, this.proof, token,
            this.changed(changes)).then(oauth.processRevocationResponse);
    }

    // The status of a request to the resource; the challenge of one that is refused is thrown.
    async use(token) {
        const headers = new Headers({
            'content-type': 'application/json', accept: 'application/json, text/event-stream',
        });
        const answer = await oauth.protectedResourceRequest(token, 'POST', new URL(this.address),
            headers, '{"jsonrpc":"2.0","id":1,"method":"ping"}',
            { [oauth.allowInsecureRequests]: true });
        return answer.status;
    }
}
