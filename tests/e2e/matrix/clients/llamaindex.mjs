import { mcp } from '@llamaindex/tools';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const { server, tools } = await authorized(scene, async (authProvider) => {
        const server = mcp({ url: scene.mcp, verbose: false, authProvider });
        return { server, tools: await server.tools() };
    });
    scene.t.after(() => server.cleanup());
    return {
        list: async () => (await server.tools()).map((tool) => tool.metadata.name),
        call: async (name, args) => JSON.stringify(
            await tools.find((tool) => tool.metadata.name === name).call(args)),
    };
}
