// A Twenty with any data model: answers metadata from a schema and every query of records with
// made-up ones of the sizes that real ones have. For what answers cost a model; what the tools
// find and change is tested against the demo workspace.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

const workspaceId = '20202020-1c25-4d02-bf25-6aeccf7ea419';
const pageSize = 60;

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const key = [
    part({ alg: 'ES256', typ: 'JWT' }),
    part({ sub: workspaceId, type: 'API_KEY', workspaceId, jti: workspaceId, exp: 4102444800 }),
    'c2lnbmF0dXJl',
].join('.');

// -- Schemas -----------------------------------------------------------------------------------

// Nodes of Twenty's objects query, made of tests/e2e/fixtures/stock_schema.json.
export function stockSchema() {
    const file = new URL('../fixtures/stock_schema.json', import.meta.url);
    const { common, objects } = JSON.parse(readFileSync(fileURLToPath(file), 'utf8'));
    const plural = Object.fromEntries(objects.map((o) => [o.name, o.plural]));
    const end = (kind, target, field) => ({
        type: kind === '1' ? 'MANY_TO_ONE' : 'ONE_TO_MANY',
        targetObjectMetadata: { nameSingular: target, namePlural: plural[target] },
        targetFieldMetadata: { name: field },
    });
    const words = (name) => name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)
        .replace(/^./, (c) => c.toUpperCase());
    return objects.map((o) => ({
        id: `object-${o.name}`, nameSingular: o.name, namePlural: o.plural,
        labelSingular: words(o.name), labelPlural: words(o.plural), description: '', isActive: true,
        isSystem: o.system, isSearchable: o.searchable, applicationId: 'standard',
        labelIdentifierFieldMetadataId: `${o.name}-${o.label}`, duplicateCriteria: null,
        fieldsList: Object.entries({ ...common, ...o.fields }).map(([name, written]) => {
            const is = [written.is ?? written].flat();
            const [type, ...more] = is;
            const marks = written.marks ?? '';
            const relation = type === 'RELATION' ? end(...more) : null;
            return {
                id: `${o.name}-${name}`, name, label: words(name), description: '', type,
                isActive: true, isSystem: marks.includes('s'), isUIEditable: !marks.includes('r'),
                isUnique: marks.includes('u'), isNullable: !marks.includes('n'),
                defaultValue: marks.includes('n') ? 'now' : null, applicationId: 'standard',
                settings: relation ? { joinColumnName: `${name}Id` } : null, relation,
                morphRelations: type === 'MORPH_RELATION'
                    ? more.slice(1).map((target) => end(more[0], target, o.plural)) : null,
                options: /SELECT|RATING/.test(type)
                    ? more.map((value, position) => ({ value, label: value, position })) : null,
            };
        }),
    }));
}

// -- Records -----------------------------------------------------------------------------------

const id = (n) => `20202020-${(n * 7919 % 65536).toString(16).padStart(4, '0')}-4${(n * 31 % 4096)
    .toString(16).padStart(3, '0')}-9c40-${(n * 104729 + 74565404).toString(16).padStart(12, '0')}`;
const first = ['Ada', 'Callum', 'Elif', 'Nadia', 'Anselm', 'Marguerite'];
const last = ['Byron', 'Chaudhry', 'Okonkwo-Reyes', 'Sorel', 'Dubois'];
const pick = (list, n) => list[n % list.length];
const text = (name, n) => `${pick(['Glacier', 'Flint', 'Drift', 'Harbor'], n)} ${name} ${n}`;

const values = {
    UUID: id,
    TEXT: (n, f) => text(f.name, n),
    NUMBER: (n) => n * 37,
    NUMERIC: (n) => n * 37,
    BOOLEAN: (n) => n % 2 === 0,
    DATE: (n) => `2026-0${1 + (n % 9)}-1${n % 10}`,
    DATE_TIME: (n) => `2026-0${1 + (n % 9)}-1${n % 10}T09:3${n % 10}:17.00${n % 10}Z`,
    SELECT: (n, f) => pick(f.options ?? [{ value: 'A' }], n).value,
    RATING: (n) => `RATING_${1 + (n % 5)}`,
    MULTI_SELECT: (n, f) => (f.options ?? []).slice(0, 2).map((o) => o.value),
    ARRAY: (n) => [text('tag', n)],
    POSITION: (n) => n,
    TS_VECTOR: (n) => `'word':${n}`,
    RAW_JSON: (n) => ({ diff: { name: { before: text('a', n), after: text('b', n) } } }),
    FULL_NAME: (n) => ({ firstName: pick(first, n), lastName: pick(last, n) }),
    EMAILS: (n) => ({
        primaryEmail: `${pick(first, n)}.${pick(last, n)}${n}@example.com`.toLowerCase(),
        additionalEmails: [],
    }),
    PHONES: (n) => ({
        primaryPhoneNumber: `61234${1000 + n}`, primaryPhoneCountryCode: 'FR',
        primaryPhoneCallingCode: '+33', additionalPhones: [],
    }),
    LINKS: (n) => ({
        primaryLinkUrl: `https://www.example-${n}.com/en`, primaryLinkLabel: '', secondaryLinks: [],
    }),
    CURRENCY: (n) => ({ amountMicros: 1234500000 * (n + 1), currencyCode: 'EUR' }),
    ADDRESS: (n) => ({
        addressStreet1: `${n} Harbor Street`, addressStreet2: '', addressCity: 'San Francisco',
        addressPostcode: '94107', addressState: 'California', addressCountry: 'United States',
        addressLat: null, addressLng: null,
    }),
    ACTOR: () => ({ source: 'API', workspaceMemberId: null, name: 'Integration key', context: {} }),
    RICH_TEXT: (n) => ({ markdown: `${text('body', n)}\n`.repeat(40), blocknote: '[]' }),
    FILES: (n) => [{
        fileId: id(n), label: `offer-${n}.pdf`, extension: 'pdf',
        url: `https://example.com/file/${n}?token=eyJhbGciOi.x.y`,
    }],
};

// -- GraphQL, as far as this program's own queries go ------------------------------------------

// {name: {args, set}} of a selection; arguments stay text.
function parse(document) {
    const tokens = document.match(/"(?:[^"\\]|\\.)*"|[\w$]+|\.{3}|[^\s,]/g);
    let at = 0;
    const skip = (open, close) => {
        let depth = 0;
        const from = at;
        do {
            if (tokens[at] === open) depth += 1;
            if (tokens[at] === close) depth -= 1;
            at += 1;
        } while (depth > 0);
        return tokens.slice(from, at).join(' ');
    };
    const set = () => {
        const found = {};
        at += 1;
        while (tokens[at] !== '}') {
            const name = tokens[at++];
            const args = tokens[at] === '(' ? skip('(', ')') : '';
            found[name] = { args, set: tokens[at] === '{' ? set() : null };
        }
        at += 1;
        return found;
    };
    while (tokens[at] !== '{') {
        if (tokens[at] === '(') skip('(', ')');
        else at += 1;
    }
    return set();
}

function answerer(nodes) {
    const bySingular = Object.fromEntries(nodes.map((o) => [o.nameSingular, o]));
    const capital = (name) => name[0].toUpperCase() + name.slice(1);
    const relationOf = (f, name) => {
        if (f.relation && f.name === name) return f.relation;
        return f.morphRelations?.find(({ type, targetObjectMetadata: to }) => name === f.name
            + capital(type === 'MANY_TO_ONE' ? to.nameSingular : to.namePlural));
    };
    // Of a morph's ends one is set, as Twenty's own interface writes them.
    const unset = (f, to, n) => f.morphRelations?.length && to.type === 'MANY_TO_ONE'
        && f.morphRelations.indexOf(to) !== n % f.morphRelations.length;
    const record = (o, n, set) => Object.fromEntries(Object.entries(set).map(([name, { set: inner }]) => {
        for (const f of o.fieldsList) {
            if (f.name === name && values[f.type]) {
                const all = values[f.type](n, f);
                if (!inner || Array.isArray(all)) return [name, all];
                return [name, Object.fromEntries(Object.keys(inner).map((p) => [p, all[p] ?? null]))];
            }
            const joined = name.endsWith('Id') && relationOf(f, name.slice(0, -2));
            if (joined && unset(f, joined, n)) return [name, null];
            const to = relationOf(f, name);
            if (!to) continue;
            if (unset(f, to, n)) return [name, null];
            const target = bySingular[to.targetObjectMetadata.nameSingular];
            if (to.type === 'MANY_TO_ONE') return [name, record(target, n + 1, inner)];
            return [name, list(target, 10, n, inner)];
        }
        return [name, name.endsWith('Id') ? id(n + 1) : null];
    }));
    const list = (o, count, from, set) => ({
        totalCount: 1211,
        pageInfo: { hasNextPage: true, endCursor: Buffer.from(id(count)).toString('base64') },
        edges: set.edges && Array.from({ length: count }, (_, n) => ({
            cursor: part({ id: id(n) }), node: record(o, from + n, set.edges.set.node.set),
        })),
    });
    return ({ query }) => {
        const data = {};
        for (const [root, { args, set }] of Object.entries(parse(query))) {
            const many = nodes.find((o) => o.namePlural === root);
            const one = bySingular[root];
            if (many) data[root] = list(many, Number(args.match(/first : (\d+)/)?.[1] ?? pageSize), 0, set);
            else if (one) data[root] = record(one, 1, set);
        }
        return { data };
    };
}

const wishes = ['id', 'nameSingular', 'namePlural', 'labelSingular', 'labelPlural', 'description',
    'isActive', 'isSystem', 'isSearchable', 'applicationId', 'labelIdentifierFieldMetadataId',
    'duplicateCriteria', 'fieldsList', 'name', 'label', 'type', 'isNullable', 'isUnique',
    'defaultValue', 'options', 'settings', 'isUIEditable', 'relation', 'morphRelations',
    'displayName'];

function metadata(nodes, { query }) {
    if (query.includes('__type(')) return { data: { __type: { fields: wishes.map((name) => ({ name })) } } };
    if (query.includes('currentWorkspace'))
        return { data: { currentWorkspace: { id: workspaceId, displayName: 'Recorded' } } };
    const edges = nodes.map((node) => ({ node }));
    return { data: { objects: { pageInfo: { hasNextPage: false, endCursor: '' }, edges } } };
}

// Its address.
export async function schemaTwenty(t, nodes) {
    const records = answerer(nodes);
    const server = http.createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        const body = JSON.parse(Buffer.concat(chunks).toString());
        const answer = request.url === '/metadata' ? metadata(nodes, body) : records(body);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
        server.closeAllConnections();
        server.close();
    });
    return `http://127.0.0.1:${server.address().port}`;
}
