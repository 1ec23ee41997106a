import { createMCPClient } from '@ai-sdk/mcp';
import { converted, offering } from './json_schema.mjs';

// Answers what a client asks before it is one.
const silent = {
    async start() {},
    async close() {},
    async send({ id }) {
        if (id === undefined) return;
        this.onmessage({ jsonrpc: '2.0', id, result: {
            protocolVersion: '2025-06-18', capabilities: { tools: {} },
            serverInfo: { name: 'twenty', version: '1' },
        } });
    },
};

async function convert(schema) {
    const client = await createMCPClient({ transport: silent });
    const { tool } = client.toolsFromDefinitions({ tools: offering(schema).tools });
    return converted(await tool.inputSchema.jsonSchema);
}

export const converters = { 'Vercel AI SDK': convert };
