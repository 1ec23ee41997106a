// The disk stands still, then the resolver: whoever needs neither is answered as ever, and who waits
// for it goes on when it does. (A log that nobody reads: stalled_log.mjs.)
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { callTool } from './support/mcp.mjs';
import { authorizeUrl, form, login, pkce, post } from './support/oauth.mjs';
import { demo, memoryFolder, scratchFolder, service, until } from './support/program.mjs';

const library = process.argv[2];
const answered = 1000; // ms, of a machine that others share

test('while the disk or the resolver stands still, requests and tool calls go on', async (t) => {
    const { workspace, key } = await demo(t);
    const file = path.join(memoryFolder(t), 'stall');
    const stall = (what) => writeFileSync(file, what);
    stall('');
    const server = await service(t, workspace, {
        TWENTY_MCP_DATA_DIR: scratchFolder(t), LD_PRELOAD: library, STALL_FILE: file,
    });
    const base = server.url;
    const grant = await login(base, key, { mode: 'read' });
    assert.ok(!(await callTool(base, grant.access, 'list_objects')).failed);

    const goOn = async () => {
        for (let i = 0; i < 20; i += 1) {
            const asked = performance.now();
            assert.equal((await fetch(`${base}/healthz`)).status, 200);
            const found = await callTool(base, grant.access, 'find_records', { objectName: 'company', limit: 3 });
            assert.ok(!found.failed, found.text);
            assert.ok(performance.now() - asked < answered, `${performance.now() - asked} ms`);
        }
    };
    // {promise, over}
    const watched = (promise) => {
        const it = { promise, over: false };
        promise.finally(() => { it.over = true; });
        return it;
    };

    stall('disk');
    const refreshed = watched(post(`${base}/token`, form({
        grant_type: 'refresh_token', client_id: grant.clientId, refresh_token: grant.refresh,
    })));
    await goOn();
    assert.ok(!refreshed.over, 'a token is confirmed before it is on the disk');
    stall('');
    const pair = await refreshed.promise;
    assert.equal(pair.status, 200, await pair.clone().text());
    const { access_token: access } = await pair.json();
    assert.ok(!(await callTool(base, access, 'list_objects')).failed, 'the refreshed token is good');

    stall('resolver');
    const { challenge } = pkce();
    const asked = watched(fetch(authorizeUrl(base, 'https://client.invalid/client.json', challenge)));
    await goOn();
    assert.ok(!asked.over, 'the name was looked up all the same');
    stall('');
    await until(() => asked.over, 'the resolver answers again');
    assert.equal((await asked.promise).status, 503);
});
