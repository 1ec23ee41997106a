// Everything that reads what others write, with the most that each place takes: all tools by each
// of their arguments, the protocol's other methods, all paths of HTTP. Whatever is sent, others are
// answered within a tenth of a second, no request takes more than its share of the only thread, and
// 256 KB are stack enough. What is walked comes from the lists of the server itself: tools/list, and
// the tables of paths in its sources.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Worker } from 'node:worker_threads';
import { initialize, rpc, send } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { demo, memoryFolder, service } from './support/program.mjs';

const sanitized = process.env.E2E_SANITIZED === '1';
const message = sanitized ? 100_000 : 1_000_000; // bytes; /mcp takes 1 MiB
const latest = sanitized ? 2_000 : 100; // ms until /healthz answers
const longest = sanitized ? 1_000 : 20; // ms of CPU
const tries = 5; // machines are shared: what is slow each time is slow
const adminToken = 'an-admin-token-of-good-length-0123456789';

const times = (part, bytes) => part.repeat(Math.ceil(bytes / part.length));
const numbered = (before, after, bytes) => {
    const parts = [];
    for (let i = 1_000_000, size = 0; size < bytes; i += 1) {
        const part = `${before}${i}${after}`;
        parts.push(part);
        size += part.length + 1;
    }
    return parts.join(',');
};
const nested = (open, inner, close, depth) => open.repeat(depth) + inner + close.repeat(depth);
const quoted = (text) => JSON.stringify(text);

// As JSON. Each `n` bytes, whatever the argument is meant to be.
const values = {
    'a long text': (n) => quoted(times('x', n)),
    'a text of hidden characters': (n) => quoted(times('\u200b', n / 3)),
    'a text of escapes': (n) => `"${times('\\u200b', n)}"`,
    'a text of emoji': (n) => quoted(times('👩‍👩‍👧‍👦', n / 2)),
    'a path of many steps': (n) => quoted(`name${times('.x', n)}`),
    'conditions': (n) => quoted(times('name[eq]:x,', n)),
    'brackets': (n) => quoted(times('and(', n)),
    'closing brackets': (n) => quoted(`name[eq]:${times(')', n)}`),
    'a list as text': (n) => quoted(`id[in]:[${numbered('', '', n)}]`),
    'commas': (n) => quoted(times('a,', n)),
    'different names': (n) => quoted(numbered('f', '', n)),
    'blanks': (n) => quoted(times(' ', n)),
    'quotation marks': (n) => quoted(times('"', n / 2)),
    'percent signs': (n) => quoted(times('%', n)),
    'digits': (n) => times('7', n),
    'JSON in a text': (n) => quoted(`[${times('{"a":[]},', n * 0.7)}1]`),
    'deep JSON in a text': (n) => quoted(times(nested('[', '', ']', 60), n)),
    'a list of texts': (n) => `[${numbered('"k', '"', n)}]`,
    'a list of one text': (n) => `[${times('"name",', n)}"name"]`,
    'a list of nothing': (n) => `[${times('{},', n)}1]`,
    'a list of lists': (n) => `[${times(`${nested('[', '', ']', 50)},`, n)}1]`,
    'a list of records': (n) => `[${numbered('{"name":"c', '"}', n)}]`,
    'a list of conditions': (n) => `[${times('{"name":{"ilike":"%a%"}},', n)}{}]`,
    'a list of ids': (n) => `[${times('"20202020-0687-4c41-b707-ed1bfca972a7",', n)}1]`,
    'many members': (n) => `{${numbered('"m', '":1', n)}}`,
    'one member': (n) => `{"name":${quoted(times('x', n))}}`,
    'a member of many': (n) => `{"emails":{"additionalEmails":[${numbered('"', '@x.example"', n)}]}}`,
    'deep conditions': (n) => `{"or":[${times(`${nested('{"not":', '{"name":{"eq":"x"}}', '}', 20)},`, n)}{}]}`,
};

// As text, for documents in GraphQL.
const documents = {
    'fields': (n) => `{ companies { edges { node { ${times('id ', n)} } } } }`,
    'names for fields': (n) => `{ companies { edges { node { ${numbered('a', ': id', n)} } } } }`,
    'root fields': (n) => `{ ${numbered('a', ': companies { totalCount }', n)} }`,
    'fragments': (n) => `{ companies { ...f1000000 } } ${numbered('fragment f', ' on C { id }', n).replaceAll(',', ' ')}`,
    'spreads': (n) => `{ companies { ${times('...f ', n)} } } fragment f on CompanyConnection { totalCount }`,
    'a variable': (n) => `query ($v: String) { companies(filter: {or: [${times('{name: {eq: $v}}', n)}]}) { totalCount } }`,
    'variables': (n) => `query (${numbered('$v', ': Int', n)}) { companies { totalCount } }`,
    'brackets': (n) => times('{a', n),
    'a text': (n) => `{ companies(filter: {name: {eq: ${quoted(times('x', n))}}}) { totalCount } }`,
    'a block of text': (n) => `{ companies(filter: {name: {eq: """${times('\n x', n)}"""}}) { totalCount } }`,
    'comments': (n) => `${times('#\n', n)}{ companies { totalCount } }`,
    'directives': (n) => `{ companies ${times('@include(if: true) ', n)} { totalCount } }`,
    'operations': (n) => numbered('query q', ' { companies { totalCount } }', n).replaceAll(',', ' '),
};

const bodies = {
    'names': (n) => numbered('k', '=v', n).replaceAll(',', '&'),
    'ampersands': (n) => times('&', n),
    'escapes': (n) => `label=${times('%41', n - 9)}`,
    'a value': (n) => `client_id=${times('x', n - 10)}`,
    'objects': (n) => `action=approve&objects=${numbered('o', '', n - 40)}`,
    'members': (n) => `{${numbered('"m', '":1', n - 20)}}`,
    'lists': (n) => `[${times('[],', n - 10)}1]`,
    'a text': (n) => `{"client_name":${quoted(times('x', n - 30))}}`,
    'no text': (n) => Buffer.alloc(n, 0xff),
    'hidden characters': (n) => times('\u200b', n / 3 - 1),
};

// The paths of both tables, so that none is forgotten.
const source = (name) => readFileSync(path.join(import.meta.dirname, '../../web', name), 'utf8');
const paths = [...source('router.cpp').matchAll(/(?:\{|\.path = )"(\/[^"]*)"/g)].map(([, p]) => p);

// Asks /healthz every ten milliseconds, in a thread of its own: {since(ms), end()}.
function observer(t, base) {
    const worker = new Worker(`
        const { parentPort, workerData } = require('node:worker_threads');
        const http = require('node:http');
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        const now = () => performance.timeOrigin + performance.now();
        let over = false;
        parentPort.on('message', () => { over = true; });
        const ask = () => {
            const asked = now();
            http.get(workerData + '/healthz', { agent }, (response) => {
                response.resume().on('end', () => {
                    parentPort.postMessage({ asked, answered: now(), status: response.statusCode });
                    if (over) process.exit(); else setTimeout(ask, 10);
                });
            }).on('error', (error) => parentPort.postMessage({ asked, answered: now(), status: error.message }));
        };
        ask();`, { eval: true, workerData: base });
    const it = { all: [], end: () => worker.postMessage('over') };
    worker.on('message', (answer) => it.all.push(answer));
    t.after(() => worker.terminate());
    return it;
}

test('nothing that is sent keeps others waiting, with a stack of 256 KB', async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, {
        TWENTY_MCP_LOG_LEVEL: 'error', TWENTY_MCP_DATA_DIR: memoryFolder(t), ADMIN_TOKEN: adminToken,
    }, sanitized ? {} : { stack: 256 });
    const base = server.url;
    const { access } = await login(base, key, { mode: 'write' });
    const tools = (await rpc(base, access, 'tools/list')).json.result.tools;

    const requests = [];
    const toServer = (name, body) => requests.push({ name, run: () => send(base, access, body()) });
    const method = (name, params) => `{"jsonrpc":"2.0","id":1,"method":"${name}","params":${params}}`;
    const call = (tool, args) => method('tools/call', `{"name":"${tool}","arguments":{${args}}}`);
    const usual = { objectName: '"company"', id: '"20202020-0687-4c41-b707-ed1bfca972a7"', query: '"{ companies { totalCount } }"' };
    for (const { name, inputSchema } of tools) {
        const needed = inputSchema.required ?? [];
        const others = (but) => needed.filter((p) => p !== but && usual[p]).map((p) => `"${p}":${usual[p]},`).join('');
        for (const argument of [...Object.keys(inputSchema.properties ?? {}), 'unheardOf']) {
            for (const [kind, value] of Object.entries(values)) {
                toServer(`${name}, ${argument}: ${kind}`, () => call(name, `${others(argument)}"${argument}":${value(message)}`));
            }
        }
        if (!inputSchema.properties?.query) continue;
        for (const [kind, document] of Object.entries(documents)) {
            toServer(`${name}, a document: ${kind}`, () => call(name, `"query":${quoted(document(message * 0.9))}`));
        }
    }
    // What was written is read, too: a whole page of the longest texts that were taken.
    for (const args of [{ detail: 'full', limit: 5 }, { detail: 'full', limit: 7 }, { limit: 60 }]) {
        toServer(`find_records, long texts: ${JSON.stringify(args)}`, () => JSON.stringify({
            jsonrpc: '2.0', id: 1, method: 'tools/call',
            params: { name: 'find_records', arguments: { objectName: 'company', orderBy: '-createdAt', ...args } },
        }));
    }
    const places = {
        initialize: ['protocolVersion', 'capabilities', 'clientInfo'], ping: ['_meta'],
        'tools/list': ['cursor', '_meta'], 'tools/call': ['name', '_meta'], 'resources/list': ['cursor'],
        'resources/read': ['uri'], 'resources/templates/list': ['cursor'], 'resources/subscribe': ['uri'],
        'resources/directory/read': ['uri', 'cursor'], 'skills/list': ['cursor'], 'skills/get': ['uri'],
        'prompts/list': ['cursor'], 'prompts/get': ['name', 'arguments'], 'completion/complete': ['ref', 'argument'],
        'logging/setLevel': ['level'], 'tasks/get': ['taskId'], 'subscriptions/listen': ['notifications'], unheardOf: ['x'],
    };
    for (const [name, members] of Object.entries(places)) {
        for (const member of members) {
            for (const [kind, value] of Object.entries(values)) {
                toServer(`${name}, ${member}: ${kind}`, () => method(name, `{"${member}":${value(message)}}`));
            }
        }
    }
    toServer('a batch', () => `[${times(`${method('ping', '{}')},`, message)}1]`);
    toServer('ids', () => `{"jsonrpc":"2.0","id":${quoted(times('x', message))},"method":"ping"}`);
    toServer('a method', () => `{"jsonrpc":"2.0","id":1,"method":${quoted(times('x', message))}}`);
    toServer('blanks', () => times(' ', message));
    toServer('no JSON', () => times('[', message));

    for (const where of paths.filter((p) => !p.startsWith('/mcp'))) {
        for (const [kind, body] of Object.entries(bodies)) {
            for (const size of [5_000, 16_000, 60_000]) {
                for (const type of ['application/x-www-form-urlencoded', 'application/json']) {
                    requests.push({
                        name: `${where}: ${kind}, ${size} bytes of ${type}`,
                        run: () => fetch(base + where, {
                            method: 'POST', body: body(size), redirect: 'manual',
                            headers: { 'content-type': type, origin: base, 'sec-fetch-site': 'same-origin' },
                        }).then((answer) => answer.text().then(() => answer)),
                    });
                }
            }
            requests.push({
                name: `${where}: ${kind} as a query`,
                run: () => fetch(`${base}${where}?${encodeURI(String(body(7_000))).slice(0, 7_500)}`, { redirect: 'manual' })
                    .then((answer) => answer.text().then(() => answer)),
            });
        }
    }

    const health = observer(t, base);
    const now = () => performance.timeOrigin + performance.now();
    // ms that the serving thread has had; the first figure is in ns.
    const cpu = () => Number(readFileSync(`/proc/${server.program.process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
    const outcomes = new Map();
    let suspects = requests;
    let worst = { ms: 0 };
    for (let round = 0; round < tries && suspects.length > 0; round += 1) {
        for (const it of suspects) {
            const before = cpu();
            it.begun = now();
            const { status } = await it.run();
            it.ended = now();
            it.cpu = cpu() - before;
            if (round === 0) outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
        }
        await new Promise((done) => { setTimeout(done, latest + 50); });
        const late = health.all.filter(({ asked, answered }) => answered - asked > latest);
        suspects = suspects.filter((it) => it.cpu > longest ||
            late.some(({ asked, answered }) => asked <= it.ended && answered >= it.begun));
        t.diagnostic(`round ${round + 1}: ${suspects.length} slow: ` +
            suspects.slice(0, 12).map(({ name, cpu: ms }) => `${name} (${ms.toFixed(1)} ms)`).join('; '));
        if (round === 0) {
            worst = requests.reduce((a, b) => (a.cpu > b.cpu ? a : b));
            t.diagnostic(`${requests.length} requests: ${JSON.stringify(Object.fromEntries(outcomes))}`);
            if (process.env.COST) requests.toSorted((a, b) => b.cpu - a.cpu).slice(0, Number(process.env.COST)).forEach((r) => console.log(r.cpu.toFixed(1), r.name));
        }
    }
    health.end();
    assert.ok(health.all.every(({ status }) => status === 200), 'everybody is answered');
    assert.deepEqual(suspects.map(({ name, cpu: ms }) => `${name}: ${ms.toFixed(1)} ms`), []);
    assert.ok(worst.cpu > 0, 'the time of the serving thread is known');
});
