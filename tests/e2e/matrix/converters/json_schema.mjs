// What a converter hands on as JSON Schema, asked as its API would ask.
import assert from 'node:assert/strict';
import { Ajv } from 'ajv';

// `nullable` is OpenAPI's word, which Ajv takes only beside a type.
const readable = (schema) => JSON.parse(JSON.stringify(schema), (_, part) => {
    if (part?.nullable !== true || part.type) return part;
    const { nullable, ...rest } = part;
    return { anyOf: [rest, { type: 'null' }] };
});

export function converted(schema) {
    const accepts = new Ajv({ strict: false }).compile(readable(schema));
    return {
        names: Object.keys(schema.properties),
        accepts: (value) => assert.ok(accepts(value), JSON.stringify(accepts.errors)),
    };
}

const orNull = (schema) => schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;

function filled(schema, value) {
    const { items = {}, properties = {}, required = [] } = orNull(schema);
    if (Array.isArray(value)) return value.map((item) => filled(items, item));
    if (typeof value !== 'object' || value === null) return value;
    const nothing = Object.fromEntries(required.map((name) => [name, null]));
    const given = Object.entries(value)
        .map(([name, inner]) => [name, filled(properties[name] ?? {}, inner)]);
    return { ...nothing, ...Object.fromEntries(given) };
}

// In OpenAI's strict form, where every property is required and null stands for none.
export function convertedStrictly(schema) {
    const { names, accepts } = converted(schema);
    return { names, accepts: (value) => accepts(filled(schema, value)) };
}

// A client, or a server as a library sees it, that offers one tool with this schema and answers
// what it is called with.
export function offering(schema) {
    const tools = [{ name: 'tool', description: 'A tool.', inputSchema: schema }];
    return {
        tools,
        listTools: async () => ({ tools }),
        callTool: async ({ arguments: args }) => ({
            content: [{ type: 'text', text: JSON.stringify(args) }],
        }),
    };
}
