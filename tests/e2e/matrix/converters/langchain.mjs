// LangChain flattens what a schema offers as alternatives, and refuses a call by what is left.
import assert from 'node:assert/strict';
import { loadMcpTools } from '@langchain/mcp-adapters';
import { offering } from './json_schema.mjs';

async function convert(schema) {
    const [tool] = await loadMcpTools('twenty', offering(schema), { throwOnLoadError: true });
    return {
        names: Object.keys(tool.schema.properties),
        async accepts(value) {
            assert.deepEqual(JSON.parse(await tool.invoke(value)), value, 'it arrives as it was');
        },
    };
}

export const converters = { LangChain: convert };
