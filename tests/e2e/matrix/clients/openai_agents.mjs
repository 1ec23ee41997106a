// Tools as the library makes them for a model, and called as an agent calls them.
import { MCPServerStreamableHttp, RunContext, getAllMcpTools } from '@openai/agents';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const server = await authorized(scene, async (authProvider) => {
        const it = new MCPServerStreamableHttp({ url: scene.mcp, name: 'twenty', authProvider });
        await it.connect();
        return it;
    });
    scene.t.after(() => server.close());
    const tools = await getAllMcpTools([server]);
    return {
        list: async () => (await server.listTools()).map(({ name }) => name),
        call: async (name, args) => JSON.stringify(await tools.find((tool) => tool.name === name)
            .invoke(new RunContext(), JSON.stringify(args))),
    };
}
