// mcpToTool() takes a connected client of the official SDK, and calls what a model asks for.
import { mcpToTool } from '@google/genai';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const client = await authorized(scene, async (authProvider) => {
        const it = new Client({ name: 'matrix', version: '1' });
        await it.connect(new StreamableHTTPClientTransport(new URL(scene.mcp), { authProvider }));
        return it;
    });
    scene.t.after(() => client.close());
    const tool = mcpToTool(client);
    await tool.tool();
    return {
        list: async () => (await mcpToTool(client).tool()).functionDeclarations
            .map(({ name }) => name),
        call: async (name, args) => {
            const [{ functionResponse }] = await tool.callTool([{ name, args }]);
            return JSON.stringify(functionResponse.response);
        },
    };
}
