import { MCPConfiguration } from '@voltagent/core';
import { bearer } from '../library.mjs';

export async function open(scene) {
    const configuration = new MCPConfiguration({
        servers: {
            twenty: {
                type: 'streamable-http', url: scene.mcp,
                requestInit: { headers: await bearer(scene) },
            },
        },
    });
    scene.t.after(() => configuration.disconnect());
    const tools = await configuration.getTools();
    return {
        list: async () => (await configuration.getTools())
            .map(({ name }) => name.replace(/^twenty_/, '')),
        call: async (name, args) => JSON.stringify(
            await tools.find((tool) => tool.name === `twenty_${name}`).execute(args)),
    };
}
