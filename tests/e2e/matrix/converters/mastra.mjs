// Mastra's layer for each maker of models. Those for OpenAI close every object, also one that may
// have any names in it: only an empty one is left of it, whatever its schema says of others.
import {
    AnthropicSchemaCompatLayer, DeepSeekSchemaCompatLayer, GoogleSchemaCompatLayer, jsonSchema,
    MetaSchemaCompatLayer, OpenAIReasoningSchemaCompatLayer, OpenAISchemaCompatLayer,
} from '@mastra/schema-compat';
import { converted, convertedStrictly } from './json_schema.mjs';

const process = (Layer, provider, modelId, schema) =>
    new Layer({ provider, modelId, supportsStructuredOutputs: true })
        .processToJSONSchema(jsonSchema(schema), 'input');

const convert = (...model) => (schema) => converted(process(...model, schema));

function emptied(schema, value) {
    if (Array.isArray(value)) return value.map((item) => emptied(schema.items ?? {}, item));
    if (schema.type !== 'object') return value;
    return Object.fromEntries(Object.entries(value).filter(([name]) => schema.properties?.[name])
        .map(([name, inner]) => [name, emptied(schema.properties[name], inner)]));
}

const close = (...model) => (schema) => {
    const { names, accepts } = convertedStrictly(process(...model, structuredClone(schema)));
    return { names, accepts: (value) => accepts(emptied(schema, value)) };
};

export const converters = {
    'Mastra for Anthropic': convert(AnthropicSchemaCompatLayer, 'anthropic', 'claude-3.5-haiku'),
    'Mastra for DeepSeek': convert(DeepSeekSchemaCompatLayer, 'deepseek', 'deepseek-chat'),
    'Mastra for Google': convert(GoogleSchemaCompatLayer, 'google', 'gemini-2.5-pro'),
    'Mastra for Meta': convert(MetaSchemaCompatLayer, 'meta', 'llama-3'),
    'Mastra for OpenAI, but for what is in objects of any names,':
        close(OpenAISchemaCompatLayer, 'openai', 'gpt-4o'),
    'Mastra for OpenAI reasoning, but for what is in objects of any names,':
        close(OpenAIReasoningSchemaCompatLayer, 'openai', 'o3-mini'),
};
