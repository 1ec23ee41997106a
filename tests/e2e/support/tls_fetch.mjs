// fetch() over TLS, HTTP/2 or HTTP/1.1, to a server on this machine under a name that no resolver
// knows, from any address of loopback. The certificate must be the name's.
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';

const withoutBody = [204, 205, 304];

function headersOf(raw) {
    const headers = new Headers();
    for (const [name, value] of Object.entries(raw)) {
        if (name.startsWith(':')) continue;
        for (const one of [value].flat()) headers.append(name, one);
    }
    return headers;
}

// Readable.toWeb() takes a stream that has ended by then for one that was cut off, as an answer
// without a body has. So this begins to listen before anything can arrive.
function bodyOf(stream) {
    let over = false;
    return new ReadableStream({
        start(body) {
            const end = (how) => {
                if (!over) how();
                over = true;
            };
            stream.on('data', (chunk) => over || body.enqueue(new Uint8Array(chunk)));
            stream.on('end', () => end(() => body.close()));
            stream.on('error', (why) => end(() => body.error(why)));
            stream.on('close', () => end(() => body.error(new Error('the answer was cut off'))));
        },
        cancel() {
            over = true;
            stream.destroy();
        },
    });
}

// `from`: the client's own address. What is open is closed after the test.
export class TlsClient {
    constructor(t, ca, { from = '127.0.0.1' } = {}) {
        this.ca = ca;
        this.from = from;
        this.sessions = new Map();
        this.agent = new https.Agent({ keepAlive: true });
        t.after(() => {
            this.agent.destroy();
            for (const session of this.sessions.values()) session.destroy();
        });
        this.http2 = (url, init) => this.fetch('overHttp2', url, init);
        this.http1 = (url, init) => this.fetch('overHttp1', url, init);
    }

    async fetch(how, url, init) {
        const request = new Request(url, init);
        const { pathname, search } = new URL(url);
        const { status, headers, body } = await this[how](new URL(url), {
            method: request.method, path: pathname + search, signal: init?.signal,
            headers: Object.fromEntries(request.headers),
            body: request.body && new Uint8Array(await request.arrayBuffer()),
        });
        const none = request.method === 'HEAD' || withoutBody.includes(status);
        return new Response(none ? null : body, { status, headers: headersOf(headers) });
    }

    session(url) {
        const known = this.sessions.get(url.origin);
        if (known && !known.closed && !known.destroyed) return known;
        const session = http2.connect(url.origin, {
            ca: this.ca, host: '127.0.0.1', servername: url.hostname, localAddress: this.from,
            lookup: (name, options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
        });
        session.on('error', () => {}); // each request is told
        this.sessions.set(url.origin, session);
        return session;
    }

    // {status, headers, body}; `path` is sent as it is.
    async overHttp2(url, { method = 'GET', path = url.pathname, headers = {}, body, signal }) {
        const stream = this.session(url).request(
            { ...headers, ':method': method, ':path': path }, { endStream: !body, signal });
        const received = bodyOf(stream);
        if (body) stream.end(body);
        const [answer] = await once(stream, 'response');
        return { status: answer[':status'], headers: answer, body: received };
    }

    async overHttp1(url, { method = 'GET', path = url.pathname, headers = {}, body, signal }) {
        const request = https.request({
            host: '127.0.0.1', port: url.port, servername: url.hostname, localAddress: this.from,
            ca: this.ca, agent: this.agent, method, path, signal,
            headers: { host: url.host, ...(body && { 'content-length': body.length }), ...headers },
        });
        const received = new Promise((done) => { request.on('response', (answer) => done(bodyOf(answer))); });
        request.end(body);
        const [answer] = await once(request, 'response');
        return { status: answer.statusCode, headers: answer.headers, body: await received };
    }
}
