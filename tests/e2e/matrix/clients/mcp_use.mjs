import { MCPClient } from 'mcp-use/client';
import { authorized, text } from '../library.mjs';

export async function open(scene) {
    const { client, session } = await authorized(scene, async (authProvider) => {
        const client = new MCPClient({ mcpServers: { twenty: { url: scene.mcp, authProvider } } });
        return { client, session: await client.createSession('twenty') };
    });
    scene.t.after(() => client.closeAllSessions());
    return {
        list: async () => (await session.listTools()).map(({ name }) => name),
        call: async (name, args) => text(await session.callTool(name, args)),
    };
}
