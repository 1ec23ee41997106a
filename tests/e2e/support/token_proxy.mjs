// Adds an access token to every request, for clients that can send none. Everything else, Host
// and Origin too, passes as it came; who hangs up on one side hangs up on the other.
import { once } from 'node:events';
import http from 'node:http';

export async function tokenProxy(t, base, token) {
    const { hostname, port } = new URL(base);
    const agent = new http.Agent({ keepAlive: true });
    const server = http.createServer((request, response) => {
        const onward = http.request({
            agent, hostname, port, path: request.url, method: request.method, setHost: false,
            headers: { ...request.headers, authorization: `Bearer ${token}` },
        }, (answer) => {
            response.writeHead(answer.statusCode, answer.rawHeaders);
            response.flushHeaders();
            answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        response.on('close', () => onward.destroy());
        request.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(async () => {
        server.closeAllConnections();
        agent.destroy();
        server.close();
        await once(server, 'close');
    });
    return `http://localhost:${server.address().port}`;
}
