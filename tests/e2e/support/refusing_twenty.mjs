// A Twenty that refuses its key for a while, or stands still: the demo's workspace behind a proxy.
import { once } from 'node:events';
import http from 'node:http';

export async function refusing(t, workspace) {
    const it = { refuses: false, hangs: false, held: 0 };
    const server = http.createServer(async (request, response) => {
        const parts = [];
        for await (const part of request) parts.push(part);
        if (it.hangs) {
            it.held += 1;
            return;
        }
        if (it.refuses) {
            response.writeHead(200, { 'content-type': 'application/json' });
            response.end(JSON.stringify({
                errors: [{
                    message: 'Token invalid.', extensions: { code: 'UNAUTHENTICATED' },
                }],
            }));
            return;
        }
        const { host, connection, ...headers } = request.headers;
        void host;
        void connection;
        const answer = await fetch(workspace + request.url, {
            method: request.method, headers, body: parts.length ? Buffer.concat(parts) : undefined,
        });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') });
        response.end(Buffer.from(await answer.arrayBuffer()));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => { server.closeAllConnections(); server.close(); });
    it.url = `http://127.0.0.1:${server.address().port}`;
    return it;
}
