// Between a client and the server: adds an access token to every request, for clients that can
// send none, and has a client that always asks for its newest revision ask for an older one. All
// else, Host and Origin too, passes as it came; who hangs up on one side hangs up on the other.
import { once } from 'node:events';
import http from 'node:http';

// Every revision's name has as many characters, so no header has to be changed for it.
async function asking(request, revision) {
    const body = Buffer.concat(await request.toArray()).toString();
    if (!body.includes('"method":"initialize"')) return body;
    return body.replace(/"protocolVersion":"\d{4}-\d\d-\d\d"/, `"protocolVersion":"${revision}"`);
}

// {url, revisions}: `revisions` are those that requests named in MCP-Protocol-Version.
export async function suiteProxy(t, base, { token, revision }) {
    const { hostname, port } = new URL(base);
    const agent = new http.Agent({ keepAlive: true });
    const revisions = new Set();
    const server = http.createServer(async (request, response) => {
        const named = request.headers['mcp-protocol-version'];
        if (named) revisions.add(named);
        const onward = http.request({
            agent, hostname, port, path: request.url, method: request.method, setHost: false,
            headers: { ...request.headers, ...(token && { authorization: `Bearer ${token}` }) },
        }, (answer) => {
            response.writeHead(answer.statusCode, answer.rawHeaders);
            response.flushHeaders();
            answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        response.on('close', () => onward.destroy());
        if (revision) onward.end(await asking(request, revision));
        else request.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(async () => {
        server.closeAllConnections();
        agent.destroy();
        server.close();
        await once(server, 'close');
    });
    return { url: `http://localhost:${server.address().port}`, revisions };
}
