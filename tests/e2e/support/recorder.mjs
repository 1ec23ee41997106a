// A proxy on loopback that writes down what passes between a client and the server. The server
// gives the proxy's address as its own, so no client knows.
import { once } from 'node:events';
import http from 'node:http';

// {url, port, exchanges}; `recorder.target = PORT` says where to pass on to. An exchange is
// {request: {method, url, headers, body}, response: {status, headers, body}}, bodies as text, in
// the order in which the requests arrived.
export async function recorder(t) {
    const it = { exchanges: [], target: null };
    const server = http.createServer((request, response) => {
        const exchange = {
            request: { method: request.method, url: request.url, headers: request.headers, body: '' },
            response: null,
        };
        it.exchanges.push(exchange);
        request.setEncoding('utf8').on('data', (text) => { exchange.request.body += text; });
        request.on('end', () => pass(exchange, response));
    });
    function pass(exchange, response) {
        const { method, url, headers: sent, body } = exchange.request;
        const onward = http.request({
            host: '127.0.0.1', port: it.target, agent: false, method, path: url,
            headers: { ...sent, connection: 'close' },
        }, (answer) => {
            const text = new TextDecoder();
            const { statusCode, headers } = answer;
            exchange.response = { status: statusCode, headers, body: '' };
            response.writeHead(statusCode, answer.rawHeaders);
            response.flushHeaders();
            answer.on('data', (chunk) => {
                exchange.response.body += text.decode(chunk, { stream: true });
                response.write(chunk);
            });
            answer.on('close', () => (answer.complete ? response.end() : response.destroy()));
        });
        onward.on('error', () => response.destroy());
        response.on('close', () => onward.destroy());
        onward.end(body);
    }
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    it.port = server.address().port;
    it.url = `http://localhost:${it.port}`;
    t.after(() => {
        server.closeAllConnections();
        server.close();
    });
    return it;
}
