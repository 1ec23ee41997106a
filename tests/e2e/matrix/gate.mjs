// What stands between a client and the server: a proxy whose address the server gives as its own,
// so that no client knows. It sees how a client logged in and whether it refreshed, which a
// client's own word is not asked for, and it can make every access token so far a spent one.
import { once } from 'node:events';
import http from 'node:http';

const text = async (stream) => {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    return Buffer.concat(chunks);
};

// `seen` counts what the server granted.
function notice(seen, request, body, status) {
    const address = new URL(request.url, 'http://gate');
    const form = new URLSearchParams(body.toString());
    if (address.pathname === '/register' && status === 201) seen.registrations += 1;
    if (address.pathname === '/authorize' && request.method === 'GET' && status === 200) {
        seen.consents += 1;
        seen.document ||= address.searchParams.get('client_id').startsWith('https://');
    }
    if (address.pathname === '/token' && status === 200) {
        seen[form.get('grant_type') === 'refresh_token' ? 'refreshes' : 'logins'] += 1;
    }
}

export async function gate(t) {
    const it = {
        target: null,
        seen: { registrations: 0, consents: 0, document: false, logins: 0, refreshes: 0 },
        log: [],
        // As if the hour of every access token that was used so far were over.
        spend() { for (const token of used) spent.add(token); },
    };
    const used = new Set();
    const spent = new Set();
    function headersOf(request) {
        const headers = { ...request.headers, connection: 'close' };
        if (!headers.authorization?.toLowerCase().startsWith('bearer ')) return headers;
        used.add(headers.authorization);
        if (spent.has(headers.authorization)) headers.authorization = 'Bearer spent';
        return headers;
    }
    const server = http.createServer(async (request, response) => {
        const body = await text(request);
        const onward = http.request({
            host: '127.0.0.1', port: it.target, agent: false, method: request.method,
            path: request.url, headers: headersOf(request),
        }, (answer) => {
            notice(it.seen, request, body, answer.statusCode);
            it.log.push(`${request.method} ${request.url.split('?')[0]} ${answer.statusCode}`);
            response.writeHead(answer.statusCode, answer.rawHeaders);
            response.flushHeaders();
            answer.on('data', (chunk) => response.write(chunk));
            answer.on('close', () => (answer.complete ? response.end() : response.destroy()));
        });
        onward.on('error', () => response.destroy());
        response.on('close', () => onward.destroy());
        onward.end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    it.url = `http://localhost:${server.address().port}`;
    t.after(() => {
        server.closeAllConnections();
        server.close();
    });
    return it;
}
