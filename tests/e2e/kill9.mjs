// kill -9 at any moment loses nothing that was confirmed. A number of clients log in and refresh
// without pause while the server is killed and started again; after every start, and for all
// connections at the end, what was confirmed must still hold.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { approve, authorizeUrl, pkce, redeem, refresh, register } from './support/oauth.mjs';
import { initialize, rpc } from './support/mcp.mjs';
import { demo, service } from './support/program.mjs';

const kills = Number(process.env.E2E_KILLS ?? 200);
const workers = 4;

// One connection as its client knows it: tokens are replaced only by a complete answer.
class Connection {
    constructor(clientId, body) {
        this.clientId = clientId;
        this.take(body);
    }
    take(body) {
        this.access = body.access_token;
        this.refreshToken = body.refresh_token;
    }
}

// Network errors are the kill at work: undefined. An answer is an answer.
async function unlessKilled(step) {
    try {
        return await step();
    } catch (error) {
        if (error instanceof TypeError || error.name === 'SocketError') return undefined;
        if (error.cause?.code) return undefined;
        throw error;
    }
}

test(`${kills} kill -9 during logins and refreshes lose no confirmed grant or token`, async (t) => {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace);
    const base = server.url;
    const connections = [];
    const count = { logins: 0, refreshes: 0, interrupted: 0, repeated: 0 };
    let done = false;
    let up = Promise.resolve();

    async function logIn() {
        const clientId = await register(base);
        const { verifier, challenge } = pkce();
        const back = await approve(authorizeUrl(base, clientId, challenge), { api_key: key });
        const code = back.searchParams.get('code');
        // The answer of a login may be lost with the server; the code may then be spent.
        const { status, body } = await redeem(base, clientId, code, verifier);
        assert.equal(status, 200, JSON.stringify(body));
        connections.push(new Connection(clientId, body));
        count.logins += 1;
    }

    // A lost answer is asked for again with the same token, as clients do.
    async function renew(connection) {
        for (;;) {
            const answer = await unlessKilled(
                () => refresh(base, connection.clientId, connection.refreshToken));
            if (answer) {
                assert.equal(answer.status, 200,
                    `a confirmed refresh token is good: ${JSON.stringify(answer.body)}`);
                connection.take(answer.body);
                count.refreshes += 1;
                return;
            }
            count.repeated += 1;
            await up;
            await sleep(2);
        }
    }

    async function works(connection) {
        const answer = await unlessKilled(
            () => rpc(base, connection.access, 'initialize', initialize));
        if (answer) assert.equal(answer.status, 200, `a confirmed access token is good: ${answer.text}`);
    }

    async function client() {
        let mine;
        for (let turn = 0; !done; turn += 1) {
            await up;
            if (turn % 6 === 0 || !mine) {
                const before = connections.length;
                await unlessKilled(logIn);
                if (connections.length > before) mine = connections.at(-1);
                else count.interrupted += 1;
            } else {
                await works(mine);
                await renew(mine);
                await works(mine);
            }
        }
    }

    // The moment of the next kill: a few confirmed steps from now, and a little later, so that
    // slow machines come as far as fast ones.
    async function someProgress() {
        const goal = count.logins + count.refreshes + Math.floor(Math.random() * 5);
        const deadline = Date.now() + 3000;
        while (count.logins + count.refreshes < goal && Date.now() < deadline) await sleep(1);
        await sleep(Math.random() * 40);
    }

    const clients = Array.from({ length: workers }, client);
    const failed = Promise.race(clients.map((c) => c.then(() => new Promise(() => {}))));
    try {
        for (let i = 0; i < kills; i += 1) {
            await Promise.race([someProgress(), failed]);
            let started;
            up = new Promise((resolve) => { started = resolve; });
            await server.program.kill();
            await server.start();
            started();
        }
    } finally {
        done = true;
    }
    await Promise.all(clients);

    for (const connection of connections) {
        const answer = await rpc(base, connection.access, 'initialize', initialize);
        assert.equal(answer.status, 200, answer.text);
        await renew(connection);
    }
    assert.ok(count.logins >= kills / 10 && count.refreshes > kills, `enough happened: ${JSON.stringify(count)}`);
    t.diagnostic(`${kills} kills: ${JSON.stringify(count)}, ${connections.length} connections good`);
});
