// The official TypeScript SDK's client with a person behind it.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export { Person } from './person.mjs';

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

// A connected client; logs in when it must. `prepare` gets it before it connects.
export async function connect(t, base, person, sdk = newest, options = {}, prepare = () => {}) {
    const url = new URL(`${base}/mcp`);
    const open = () => {
        const client = new sdk.Client({ name: 'SDK end-to-end test', version: '1' }, options);
        prepare(client);
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
