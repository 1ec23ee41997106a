// Plays a client's side of a kept transcript: sends what the client sent, with this run's
// values in the place of the placeholders, and takes from each answer the values that the next
// request needs.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import { pkce } from './oauth.mjs';

const placeholder = /<([^<>]+)>/g;
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

// What a client makes up by itself; anything else it must have been told.
function ownValues(url, key) {
    const { verifier, challenge } = pkce();
    return {
        server: url, 'api key': key, verifier, challenge, port: '33418', uuid: randomUUID(),
        state: randomBytes(12).toString('hex'),
    };
}

function filled(value, known) {
    if (Array.isArray(value)) return value.map((item) => filled(item, known));
    if (typeof value === 'string') {
        return value.replace(placeholder, (whole, name) => {
            if (name.startsWith('tool use id')) known[name] ??= `toolu_${randomUUID()}`;
            assert.ok(name in known, `${whole} is sent before the server told it`);
            return known[name];
        });
    }
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([k, item]) => [k, filled(item, known)]));
}

function learn(kept, found, known) {
    if (typeof kept === 'string' && typeof found === 'string') {
        const names = [];
        const pattern = kept.split(placeholder).map((part, i) => {
            if (i % 2 === 0) return literal(part);
            names.push(part);
            return '(.*?)';
        }).join('');
        const match = found.match(new RegExp(`^${pattern}$`));
        names.forEach((name, i) => {
            if (match) known[name] ??= decodeURIComponent(match[i + 1]);
        });
    } else if (kept && found && typeof kept === 'object' && typeof found === 'object') {
        for (const [name, item] of Object.entries(kept)) learn(item, found[name], known);
    }
}

function written({ body, headers }) {
    if (body?.form) return new URLSearchParams(body.form).toString();
    return body && (headers['content-type'] === 'application/json' ? JSON.stringify(body) : body);
}

// One exchange as recorder.mjs writes it down. A stream is left once it has said `events`.
function exchange(url, { method, path, query, headers, body }, events) {
    const sent = written({ body, headers }) ?? '';
    const request = {
        method, url: query ? `${path}?${new URLSearchParams(query)}` : path, headers, body: sent,
    };
    const { port } = new URL(url);
    return new Promise((resolve, reject) => {
        const onward = http.request({
            host: '127.0.0.1', port, method, path: request.url, agent: false,
            headers: { ...headers, host: new URL(url).host, 'content-length': Buffer.byteLength(sent) },
        }, (answer) => {
            const response = { status: answer.statusCode, headers: answer.headers, body: '' };
            answer.setEncoding('utf8').on('data', (text) => {
                response.body += text;
                if (events && response.body.split('\n\n').length > events) onward.destroy();
            });
            answer.on('error', () => {}).on('close', () => resolve({ request, response }));
        });
        onward.on('error', reject);
        onward.end(sent);
    });
}

// A recording like recorder.mjs makes one.
export async function replay(kept, url, key) {
    const known = ownValues(url, key);
    const recording = { url, exchanges: [] };
    async function play(one) {
        const events = one.response.body?.events?.length;
        const done = await exchange(url, filled(one.request, known), events);
        recording.exchanges.push(done);
        const { headers, body } = done.response;
        const json = headers['content-type'] === 'application/json' && body ? JSON.parse(body) : body;
        learn(one.response, { headers, body: json }, known);
        const hidden = json?.match?.(/name="txn" value="([^"]*)"/)?.[1];
        if (hidden) known['sealed request'] = hidden;
    }
    const streams = [...(kept.streams ?? [])];
    for (const one of kept.dialogue) {
        if (one.request.method === 'DELETE') for (const stream of streams.splice(0)) await play(stream);
        await play(one);
    }
    for (const stream of streams) await play(stream);
    return recording;
}
