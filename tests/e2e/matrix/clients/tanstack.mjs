import { createMCPClient } from '@tanstack/ai-mcp';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const client = await authorized(scene, (authProvider) => createMCPClient({
        transport: { type: 'http', url: scene.mcp, authProvider },
    }));
    scene.t.after(() => client.close());
    const tools = await client.tools();
    return {
        list: async () => (await client.tools()).map(({ name }) => name),
        call: async (name, args) => JSON.stringify(
            await tools.find((tool) => tool.name === name).execute(args)),
    };
}
