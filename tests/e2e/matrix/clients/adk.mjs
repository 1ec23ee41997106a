import { MCPToolset } from '@google/adk';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const { toolset, tools } = await authorized(scene, async (authProvider) => {
        const toolset = new MCPToolset({
            type: 'StreamableHTTPConnectionParams', url: scene.mcp,
            transportOptions: { authProvider },
        });
        return { toolset, tools: await toolset.getTools() };
    });
    scene.t.after(() => toolset.close());
    return {
        list: async () => (await toolset.getTools()).map(({ name }) => name),
        call: async (name, args) => JSON.stringify(await tools.find((tool) => tool.name === name)
            .runAsync({ args, toolContext: {} })),
    };
}
