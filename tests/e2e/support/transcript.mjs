// Turns a recording into a transcript that is the same on every run, and compares it with the
// one kept in tests/golden/wire/. UPDATE=1 writes that one anew.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { placeholders } from './placeholders.mjs';
import { pretty } from './pretty.mjs';

const folder = fileURLToPath(new URL('../../golden/wire/', import.meta.url));

// What a client or a server may rely on; the rest (date, connection, user-agent) is weather.
const requestHeaders = [
    'accept', 'authorization', 'content-type', 'cookie', 'last-event-id', 'mcp-protocol-version',
    'mcp-session-id', 'mcp-method', 'mcp-name', 'origin',
];
const responseHeaders = [
    'allow', 'cache-control', 'content-type', 'location', 'mcp-session-id', 'retry-after',
    'set-cookie', 'www-authenticate',
];

const pick = (headers, names) => Object.fromEntries(
    names.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]));

function events(text) {
    return text.split('\n\n').map((block) => {
        const event = {};
        for (const line of block.split('\n')) {
            const [, field, value] = line.match(/^(event|id|retry|data): ?(.*)$/) ?? [];
            if (field) event[field] = field === 'data' && value ? JSON.parse(value) : value;
        }
        return event;
    }).filter((event) => Object.keys(event).length > 0);
}

function body(text, type = '') {
    if (text === '') return undefined;
    if (type.startsWith('application/json')) return JSON.parse(text);
    if (type.startsWith('text/event-stream')) return { events: events(text) };
    if (type.startsWith('application/x-www-form-urlencoded')) {
        return { form: Object.fromEntries(new URLSearchParams(text)) };
    }
    return type.startsWith('text/html') ? '<page>' : text;
}

function side(message, first, names) {
    const headers = pick(message.headers, names);
    return { ...first, headers, body: body(message.body, message.headers['content-type']) };
}

function exchange({ request, response }) {
    const [route, query] = request.url.split('?');
    return {
        request: side(request, {
            method: request.method, path: route,
            ...(query && { query: Object.fromEntries(new URLSearchParams(query)) }),
        }, requestHeaders),
        response: response && side(response, { status: response.status }, responseHeaders),
    };
}

// A stream that a client opens beside its calls has no fixed place among them.
const isStream = ({ request, response }) => response?.status === 200
    && request.path === '/mcp'
    && (request.method === 'GET' || request.body?.method === 'subscriptions/listen');

// Requests that a client sends at once arrive in any order; their ids tell in which it made them.
function inOrder(dialogue) {
    const issued = ({ request }) => (request.body?.method === 'initialize' ? undefined
        : Number.isInteger(request.body?.id) ? request.body.id : undefined);
    const runs = [];
    for (const one of dialogue) {
        const run = runs.at(-1);
        if (run && issued(one) !== undefined && issued(run[0]) !== undefined) run.push(one);
        else runs.push([one]);
    }
    return runs.flatMap((run) => run.sort((a, b) => issued(a) - issued(b)));
}

export function transcript(about, recording, secrets = {}) {
    const all = recording.exchanges.map(exchange);
    const dialogue = inOrder(all.filter((one) => !isStream(one)));
    const streams = all.filter(isStream);
    const whole = { ...about, dialogue, ...(streams.length && { streams }) };
    return placeholders(whole, { [recording.url]: '<server>', ...secrets });
}

export const keptNames = () => readdirSync(folder).sort().map((file) => path.parse(file).name);
export const kept = (name) => JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));

export function compare(name, found) {
    const file = path.join(folder, `${name}.json`);
    const text = `${pretty(found)}\n`;
    if (process.env.UPDATE) {
        writeFileSync(file, text);
        return;
    }
    assert.ok(existsSync(file), `no ${file}: write it with UPDATE=1`);
    if (text === readFileSync(file, 'utf8')) return;
    const { stdout } = spawnSync('diff', ['-u', '--label', `kept: ${name}.json`, '--label', 'now',
        file, '-'], { input: text, encoding: 'utf8' });
    assert.fail(`the dialogue with ${name} changed; UPDATE=1 keeps the new one\n${stdout}`);
}
