// Puts names in the place of what differs from run to run (ids, tokens, ports, dates), the same
// name for the same value wherever it returns, and a sketch in the place of long content, so
// that a transcript speaks of envelopes and not of what the tools say.

// Fields whose value is a secret or an id of this run, by the name it gets.
const named = {
    access_token: 'access token', refresh_token: 'refresh token', client_id: 'client id',
    client_secret: 'client secret', code: 'code', code_verifier: 'verifier',
    code_challenge: 'challenge', state: 'state', txn: 'sealed request',
    cookie: 'cookie', 'mcp-session-id': 'session id', api_key: 'api key',
    'claudecode/toolUseId': 'tool use id',
};
// Fields that only tell a time or a version.
const dated = { client_id_issued_at: '<time>', client_secret_expires_at: '<time>' };

const patterns = [
    [/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<api key>'],
    [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>'],
    [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>'],
    [/^[\w-]{12}(?=\.\d+\.\d+$)/, '<stream>'],
    [/(localhost|127\.0\.0\.1):\d{4,5}/g, '$1:<port>'],
];

function walk(value, visit, key) {
    if (Array.isArray(value)) return value.map((item) => walk(item, visit, key));
    if (value === null || typeof value !== 'object') return visit(value, key);
    return Object.fromEntries(Object.entries(value)
        .map(([name, item]) => [name, walk(item, visit, name)]));
}

// Lists of things that describe themselves, and what tools and resources say.
const lists = ['tools', 'prompts', 'resources', 'resourceTemplates'];

function sketch(value, key) {
    if (Array.isArray(value)) {
        if (!lists.includes(key) || !value.every((item) => item?.name)) {
            return value.map((item) => sketch(item, key));
        }
        const fields = [...new Set(value.flatMap(Object.keys))].sort();
        return [`<${key} with ${fields.join(', ')}>`];
    }
    if (value === null || typeof value !== 'object') {
        const long = typeof value === 'string' && value.length > 60;
        if (key === 'text' || (key === 'instructions' && long)) return `<${key}>`;
        return value;
    }
    return Object.fromEntries(Object.entries(value).map(([name, item]) => {
        if (name === 'structuredContent') return [name, `<object with ${Object.keys(item).join(', ')}>`];
        if (name === 'icons') return [name, '<icons>'];
        if (name === 'serverInfo' || name.endsWith('/serverInfo')) {
            return [name, { ...sketch(item, name), version: '<version>' }];
        }
        return [name, sketch(item, name)];
    }));
}

export function placeholders(value, known = {}) {
    const names = new Map(Object.entries(known));
    const counts = {};
    walk(value, (item, key) => {
        // A client's own address is the same in every run.
        const kind = key === 'client_id' && /^https:/.test(item) ? undefined : named[key];
        if (kind && typeof item === 'string' && item !== '' && !names.has(item)) {
            counts[kind] = (counts[kind] ?? 0) + 1;
            names.set(item, counts[kind] === 1 ? `<${kind}>` : `<${kind} ${counts[kind]}>`);
        }
    });
    const longestFirst = [...names].sort(([a], [b]) => b.length - a.length);
    const replaced = walk(value, (item, key) => {
        if (key in dated) return dated[key];
        if (typeof item !== 'string') return item;
        let text = item;
        for (const [from, to] of longestFirst) {
            text = text.replaceAll(encodeURIComponent(from), to).replaceAll(from, to);
        }
        for (const [pattern, to] of patterns) text = text.replace(pattern, to);
        return text;
    });
    return sketch(replaced);
}
