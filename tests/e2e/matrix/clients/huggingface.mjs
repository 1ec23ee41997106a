import { McpClient } from '@huggingface/mcp-client';
import { bearer } from '../library.mjs';

// What is called is what its loop calls when a model asks for a tool.
export async function open(scene) {
    const client = new McpClient({ endpointUrl: 'http://localhost:1', model: 'none' });
    await client.addMcpServer({
        type: 'http',
        config: {
            url: scene.mcp, options: { requestInit: { headers: await bearer(scene) } },
        },
    });
    scene.t.after(() => client.cleanup());
    return {
        list: async () => client.availableTools.map((tool) => tool.function.name),
        call: async (name, args) => JSON.stringify(
            await client.clients.get(name).callTool({ name, arguments: args })),
    };
}
