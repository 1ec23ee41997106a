// The official TypeScript SDK's client with a person behind it, who approves every consent page
// with the same key and choices.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { approve, callback } from './oauth.mjs';

export class Person {
    constructor(apiKey, choices = {}) {
        this.choices = { api_key: apiKey, ...choices };
        this.consents = 0;
        this.refreshes = 0;
    }

    get redirectUrl() { return callback; }
    get clientMetadata() {
        return {
            client_name: 'SDK end-to-end test', redirect_uris: [callback],
            grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
            token_endpoint_auth_method: 'none',
        };
    }
    state() { return 'sdk-state'; }
    clientInformation() { return this.registered; }
    saveClientInformation(information) { this.registered = information; }
    tokens() { return this.saved; }
    saveTokens(tokens) {
        if (this.saved && tokens.refresh_token !== this.saved.refresh_token) this.refreshes += 1;
        this.saved = tokens;
    }
    saveCodeVerifier(verifier) { this.verifier = verifier; }
    codeVerifier() { return this.verifier; }
    async redirectToAuthorization(url) {
        this.consents += 1;
        this.back = await approve(url.href, this.choices);
    }
}

// The SDK's own delays; its two tries are over before a server on a busy machine has restarted.
const patient = {
    initialReconnectionDelay: 1000, maxReconnectionDelay: 30_000, reconnectionDelayGrowFactor: 1.5,
    maxRetries: 10,
};

const newest = { Client, StreamableHTTPClientTransport, UnauthorizedError };

// The same parts of another release of the SDK, by the name that it is installed under.
export async function release(name) {
    const part = (file) => import(`${name}/client/${file}.js`);
    return { ...await part('index'), ...await part('streamableHttp'), ...await part('auth') };
}

// A connected client; logs in when it must.
export async function connect(t, base, person, sdk = newest) {
    const url = new URL(`${base}/mcp`);
    const open = () => {
        const client = new sdk.Client({ name: 'SDK end-to-end test', version: '1' });
        const transport = new sdk.StreamableHTTPClientTransport(url,
            { authProvider: person, reconnectionOptions: patient });
        return { client, transport };
    };
    let { client, transport } = open();
    try {
        await client.connect(transport);
    } catch (error) {
        if (!(error instanceof sdk.UnauthorizedError)) throw error;
        await transport.finishAuth(person.back.searchParams.get('code'));
        ({ client, transport } = open());
        await client.connect(transport);
    }
    t.after(() => client.close());
    return { client, transport };
}
