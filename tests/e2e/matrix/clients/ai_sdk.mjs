// The library has an OAuth of its own: what it takes looks like the SDK's provider.
import { auth, createMCPClient } from '@ai-sdk/mcp';
import { text } from '../library.mjs';

export async function open({ t, mcp, person }) {
    const connect = () => createMCPClient({
        transport: { type: 'http', url: mcp, authProvider: person },
    });
    let client;
    try {
        client = await connect();
    } catch (error) {
        if (!person.back) throw error;
        const [code, state] = ['code', 'state'].map((name) => person.back.searchParams.get(name));
        await auth(person, { serverUrl: mcp, authorizationCode: code, callbackState: state });
        client = await connect();
    }
    t.after(() => client.close());
    const tools = await client.tools();
    return {
        list: async () => Object.keys(await client.tools()),
        call: async (name, args) => text(
            await tools[name].execute(args, { toolCallId: '1', messages: [] })),
    };
}
