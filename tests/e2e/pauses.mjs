// Pauses of writes against a Twenty that is held at the moment that matters: what was told as paused
// never arrives there, and what has happened before is said.
import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { admin, adminToken } from './support/admin.mjs';
import { faultyTwenty } from './support/faulty_twenty.mjs';
import { callTool, initialize, rpc, send } from './support/mcp.mjs';
import { samplesOf, total } from './support/observed.mjs';
import { login } from './support/oauth.mjs';
import { demo, scratchFolder, service, until } from './support/program.mjs';

const mutation = /"query":"\s*mutation/;
const company = (name) => ({ objectName: 'company', data: { name } });
const find = { objectName: 'company', limit: 1 };

// twenty.holding(pattern): requests like that wait from now on; what it gives back lets them go on.
async function prepared(t, env = {}) {
    const { workspace, key, readOnlyKey } = await demo(t);
    const twenty = await faultyTwenty(t, workspace);
    const socket = path.join(scratchFolder(t), 'admin.sock');
    const server = await service(t, twenty.url, { ADMIN_TOKEN: adminToken, TWENTY_MCP_ADMIN_SOCKET: socket, ...env });
    const { access } = await login(server.url, key, { label: 'ada' });
    await callTool(server.url, access, 'find_records', find);
    const post = (word) => async (body, wanted = 200) => {
        const { status, json, text } = await admin(server.url, 'POST', `/admin/writes/${word}`, body);
        assert.equal(status, wanted, `${JSON.stringify(body)}: ${text}`);
        return json;
    };
    const sent = (pattern = mutation) => twenty.requests.filter(({ body }) => pattern.test(body)).length;
    return {
        server, key, readOnlyKey, twenty, access, socket, sent,
        pause: post('pause'),
        resume: post('resume'),
        pauses: async () => (await admin(server.url, 'GET', '/admin/writes')).json.pauses,
        call: (name, args, token = access) => callTool(server.url, token, name, args),
        connections: async () => (await admin(server.url, 'GET', '/admin/connections')).json.connections,
        // Resolves when `count` requests like that wait at Twenty.
        hold: async (pattern, step, count = 1) => {
            let release;
            twenty.matches = pattern;
            twenty.hold = new Promise((resolve) => { release = resolve; });
            const before = sent(pattern);
            const doing = step();
            let over;
            Promise.resolve(doing).then((answer) => { over = answer; });
            await until(() => assert.ok(!over, over?.text) || sent(pattern) >= before + count, `${count} of ${pattern} are at Twenty`);
            return {
                answer: async () => {
                    twenty.hold = null;
                    release();
                    return doing;
                },
            };
        },
    };
}

// It was refused for the pause, in words that a model can tell its person.
function isPaused({ failed, text }, reason = '') {
    assert.ok(failed, text);
    assert.match(text, /"code":"paused"/);
    assert.match(text, /The administrator of this server has paused writes/);
    assert.ok(text.includes(reason), text);
}

test('a batch of messages stops at the pause that comes between two of them', async (t) => {
    const { server, access, pause, hold, sent } = await prepared(t);
    const begun = await rpc(server.url, access, 'initialize', { ...initialize, protocolVersion: '2025-03-26' });
    const into = { 'mcp-session-id': begun.headers.get('mcp-session-id') };
    const message = (id, name, args) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
    const held = await hold(mutation, () => send(server.url, access, [
        message(1, 'create_record', company('One')), message(2, 'create_record', company('Two')),
        message(3, 'find_records', find),
    ], into));
    await pause({ all: true, reason: 'We move' });
    const { status, text } = await held.answer();
    assert.equal(status, 200, text);
    const results = new Map(JSON.parse(text).map(({ id, result }) => [id, result]));
    const of = (id) => ({ failed: results.get(id).isError === true, text: results.get(id).content[0].text });
    assert.ok(!of(1).failed && !of(3).failed, text);
    isPaused(of(2), 'We move');
    assert.equal(sent(), 1);
});

// What was sent was done, the rest was not sent, and no sentence says anything else.
const parts = {
    'new records': {
        call: () => ['create_record', { objectName: 'company', records: Array.from({ length: 45 }, (_, n) => ({ name: `New ${n}` })) }],
        done: 20, of: 45,
    },
    'different changes': {
        call: (ids) => ['update_record', { objectName: 'company', records: ids.map((id, n) => ({ id, employees: n + 1 })) }],
        done: 1, of: 5,
    },
    'upserts': {
        call: (ids, names) => ['update_record', {
            objectName: 'company', upsertBy: 'domainName',
            records: [...names.map((name) => ({ name, domainName: `https://${name}.example` })), { name: 'Last', domainName: 'https://last.example' }],
        }],
        done: 6, of: 6, // new ones go together
    },
};
for (const [what, { call, done, of }] of Object.entries(parts)) {
    test(`${what} stop at a pause between two requests, and the answer says how far they came`, async (t) => {
        const { pause, hold, sent, call: tool } = await prepared(t);
        const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${letter}${Date.now()}`);
        const made = await tool('create_record', { objectName: 'company', records: names.map((name) => ({ name })) });
        const before = sent();
        const held = await hold(mutation, () => tool(...call(made.structured.results.map(({ id }) => id), names)));
        await pause({ all: true, reason: 'We move' });
        const { text, failed, structured } = await held.answer();
        assert.ok(!failed, text);
        assert.equal(sent(), before + 1);
        assert.deepEqual([structured.done, structured.notDone?.length ?? 0], [done, of - done], text);
        if (done === of) return;
        assert.match(text, /Stopped because: The administrator of this server has paused writes for everybody: We move\./);
        assert.doesNotMatch(text, /Nothing was written/);
    });
}

test('a record that is stored before a pause is told, and that its links are not', async (t) => {
    const { pause, resume, hold, sent, call } = await prepared(t);
    const made = await call('create_record', company('Linked'));
    const about = [made.structured.id];
    const note = (title) => ({ objectName: 'note', data: { title }, about: [{ object: 'company', id: about[0] }] });
    const before = sent();
    const held = await hold(mutation, () => call('create_record', note('Paused between')));
    await pause({ all: true });
    const { text, failed, structured } = await held.answer();
    assert.ok(!failed, text);
    assert.equal(sent(), before + 1);
    assert.match(text, /its links were not written: The administrator of this server has paused writes/);
    assert.doesNotMatch(text, /Nothing was written/);
    await resume({ all: true });
    const again = await call('update_record', { objectName: 'note', id: structured.id, about: note('').about });
    assert.ok(!again.failed, again.text);

    // Several together, and links beside a change.
    const many = await hold(mutation, () => call('create_record', {
        objectName: 'note', records: ['x', 'y'].map((title) => ({ title, about: note('').about })),
    }));
    await pause({ all: true });
    const both = await many.answer();
    assert.equal(both.structured?.done, 2, both.text);
    assert.match(both.text, /links of \\?"about\\?" were not written: The administrator/);
    assert.doesNotMatch(both.text, /Nothing was written/);
});

test('what a call has only read when the pause comes is not written', async (t) => {
    const { pause, resume, hold, sent, call } = await prepared(t);
    const made = await call('create_record', { objectName: 'company', data: { name: 'Read', domainName: 'https://read.example' } });
    const { id } = made.structured;
    const calls = {
        update_record: { objectName: 'company', id, data: { employees: 3 } },
        create_record: { objectName: 'note', data: { title: 'x' }, about: [{ object: 'company', name: 'Read' }] },
        delete_record: { objectName: 'company', ids: [id] },
    };
    const upsert = ['update_record', { objectName: 'company', upsertBy: 'domainName', data: { name: 'Again', domainName: 'https://read.example' } }];
    const before = sent();
    for (const [name, args] of [...Object.entries(calls), upsert]) {
        const held = await hold(/"query":"\s*(?:query|\{)/, () => call(name, args));
        await pause({ all: true, reason: 'We move' });
        isPaused(await held.answer(), 'We move');
        await resume({ all: true });
    }
    assert.equal(sent(), before);
});

test('a document that is under way is done, and the next one is not sent', async (t) => {
    const { pause, hold, sent, call } = await prepared(t);
    const document = { endpoint: 'graphql', query: 'mutation { createCompany(data: {name: "A"}) { id } }' };
    const held = await hold(mutation, () => call('run_graphql_mutation', document));
    await pause({ all: true });
    const { failed, text } = await held.answer();
    assert.ok(!failed, text);
    isPaused(await call('run_graphql_mutation', document));
    const two = { endpoint: 'graphql', query: 'mutation { createCompany(data: {name: "A"}) { id } createNote(data: {title: "B"}) { id } }' };
    assert.ok((await call('run_graphql_mutation', two)).failed);
    assert.equal(sent(), 1);
});

test('writes that wait in the queue when a pause comes are refused, and reading goes on', async (t) => {
    const { server, key, pause, resume, hold, sent, call, connections } = await prepared(t);
    const other = await login(server.url, key, { label: 'other' });
    const [{ key: keyId }] = await connections();
    let all;
    // One key has half of a workspace's eight places.
    const held = await hold(mutation, async () => {
        all = Array.from({ length: 24 }, (_, n) => call('create_record', company(`Queued ${n}`), n % 2 ? other.access : undefined));
    }, 4);
    const on = sent();
    await pause({ key: keyId, reason: 'Key was mailed' });
    await resume({ key: keyId });
    await pause({ key: keyId, reason: 'Key was mailed again' });
    const reads = call('find_records', find);
    await held.answer();
    const done = await Promise.all(all);
    assert.ok(!(await reads).failed);
    const [well, refused] = [done.filter(({ failed }) => !failed), done.filter(({ failed }) => failed)];
    for (const one of refused) isPaused(one, 'Key was mailed');
    assert.equal(well.length, sent(), 'what Twenty has seen was told as done');
    assert.equal(sent(), on, 'nothing was sent behind the pause');
});

test('a pause of a key is of each of its connections, and that of a connection goes with it', async (t) => {
    const { server, key, readOnlyKey, pause, resume, pauses, call, connections } = await prepared(t);
    const bob = await login(server.url, key, { label: 'bob' });
    await login(server.url, readOnlyKey, { label: 'eve', mode: 'read' });
    const all = await connections();
    const [ada, bobs, eves] = ['ada', 'bob', 'eve'].map((label) => all.find((one) => one.label === label));
    const create = (token) => call('create_record', company('x'), token);
    assert.equal(ada.key, bobs.key);
    await pause({ key: eves.key });
    assert.ok(!(await create()).failed && !(await create(bob.access)).failed, 'another key\'s');
    await pause({ connection: bobs.id });
    isPaused(await create(bob.access));
    assert.ok(!(await create()).failed);
    assert.equal((await admin(server.url, 'DELETE', `/admin/connections/${bobs.id}`)).status, 200);
    assert.deepEqual((await pauses()).map(({ of }) => of), ['key']);
    await pause({ connection: bobs.id }, 404);
    const again = await login(server.url, key, { label: 'bob' }, bob.clientId);
    assert.ok(!(await create(again.access)).failed, 'a new consent is another connection');

    await pause({ key: ada.key });
    const later = await login(server.url, key, { label: 'carol' });
    for (const token of [undefined, again.access, later.access]) isPaused(await create(token));
    await admin(server.url, 'POST', '/admin/connections/revoke', { key: ada.key });
    const last = await login(server.url, key, { label: 'dave' });
    isPaused(await create(last.access));
    await resume({ connection: ada.id });
    isPaused(await create(last.access));
    await resume({ key: ada.key });
    assert.ok(!(await create(last.access)).failed);
});

test('a pause and its end between two requests of a call do not stop it', async (t) => {
    const { pause, resume, hold, call } = await prepared(t);
    const held = await hold(mutation, () => call('create_record',
        { objectName: 'company', records: Array.from({ length: 25 }, (_, n) => ({ name: `Goes on ${n}` })) }));
    await pause({ all: true });
    await resume({ all: true });
    const { text, structured } = await held.answer();
    assert.equal(structured?.done, 25, text);
});

test('a write whose answer was lost before the pause is not sent again, and both are said', async (t) => {
    const { twenty, pause, resume, hold, sent, call } = await prepared(t);
    for (const records of [undefined, [{ name: 'Lost a' }, { name: 'Lost b' }]]) {
        twenty.fault = 'reset';
        const before = sent();
        const args = records ? { objectName: 'company', records } : company('Lost');
        const held = await hold(mutation, () => call('create_record', args));
        await pause({ all: true, reason: 'We move' });
        const { failed, text } = await held.answer();
        twenty.fault = null;
        assert.ok(failed, text);
        assert.match(text, /paused writes for everybody: We move/);
        assert.match(text, /may have been (?:created|written) all the same/);
        assert.doesNotMatch(text, /Nothing was written|too slow/);
        assert.equal(sent(), before + 1, 'no repetition');
        await resume({ all: true });
    }
});

test('a pause that was confirmed holds from the first call after a kill -9', async (t) => {
    const { server, pause, resume, pauses, sent, call } = await prepared(t);
    for (let round = 0; round < 3; round += 1) {
        await pause({ all: true, reason: `Round ${round}` });
        await server.program.kill();
        const starting = server.start();
        const early = await until(() => call('create_record', company('Early')).catch(() => undefined), 'an answer');
        assert.ok(early.failed && /"code":"(?:paused|unavailable)"/.test(early.text), early.text);
        await starting;
        isPaused(await call('create_record', company('Late')), `Round ${round}`);
        assert.equal((await pauses()).length, 1);
        const samples = samplesOf((await admin(server.url, 'GET', '/metrics')).text);
        assert.equal(total(samples, 'twenty_mcp_write_pauses'), 1);
        await resume({ all: true });
    }
    assert.equal(sent(), 0);
    assert.ok(!(await call('create_record', company('At last'))).failed);
});

test('a body that names nobody, or several, pauses nobody', async (t) => {
    const { server, pause, resume, pauses, call, connections } = await prepared(t);
    const [{ id, key }] = await connections();
    const wrong = [{}, [], 'x', { all: false }, { all: 'true' }, { all: null }, { all: 1 }, { connection: null },
        { connection: [id] }, { key: 7 }, { connection: id, key }, { all: true, key }, { conection: id },
        { all: true, reason: 'x'.repeat(151) }, { all: true, reason: 7 }, { all: true, reson: 'x' }];
    for (const body of wrong) {
        await pause(body, typeof body === 'string' ? 415 : 400);
    }
    for (const body of [{ connection: '' }, { connection: 'nobody' }, { connection: '%' }, { connection: `${id}x` }, { key: '' },
        { key: key.slice(0, 6) }, { key: key.toUpperCase() === key ? 'f' : key.toUpperCase() }, { key: `${key}0` }, { connection: key }, { key: id },
        { connection: 'x'.repeat(5000) }, { connection: `${id}\u0000` }]) {
        const { status, text } = await admin(server.url, 'POST', '/admin/writes/pause', body);
        assert.ok([400, 404, 413].includes(status), `${JSON.stringify(body)}: ${status} ${text}`);
    }
    assert.deepEqual(await pauses(), []);
    assert.deepEqual(await resume({ connection: '20202020-1c25-4d02-bf25-6aeccf7ea419' }), { pauses: [] });
    assert.ok(!(await call('create_record', company('x'))).failed);
});

test('a second pause of the same changes its reason alone, in whatever order administrators come', async (t) => {
    const { server, socket, pause, pauses, call, connections } = await prepared(t);
    const [first] = (await pause({ all: true, reason: 'One' })).pauses;
    assert.deepEqual((await pause({ all: true, reason: 'Two' })).pauses, [{ ...first, reason: 'Two' }]);
    const [{ id, key }] = await connections();
    // One over the socket, one over the network.
    const local = (word, body) => new Promise((resolve, reject) => {
        http.request({ socketPath: socket, method: 'POST', path: `/admin/writes/${word}`, headers: { 'content-type': 'application/json', host: 'localhost' } },
            (answer) => {
                let text = '';
                answer.on('data', (piece) => { text += piece; });
                answer.on('end', () => resolve({ status: answer.statusCode, json: JSON.parse(text) }));
            }).on('error', reject).end(JSON.stringify(body));
    });
    const steps = Array.from({ length: 40 }, (_, n) => {
        const body = [{ all: true }, { connection: id }, { key }][n % 3];
        const word = n % 2 ? 'resume' : 'pause';
        return n % 4 < 2 ? local(word, body) : admin(server.url, 'POST', `/admin/writes/${word}`, body);
    });
    for (const { status } of await Promise.all(steps)) assert.equal(status, 200);
    const left = await pauses();
    const { failed, text } = await call('create_record', company('x'));
    assert.equal(failed, left.length > 0, text);
    for (const body of [{ all: true }, { connection: id }, { key }]) await local('resume', body);
    assert.ok(!(await call('create_record', company('x'))).failed);
    assert.equal((await local('pause', { connection: id })).json.pauses.length, 1);
    isPaused(await call('create_record', company('x')));
});
