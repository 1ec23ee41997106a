// What the clients of libraries have in common.
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export const text = (result) => {
    if (result.isError) throw new Error(JSON.stringify(result));
    return JSON.stringify(result);
};

// For what takes the SDK's OAuthClientProvider: its first connect() sends the person to the
// consent page and fails; an application then redeems the code and connects again.
export async function authorized({ person, mcp }, connect) {
    try {
        return await connect(person);
    } catch (error) {
        if (!person.back) throw error;
        await auth(person, {
            serverUrl: mcp, authorizationCode: person.back.searchParams.get('code'),
        });
        return connect(person);
    }
}

// For what takes a connected client of the official SDK.
export async function connected(scene) {
    const client = await authorized(scene, async (authProvider) => {
        const it = new Client({ name: 'matrix', version: '1' });
        await it.connect(new StreamableHTTPClientTransport(new URL(scene.mcp), { authProvider }));
        return it;
    });
    scene.t.after(() => client.close());
    return client;
}

// A connected Client of the official SDK, or one alike.
export const plain = (client) => ({
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => text(await client.callTool({ name, arguments: args })),
});
