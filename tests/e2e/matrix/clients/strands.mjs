import { McpClient } from '@strands-agents/sdk';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const client = await authorized(scene, async (authProvider) => {
        const it = new McpClient({ url: scene.mcp, authProvider });
        await it.connect();
        return it;
    });
    scene.t.after(() => client.disconnect());
    const tools = await client.listTools();
    return {
        list: async () => (await client.listTools()).map(({ name }) => name),
        call: async (name, args) => JSON.stringify(
            await client.callTool(tools.find((tool) => tool.name === name), args)),
    };
}
