// JSON for people: what fits on a line stays on one.
const width = 100;

export function pretty(value, indent = '') {
    const flat = one(value);
    if (indent.length + flat.length <= width || typeof value !== 'object') return flat;
    const deeper = `${indent}  `;
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    const lines = Array.isArray(value)
        ? value.map((item) => deeper + pretty(item, deeper))
        : entries(value).map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${pretty(item, deeper)}`);
    return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

const entries = (value) => Object.entries(value).filter(([, item]) => item !== undefined);

function one(value) {
    if (Array.isArray(value)) return `[${value.map(one).join(', ')}]`;
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    const inside = entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${one(item)}`);
    return inside.length ? `{ ${inside.join(', ')} }` : '{}';
}
