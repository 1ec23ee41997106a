// mcpToTool() takes a connected client of the official SDK, and calls what a model asks for.
import { mcpToTool } from '@google/genai';
import { connected } from '../library.mjs';

export async function open(scene) {
    const client = await connected(scene);
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
