// HTTP as it goes over the wire: headers absent, repeated or oddly written, bodies that are no
// JSON, event streams read while they run.
import assert from 'node:assert/strict';
import http from 'node:http';

// Server-sent events of a text: {id, data}, `data` parsed unless it is empty.
export function events(text) {
    return text.split('\n\n').filter((part) => /^(?:event|data|id|retry):/m.test(part)).map((part) => {
        const field = (name) => part.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1];
        return { id: field('id'), data: field('data') ? JSON.parse(field('data')) : undefined };
    });
}

// {status, headers, type, text, json, events}. A header that is null is left out, a list is sent
// as often. With `until`, the stream is hung up once until(events) says so.
export function exchange(url, { method = 'POST', headers = {}, body }, until = undefined) {
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));
    const bytes = body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
        ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
        const request = http.request(url, { method, headers: sent, agent: false }, (response) => {
            let text = '';
            const type = response.headers['content-type']?.split(';')[0] ?? null;
            const done = () => {
                const answer = { status: response.statusCode, headers: response.headers, type, text };
                if (type === 'text/event-stream') answer.events = events(text);
                if (type === 'application/json' && text) answer.json = JSON.parse(text);
                resolve(answer);
            };
            response.setEncoding('utf8');
            response.on('data', (chunk) => {
                text += chunk;
                if (!until || !text.endsWith('\n\n') || !until(events(text))) return;
                request.destroy();
                done();
            });
            response.on('end', done);
            response.on('error', () => {});
        });
        request.on('error', reject);
        request.setTimeout(20_000, () => request.destroy(new Error('no answer within 20 s')));
        request.end(bytes);
    });
}

// The value at 'a.0.b'.
export function at(value, path) {
    return path.split('.').reduce((inside, step) => inside?.[step], value);
}

export function has(value, wanted, what) {
    for (const [path, expected] of Object.entries(wanted ?? {}))
        assert.deepEqual(at(value, path), expected, `${what}: ${path} in ${JSON.stringify(value)}`);
}
