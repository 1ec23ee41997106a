// Nobody reads the service's standard error, as with a slow journal or log driver: requests go on,
// and the service ends in time.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { callTool } from './support/mcp.mjs';
import { login } from './support/oauth.mjs';
import { Pipeline } from './support/pipeline.mjs';
import { demo, memoryFolder, service } from './support/program.mjs';

const requests = 5000;

test(`${requests} requests are answered while nobody reads the log`, async (t) => {
    const { workspace, key } = await demo(t);
    // A named pipe that this process holds open and does not read: 64 KiB fill it.
    const fifo = path.join(memoryFolder(t), 'stderr');
    await new Promise((made) => { spawn('mkfifo', [fifo]).on('close', made); });
    const held = openSync(fifo, 'r+');
    const server = await service(t, workspace, {}, { stdio: ['ignore', 'pipe', held] });
    const { access } = await login(server.url, key, { mode: 'read' });

    const { host, port } = new URL(server.url);
    const line = await Pipeline.open(Number(port));
    const began = Date.now();
    for (let done = 0; done < requests; done += 50) {
        const answers = await line.send(Array.from({ length: 50 },
            () => `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
        assert.ok(answers.every(({ status }) => status === 200));
        if (done % 500 === 0) {
            const objects = await callTool(server.url, access, 'list_objects');
            assert.ok(!objects.failed, objects.text);
        }
    }
    line.close();
    t.diagnostic(`${Date.now() - began} ms`);

    const ending = Date.now();
    await server.program.stop();
    assert.ok(Date.now() - ending < 10_000, 'the end does not wait for a reader');

    const log = Buffer.alloc(65536);
    const text = log.toString('latin1', 0, readSync(held, log));
    closeSync(held);
    assert.match(text, /info request method=GET path=\/healthz status=200/);
});
