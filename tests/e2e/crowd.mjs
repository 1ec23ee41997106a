// More people than there are connections, each with the event stream that their client opens:
// requests and /healthz are answered, and a stream that had to end comes back where it was.
import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import { callTool, initialize, rpc } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { demo, memoryFolder, service, until } from './support/program.mjs';

const sanitized = process.env.E2E_SANITIZED === '1';
const connections = sanitized ? 256 : 1024;
const sessionsOfOne = 28; // of one grant

// The GET stream of a session: {text(), ended()}.
function openStream(base, access, session, lastEventId) {
    const { host, hostname, port } = new URL(base);
    const socket = net.connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
    const it = { text: '', ended: false, socket };
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => { it.text += chunk; });
    socket.on('close', () => { it.ended = true; });
    socket.on('error', () => { it.ended = true; });
    socket.write(`GET /mcp HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\n` +
        `Authorization: Bearer ${access}\r\nMcp-Session-Id: ${session}\r\n` +
        `MCP-Protocol-Version: ${initialize.protocolVersion}\r\n` +
        `${lastEventId ? `Last-Event-ID: ${lastEventId}\r\n` : ''}Connection: close\r\n\r\n`);
    return it;
}
const begun = (stream) => stream.text.includes('text/event-stream');

test(`${connections + 50} people with an open stream, ${connections} connections`, async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, {
        TWENTY_MCP_LOG_LEVEL: 'warning', TWENTY_MCP_DATA_DIR: memoryFolder(t),
        TWENTY_MCP_MAX_CONNECTIONS: String(connections),
    });
    const base = server.url;
    const streams = [];
    t.after(() => streams.forEach(({ socket }) => socket.destroy()));
    let access;
    while (streams.length < connections + 50) {
        ({ access } = await login(base, key, { mode: 'read' }));
        for (let i = 0; i < sessionsOfOne; i += 1) {
            const { headers, status } = await rpc(base, access, 'initialize', initialize);
            assert.equal(status, 200);
            const session = headers.get('mcp-session-id');
            const stream = openStream(base, access, session);
            Object.assign(stream, { access, session });
            streams.push(stream);
            await until(() => begun(stream), 'the stream begins', 10);
        }
    }
    const open = () => streams.filter(({ ended }) => !ended).length;
    await until(() => open() <= connections / 2, 'the share of streams', 10);
    assert.ok(open() > connections / 2 - 5, `no more end than have to: ${open()} are open`);

    for (let i = 0; i < 50; i += 1) {
        assert.equal((await fetch(`${base}/healthz`, { headers: { connection: 'close' } })).status, 200);
    }
    const objects = await callTool(base, access, 'list_objects');
    assert.ok(!objects.failed, objects.text);

    // The first had to end, in order: its client comes back to where it was.
    const [first] = streams;
    assert.ok(first.ended && first.text.endsWith('0\r\n\r\n'), first.text);
    const last = first.text.match(/^id: (\S+)/m)?.[1];
    assert.ok(last, 'an event to resume from');
    const again = openStream(base, first.access, first.session, last);
    streams.push(again);
    await until(() => begun(again), 'the stream goes on', 10);
    assert.ok(!again.ended);
});
