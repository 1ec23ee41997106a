import { createMcpClient } from '@genkit-ai/mcp';
import { genkit } from 'genkit';
import { authorized } from '../library.mjs';

export async function open(scene) {
    const ai = genkit({});
    const client = await authorized(scene, async (authProvider) => {
        const it = createMcpClient({ name: 'twenty', mcpServer: { url: scene.mcp, authProvider } });
        await it.ready(); // which ends well in any case
        if (!it.isEnabled()) throw new Error('it is not connected');
        return it;
    });
    scene.t.after(() => client.disable());
    const tools = async () => client.getActiveTools(ai);
    const plainName = (tool) => tool.__action.name.split('/').at(-1);
    return {
        list: async () => (await tools()).map(plainName),
        call: async (name, args) => JSON.stringify(
            await (await tools()).find((tool) => plainName(tool) === name)(args)),
    };
}
