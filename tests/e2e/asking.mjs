// A person is asked before records are changed: by clients that can ask, and on a page of the server by
// those that cannot; and a connection changes no more records than it may.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { callTool, rpc, send } from './support/mcp.mjs';
import { authorizeUrl, consentPage, pkce, post, redeem, register, submit } from './support/oauth.mjs';
import { connect, Person } from './support/sdk.mjs';
import { connect2 } from './support/sdk2.mjs';
import { demo, memoryFolder, service } from './support/program.mjs';

const own = 'io.modelcontextprotocol/';
const asks = { capabilities: { elicitation: {} } };

// A connection whose browser is remembered.
async function connected(server, key, choices = {}) {
    const clientId = await register(server.url);
    const { verifier, challenge } = pkce();
    const page = await consentPage(authorizeUrl(server.url, clientId, challenge));
    const answer = await submit(page, { api_key: key, ask: 'risky', ...choices });
    const back = answer.headers.get('location') ?? (await answer.text()).match(/url=([^"]+)"/)[1].replaceAll('&amp;', '&');
    const { body } = await redeem(server.url, clientId, new URL(back).searchParams.get('code'), verifier);
    const kept = answer.headers.getSetCookie()[0];
    return { access: body.access_token, cookie: kept.split(';')[0], kept };
}

async function prepared(t, env = {}, choices = {}) {
    const { workspace, key, readOnlyKey } = await demo(t);
    const server = await service(t, workspace, { TWENTY_MCP_DATA_DIR: memoryFolder(t), ...env });
    const one = await connected(server, key, choices);
    const call = async (name, args, access = one.access) => {
        const answer = await callTool(server.url, access, name, args);
        return { ...answer, ...(answer.failed && { error: JSON.parse(answer.text).error }) };
    };
    const make = async () => JSON.parse((await call('create_record', { objectName: 'company', data: { name: 'Doomed' } })).text).id;
    const isDeleted = async (id) => /delet/i.test((await call('get_record', { objectName: 'company', id })).text);
    return { server, workspace, key, readOnlyKey, one, call, make, isDeleted };
}

const look = (link, cookie) => fetch(link, { headers: cookie ? { cookie } : {} }).then((r) => r.text());
async function answerAt(server, link, cookie, answer) {
    const html = await look(link, cookie);
    const ticket = html.match(/name="ticket" value="([^"]+)"/)?.[1];
    assert.ok(ticket, html);
    return (await post(link, { ticket, answer }, { cookie, origin: server.url })).text();
}

test('a client that cannot ask gets a link; the browser that consented answers; the same call goes on, once', async (t) => {
    const { server, readOnlyKey, one, call, make, isDeleted } = await prepared(t);
    assert.match(one.kept, /Max-Age=15552000.*|HttpOnly/);
    const id = await make();
    const args = { objectName: 'company', id };
    const first = await call('delete_record', args);
    assert.equal(first.error.code, 'approval_needed', first.text);
    const { approval } = first.error;
    assert.ok(approval.link.startsWith(`${server.url}/approve/`));
    assert.equal(approval.change, 'Delete 1 company');
    assert.match(approval.records[0], /Doomed/);
    assert.ok(!(await isDeleted(id)));
    // Asked again, it is the same question.
    assert.equal((await call('delete_record', args)).error.approval.link, approval.link);
    // Whoever proves nothing sees nothing; nor does another key.
    assert.ok(!(await look(approval.link)).includes('Doomed'));
    const foreign = await post(approval.link, { api_key: readOnlyKey }, { cookie: (await connected(server, readOnlyKey)).cookie, origin: server.url });
    assert.equal(foreign.status, 422);
    const page = await look(approval.link, one.cookie);
    assert.match(page, /Delete 1 company\?/);
    assert.match(page, /Doomed/);
    assert.match(await answerAt(server, approval.link, one.cookie, 'yes'), /Approved/);
    const done = await call('delete_record', args);
    assert.ok(!done.failed, done.text);
    assert.ok(await isDeleted(id));
    // The yes is spent.
    await call('restore_record', args);
    assert.equal((await call('delete_record', args)).error.code, 'approval_needed');
});

test('a merge is asked for where nothing else is, moves what hangs on the other, and can be taken back', async (t) => {
    const { server, one, call } = await prepared(t, {}, { ask: 'nothing' });
    const make = async (objectName, data) => JSON.parse((await call('create_record', { objectName, data })).text).id;
    const keeps = await make('company', { name: 'Quill' });
    const other = await make('company', { name: 'Quill AG', employees: 7 });
    const note = await make('note', { title: 'N', about: [{ object: 'company', id: other }] });
    const args = { objectName: 'company', id: keeps, ids: [other] };
    const { approval } = (await call('merge_records', args)).error;
    assert.equal(approval.change, 'Merge 2 companies');
    assert.match(approval.records.join(), /goes for good: “Quill AG”.*notes \(1\)/);
    const page = await look(approval.link, one.cookie);
    assert.match(page, /goes for good: “Quill AG”/);
    await answerAt(server, approval.link, one.cookie, 'yes');
    const merged = await call('merge_records', args);
    assert.ok(!merged.failed, merged.text);
    const about = async (id) => JSON.stringify((await call('get_record', { objectName: 'note', id, depth: 1 })).structured.record);
    assert.match(await about(note), new RegExp(keeps));
    const { change } = merged.structured;
    const back = (await call('undo_changes', { ids: [change] })).error.approval;
    assert.match(back.records.join(), /make anew company: “Quill AG”/);
    await answerAt(server, back.link, one.cookie, 'yes');
    const undone = await call('undo_changes', { ids: [change] });
    assert.ok(undone.structured.results.every(({ outcome }) => outcome === 'undone'), undone.text);
    assert.match(await about(note), new RegExp(other));
    const again = await call('get_record', { objectName: 'company', id: other });
    assert.equal(again.structured.record.employees, 7);
});

test('a merge that the quota has no room for moves nothing', async (t) => {
    const { call } = await prepared(t, {}, { ask: 'nothing', changes_hour: '7', changes_day: '7' });
    const make = async (objectName, data) => JSON.parse((await call('create_record', { objectName, data })).text).id;
    const keeps = await make('company', { name: 'Quill' });
    const other = await make('company', { name: 'Quill AG' });
    const note = await make('note', { title: 'N', about: [{ object: 'company', id: other }] });
    const refused = await call('merge_records', { objectName: 'company', id: keeps, ids: [other] });
    assert.equal(refused.error.code, 'quota_used', refused.text);
    const record = (await call('get_record', { objectName: 'note', id: note, depth: 1 })).structured.record;
    assert.match(JSON.stringify(record), new RegExp(other));
});

test('a no holds, the key answers in any browser, and a change meanwhile asks anew', async (t) => {
    const { server, key, one, call, make, isDeleted } = await prepared(t);
    const refused = await make();
    const first = await call('delete_record', { objectName: 'company', id: refused });
    assert.match(await answerAt(server, first.error.approval.link, one.cookie, 'no'), /Refused/);
    assert.equal((await call('delete_record', { objectName: 'company', id: refused })).error.code, 'declined');
    assert.ok(!(await isDeleted(refused)));

    const other = await make();
    const { error: { approval } } = await call('delete_record', { objectName: 'company', id: other });
    const stranger = `tmcp_b=${Buffer.alloc(32, 9).toString('base64url')}`;
    const shown = await (await post(approval.link, { api_key: key }, { cookie: stranger, origin: server.url })).text();
    const ticket = shown.match(/name="ticket" value="([^"]+)"/)[1];
    assert.ok(!shown.includes(key));
    assert.match(await (await post(approval.link, { ticket, answer: 'yes' }, { cookie: stranger, origin: server.url })).text(), /Approved/);
    await call('update_record', { objectName: 'company', id: other, data: { name: 'Another by now' } });
    const changed = await call('delete_record', { objectName: 'company', id: other });
    assert.equal(changed.error.code, 'approval_needed');
    assert.notEqual(changed.error.approval.link, approval.link);
    assert.ok(!(await isDeleted(other)));
});

test('a restart forgets the questions, and the call asks anew', async (t) => {
    const { server, one, call, make } = await prepared(t);
    const args = { objectName: 'company', id: await make() };
    const { error: { approval } } = await call('delete_record', args);
    await answerAt(server, approval.link, one.cookie, 'yes');
    await server.program.stop();
    await server.start();
    assert.ok(!(await look(approval.link, one.cookie)).includes('Doomed'));
    const again = await call('delete_record', args);
    assert.equal(again.error.code, 'approval_needed');
    assert.notEqual(again.error.approval.link, approval.link);
});

test('two equal calls at once behind one yes delete once', async (t) => {
    const { server, one, call } = await prepared(t, {}, { ask: 'every' });
    const args = { objectName: 'company', data: { name: 'Twin' } };
    const { error: { approval } } = await call('create_record', args);
    await answerAt(server, approval.link, one.cookie, 'yes');
    const answers = await Promise.all([1, 2, 3].map(() => call('create_record', args)));
    assert.equal(answers.filter(({ failed }) => !failed).length, 1);
    const found = await call('find_records', { objectName: 'company', filter: { name: 'Twin' } });
    assert.equal(JSON.parse(found.text).rows.length, 1);
});

test('the administrator\'s floor holds for connections that chose less, and for older ones', async (t) => {
    const { server, one, call, make, isDeleted } = await prepared(t, {}, { ask: 'nothing' });
    const id = await make();
    assert.ok(!(await call('delete_record', { objectName: 'company', id })).failed);
    assert.ok(await isDeleted(id));
    const env = { TWENTY_MCP_DATA_DIR: server.folder, TWENTY_MCP_ASK_FLOOR: 'every' };
    await server.restart(env);
    assert.equal((await call('create_record', { objectName: 'company', data: { name: 'x' } }, one.access)).error.code, 'approval_needed');
    assert.ok(!(await call('find_records', { objectName: 'company', limit: 1 })).failed);
});

for (const [name, open] of [
    ['the SDK', (t, base, person, answer) => connect(t, base, person, undefined, asks,
        (client) => client.setRequestHandler(ElicitRequestSchema, answer))],
    ['the second SDK, in a session', (t, base, person, answer) => connect2(t, base, person, 'legacy', asks,
        (client) => client.setRequestHandler('elicitation/create', answer))],
    ['the second SDK, at 2026-07-28', (t, base, person, answer) => connect2(t, base, person, { pin: '2026-07-28' }, asks,
        (client) => client.setRequestHandler('elicitation/create', answer))],
]) {
    test(`${name} asks its own person, and yes, no and neither are what they are`, async (t) => {
        const { server, key, make, isDeleted } = await prepared(t);
        const asked = [];
        let say;
        const { client } = await open(t, server.url, new Person(key, { mode: 'write', ask: 'risky' }), (request) => {
            asked.push(request.params.message);
            return say;
        });
        const id = await make();
        const remove = async () => {
            const result = await client.callTool({ name: 'delete_record', arguments: { objectName: 'company', id } });
            return { failed: result.isError === true, text: result.content[0].text };
        };
        for (const answer of [{ action: 'decline' }, { action: 'cancel' }, { action: 'accept', content: { confirm: false } }]) {
            say = answer;
            const refused = await remove();
            assert.ok(refused.failed);
            // Whoever made no choice may still make it on the page.
            assert.match(refused.text, answer.action === 'cancel' ? /approval_needed.*\/approve\// : /declined/);
            assert.ok(!(await isDeleted(id)));
        }
        assert.match(asked[0], /Delete 1 company\?[^]*Doomed/);
        say = { action: 'accept', content: { confirm: true } };
        const done = await remove();
        assert.ok(!done.failed, done.text);
        assert.ok(await isDeleted(id));
        assert.equal(asked.length, 4);
    });
}

test('an agreement under 2026-07-28 cannot be sent again, nor moved to another call', async (t) => {
    const { server, one, call } = await prepared(t, {}, { ask: 'every' });
    const meta = { [`${own}protocolVersion`]: '2026-07-28', [`${own}clientCapabilities`]: { elicitation: {} }, [`${own}clientInfo`]: { name: 'e2e', version: '1' } };
    const stateless = (args, more = {}) => send(server.url, one.access, {
        jsonrpc: '2.0', id: 1, method: 'tools/call',
        params: { name: 'create_record', arguments: args, _meta: meta, ...more },
    }, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'create_record' });
    const args = { objectName: 'company', data: { name: 'Replayed' } };
    const asked = (await stateless(args)).json.result;
    assert.equal(asked.resultType, 'input_required', JSON.stringify(asked));
    const [key] = Object.keys(asked.inputRequests);
    const agreed = { requestState: asked.requestState, inputResponses: { [key]: { action: 'accept', content: { confirm: true } } } };
    const other = (await stateless({ objectName: 'company', data: { name: 'Moved' } }, agreed)).json;
    assert.ok(other.error || other.result.resultType === 'input_required', JSON.stringify(other));
    const done = (await stateless(args, agreed)).json.result;
    assert.ok(!done.isError, JSON.stringify(done));
    for (let i = 0; i < 3; i += 1) {
        const again = (await stateless(args, agreed)).json.result;
        assert.ok(again.isError || again.resultType === 'input_required', JSON.stringify(again));
    }
    // Without its question: an answer under a key that was made up.
    const forged = (await stateless({ objectName: 'company', data: { name: 'Forged' } },
        { inputResponses: { confirm: { action: 'accept', content: { confirm: true } }, 'confirm-x': { action: 'accept', content: { confirm: true } } } })).json;
    assert.ok(forged.error || forged.result.resultType === 'input_required', JSON.stringify(forged));
    const found = await call('find_records', { objectName: 'company', filter: { or: [{ name: 'Replayed' }, { name: 'Moved' }, { name: 'Forged' }] } });
    assert.equal(JSON.parse(found.text).rows.length, 1, found.text);
});

test('a connection changes no more records than it may, and says what is left', async (t) => {
    const { server, one, call } = await prepared(t, { TWENTY_MCP_CHANGES_HOUR: '5' }, { ask: 'nothing', changes_day: '100' });
    const info = async () => JSON.parse((await rpc(server.url, one.access, 'resources/read', { uri: 'twenty://api/info' })).json.result.contents[0].text);
    assert.deepEqual((await info()).changesLeft, { hour: 5, day: 100 });
    const create = (count) => call('create_record', { objectName: 'company', records: Array.from({ length: count }, (_, i) => ({ name: `Q ${i}` })) });
    assert.ok(!(await create(3)).failed);
    assert.deepEqual((await info()).changesLeft, { hour: 2, day: 97 });
    const refused = await create(3);
    assert.equal(refused.error.code, 'quota_used', refused.text);
    assert.match(refused.error.message, /5 records an hour; 2 are left/);
    await server.program.stop();
    await server.start();
    assert.deepEqual((await info()).changesLeft, { hour: 2, day: 97 });
    assert.ok(!(await create(2)).failed);
    assert.equal((await call('create_record', { objectName: 'company', data: { name: 'x' } })).error.code, 'quota_used');
    assert.ok(!(await call('find_records', { objectName: 'company', limit: 1 })).failed);
});
