// What the clients of libraries have in common.
import { auth } from '@modelcontextprotocol/sdk/client/auth.js';

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

// For what takes headers alone.
export async function bearer(scene) {
    return { Authorization: `Bearer ${await scene.token()}` };
}

// A connected Client of the official SDK, or one alike.
export const plain = (client) => ({
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => text(await client.callTool({ name, arguments: args })),
});
