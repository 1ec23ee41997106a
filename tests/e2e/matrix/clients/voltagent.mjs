import { MCPConfiguration } from '@voltagent/core';

export async function open(scene) {
    const configuration = new MCPConfiguration({
        servers: {
            twenty: {
                type: 'streamable-http', url: scene.mcp,
                requestInit: { headers: { Authorization: `Bearer ${await scene.token()}` } },
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
