// Forms of JSON Schema that clients, or the makers of their models, refuse or do not keep: one of
// them in one tool can make every call of a conversation fail.
const alternatives = ['anyOf', 'oneOf', 'allOf', 'not', '$ref', '$defs'];

function* inside(schema, path) {
    if (typeof schema !== 'object') {
        yield `${path} is a boolean`;
        return;
    }
    for (const word of alternatives) if (word in schema) yield `${path} has ${word}`;
    if (Array.isArray(schema.type)) yield `${path} has several types`;
    if (schema.type === 'array' && schema.items === undefined) yield `${path} has no items`;
    if (schema.items !== undefined) yield* inside(schema.items, `${path}[]`);
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
        yield* inside(inner, `${path}.${name}`);
    }
}

// Where it says what it says no to, and why.
export function faults(schema, path) {
    const found = [...inside(schema, path)];
    if (schema.type !== 'object' || !schema.properties) found.push(`${path} has no properties`);
    return found;
}
