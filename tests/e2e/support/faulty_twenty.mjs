// A Twenty that can be made to misbehave: passes everything on to a healthy workspace, until
// `fault`, `delay` or `hold` (a promise that is awaited first) says otherwise, for all requests or
// those whose body `matches`. What it then answers must never reach the model verbatim.
import { once } from 'node:events';
import http from 'node:http';

export const leak = 'at Object.<anonymous> (/app/packages/twenty-server/dist/secret-place.js:12:34)';

const faults = {
    html: (response) => response.writeHead(200, { 'content-type': 'text/html' })
        .end(`<html><body><h1>Welcome to nginx</h1>${leak}</body></html>`),
    'bad gateway': (response) => response.writeHead(502, { 'content-type': 'text/html' })
        .end(`<html>502 Bad Gateway ${leak}</html>`),
    'server error': (response) => response.writeHead(500, { 'content-type': 'application/json' })
        .end(JSON.stringify({ statusCode: 500, messages: ['Internal server error'], stack: leak })),
    'rate limit': (response) => response.writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({
            errors: [{
                message: 'Limit reached (100 tokens per 60000 ms)',
                extensions: { code: 'LIMIT_REACHED', subCode: 'LIMIT_REACHED' },
            }],
            data: null,
        })),
    'http 429': (response) => response.writeHead(429, { 'content-type': 'application/json' })
        .end(JSON.stringify({ statusCode: 429, messages: [leak] })),
    'broken json': (response) => response.writeHead(200, { 'content-type': 'application/json' })
        .end('{"data":{"companies":'),
    'cut short': (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"data":');
        setTimeout(() => response.destroy(), 50);
    },
    redirect: (response) => response.writeHead(302, { location: '/elsewhere', 'content-type': 'text/html' })
        .end(`<html>${leak}</html>`),
    reset: (response) => response.socket.destroy(),
    hung: () => {},
};
export const faultNames = Object.keys(faults);

export async function faultyTwenty(t, workspace) {
    const it = { fault: null, delay: 0, hold: null, matches: /^/, requests: [] };
    const target = new URL(workspace);
    const server = http.createServer((request, response) => {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', async () => {
            const body = Buffer.concat(chunks);
            const seen = {
                method: request.method, url: request.url, headers: request.headers,
                body: body.toString(), ending: null,
            };
            it.requests.push(seen);
            response.on('close', () => {
                seen.ending = response.writableFinished ? 'answered' : 'given up';
            });
            const meant = it.matches.test(seen.body);
            if (meant) await it.hold;
            if (it.fault && meant) {
                faults[it.fault](response);
                return;
            }
            setTimeout(() => {
                const onward = http.request({
                    host: target.hostname, port: target.port, path: request.url,
                    method: request.method, headers: request.headers,
                }, (answer) => {
                    response.writeHead(answer.statusCode, answer.headers);
                    answer.pipe(response);
                });
                onward.on('error', () => response.destroy());
                onward.end(body);
            }, meant ? it.delay : 0);
        });
    });
    it.listen = async (port) => {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
        it.port = server.address().port;
        it.url = `http://127.0.0.1:${it.port}`;
    };
    it.close = async () => {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
    };
    await it.listen(0);
    t.after(() => (server.listening ? it.close() : undefined));
    return it;
}
