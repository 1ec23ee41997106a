import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const { client, tools } = await authorized(scene, async (authProvider) => {
        const client = new MultiServerMCPClient({
            mcpServers: { twenty: { transport: 'http', url: scene.mcp, authProvider } },
        });
        return { client, tools: await client.getTools() };
    });
    scene.t.after(() => client.close());
    return {
        list: async () => (await client.getTools()).map(({ name }) => name),
        call: async (name, args) => JSON.stringify(
            await tools.find((tool) => tool.name === name).invoke(args)),
    };
}
