// The strict form is left for the other one where an object may have any names in it.
import { mcpToFunctionTool } from '@openai/agents';
import { converted, convertedStrictly, offering } from './json_schema.mjs';

const convert = (strict) => (schema) => {
    const server = offering(schema);
    const tool = mcpToFunctionTool(server.tools[0], { name: 'twenty', ...server }, strict);
    return tool.strict ? convertedStrictly(tool.parameters) : converted(tool.parameters);
};

export const converters = {
    'OpenAI Agents, strict': convert(true),
    'OpenAI Agents, not strict': convert(false),
};
