import { MCPClient } from '@mastra/mcp';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const { client, tools } = await authorized(scene, async (authProvider) => {
        const client = new MCPClient({
            id: crypto.randomUUID(),
            servers: { twenty: { url: new URL(scene.mcp), authProvider, connectTimeout: 10_000 } },
        });
        const tools = await client.listTools();
        if (Object.keys(tools).length === 0) throw new Error('no tools');
        return { client, tools };
    });
    scene.t.after(() => client.disconnect());
    return {
        list: async () => Object.keys(await client.listTools())
            .map((name) => name.replace(/^twenty_/, '')),
        call: async (name, args) => JSON.stringify(await tools[`twenty_${name}`].execute(args, {})),
    };
}
