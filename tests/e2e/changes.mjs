// The journal of changes: what a connection changed is listed, taken back, and survives restarts and the
// death of the process; nobody else sees it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { faultyTwenty } from './support/faulty_twenty.mjs';
import { rpc } from './support/mcp.mjs';
import { login, post } from './support/oauth.mjs';
import { samplesOf, total, workspaceProcess } from './support/observed.mjs';
import { freePort, memoryFolder, service, until } from './support/program.mjs';

async function prepared(t, env = {}) {
    const workspace = await workspaceProcess(t);
    const twenty = await faultyTwenty(t, workspace.url);
    const server = await service(t, twenty.url, { TWENTY_MCP_DATA_DIR: memoryFolder(t), ...env });
    const { access } = await login(server.url, workspace.key);
    const call = async (name, args, token = access) => {
        const answer = await rpc(server.url, token, 'tools/call', { name, arguments: args });
        const { result } = answer.json;
        return { failed: result.isError === true, ...JSON.parse(result.content[0].text) };
    };
    const company = async () => {
        const { columns, rows } = await call('find_records', { objectName: 'company', limit: 1, fields: ['name'] });
        return Object.fromEntries(columns.map((column, at) => [column, rows[0][at]]));
    };
    return { workspace, twenty, server, access, call, company };
}

test('a change is named by its answer, listed with what was there, taken back and put forth again', async (t) => {
    const { call, company } = await prepared(t);
    const before = await company();
    const updated = await call('update_record', { objectName: 'company', id: before.id, data: { name: 'Changed' } });
    assert.match(updated.change, /^[a-z2-7]{10}$/);
    const { changes: [listed] } = await call('list_changes', { objectName: 'company', id: before.id });
    assert.equal(listed.id, `${updated.change}.1`);
    assert.deepEqual([listed.tool, listed.effect], ['update_record', 'update']);
    assert.deepEqual(listed.records[0].fields.name, { before: before.name, after: 'Changed' });
    const preview = await call('undo_changes', { ids: [updated.change], preview: true });
    assert.equal(preview.results[0].outcome, 'ready');
    assert.equal((await company()).name, 'Changed');
    const undone = await call('undo_changes', { ids: [updated.change] });
    assert.equal(undone.undone, 1, JSON.stringify(undone));
    assert.equal((await company()).name, before.name);
    assert.equal((await call('undo_changes', { ids: [updated.change] })).results[0].outcome, 'already');
    assert.equal((await call('undo_changes', { ids: [undone.change] })).undone, 1);
    assert.equal((await company()).name, 'Changed');
});

test('the journal outlives a restart, belongs to one connection, and has no value in the clear', async (t) => {
    const { server, workspace, call, company } = await prepared(t);
    const before = await company();
    const secretName = 'Nightjar Holdings 4711';
    const { change } = await call('update_record', { objectName: 'company', id: before.id, data: { name: secretName } });
    const other = await login(server.url, workspace.key);
    assert.deepEqual((await call('list_changes', {}, other.access)).changes, []);
    assert.equal((await call('undo_changes', { ids: [change] }, other.access)).error.code, 'not_found');
    await server.program.stop();
    for (const file of ['twenty-mcp.db', 'twenty-mcp.db-wal']) {
        let bytes = Buffer.alloc(0);
        try { bytes = readFileSync(path.join(server.folder, file)); } catch { /* there is no such file any more */ }
        assert.ok(!bytes.includes(secretName) && !bytes.includes(before.name), file);
    }
    await server.start();
    assert.equal((await call('undo_changes', { ids: [change] })).undone, 1);
    assert.equal((await company()).name, before.name);
});

for (const reaches of [true, false]) {
    test(`of a write that ${reaches ? 'reached' : 'did not reach'} Twenty when the process died it is said that nobody knows`, async (t) => {
        const { twenty, server, call, company } = await prepared(t);
        const before = await company();
        let release;
        twenty.matches = /updateCompany\(/;
        twenty.hold = new Promise((resolve) => { release = resolve; });
        const lost = call('update_record', { objectName: 'company', id: before.id, data: { name: 'Lost' } }).catch(() => 'lost');
        await until(() => twenty.requests.some(({ body }) => twenty.matches.test(body)), 'the write has left');
        await server.program.kill();
        assert.equal(await lost, 'lost');
        if (!reaches) twenty.fault = 'reset';
        release();
        await server.start();
        if (reaches) await until(async () => (await company()).name === 'Lost', 'Twenty wrote it');
        const { changes: [left] } = await call('list_changes', {});
        assert.deepEqual([left.effect, left.state], ['update', 'unknown']);
        const { results: [row] } = await call('undo_changes', { ids: [left.id] });
        assert.equal(row.outcome, 'unknown', 'it may still be under way');
        assert.equal((await company()).name, reaches ? 'Lost' : before.name);
    });
}

test('switched off, nothing is kept, and the tools say so', async (t) => {
    const { call, company } = await prepared(t, { TWENTY_MCP_JOURNAL_DAYS: '0' });
    const before = await company();
    const updated = await call('update_record', { objectName: 'company', id: before.id, data: { name: 'Changed' } });
    assert.equal(updated.change, undefined);
    const listed = await call('list_changes', {});
    assert.equal(listed.error.code, 'unsupported');
});

// The page /connections, as a browser without script uses it.
async function pageOf(t, server, key) {
    const opened = await fetch(`${server.url}/connections`);
    const cookie = opened.headers.getSetCookie()[0].split(';')[0];
    const send = (fields) => post(`${server.url}/connections`, fields, { cookie, origin: server.url });
    const first = await send({ api_key: key });
    const html = await first.text();
    const ticket = html.match(/name="ticket" value="([^"]+)"/)[1];
    const [, of] = html.match(/name="changes" value="([^"]+)"/);
    assert.ok(!html.includes(key), 'the key is in no page');
    return { html, of, act: async (fields) => (await send({ ticket, changes: of, ...fields })).text(), send, ticket };
}
const plain = (html) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').replaceAll('&quot;', '"');

test('a person sees at /connections what was changed, before and after, and takes it back there', async (t) => {
    const { server, workspace, call, company } = await prepared(t);
    const before = await company();
    await call('update_record', { objectName: 'company', id: before.id, data: { name: 'Changed', employees: 77 } });
    const made = await call('create_record', { objectName: 'note', data: { title: 'Made by a model' } });
    const page = await pageOf(t, server, workspace.key);
    const seen = await page.act({});
    const text = plain(seen);
    assert.match(text, /Changed 1 company record/);
    assert.ok(text.includes(before.name), 'what was there before');
    assert.match(text, /before: .* → after: Changed/);
    assert.match(text, /Created 1 note record/);
    assert.ok(!seen.includes(workspace.key));
    // Of one record alone.
    const one = plain(await page.act({ record: `company ${before.id}` }));
    assert.match(one, /Changed 1 company record/);
    assert.doesNotMatch(one, /Made by a model/);
    // Taken back, once.
    const [change] = seen.match(/name="undo" value="([^"]+)" aria-describedby="[^"]+">Take this back/).slice(1);
    assert.equal(change, `${made.change}.1`, 'the newest comes first');
    const undone = plain(await page.act({ undo: change }));
    assert.match(undone, /1 record is as it was before\./);
    assert.match(undone, /Deleted 1 note record took back an earlier change/);
    assert.match(plain(await page.act({ undo: change })), /Nothing was taken back\..*It was taken back before\./);
    // All since a day; the model's own pause does not hinder its person.
    await page.send({ ticket: page.ticket, pause: page.of });
    assert.match((await call('update_record', { objectName: 'company', id: before.id, data: { name: 'No' } })).error.code, /paused/);
    const all = plain(await page.act({ since: new Date().toISOString().slice(0, 10) }));
    assert.match(all, /records? (is|are) as (it was|they were) before/);
    await page.send({ ticket: page.ticket, resume: page.of });
    assert.equal((await company()).name, before.name);
});

test('what somebody else changed since is shown at /connections, and stays', async (t) => {
    const { server, workspace, call, company } = await prepared(t);
    const before = await company();
    await call('update_record', { objectName: 'company', id: before.id, data: { employees: 77 } });
    const other = await login(server.url, workspace.key);
    await call('update_record', { objectName: 'company', id: before.id, data: { employees: 78 } }, other.access);
    const page = await pageOf(t, server, workspace.key);
    const ofFirst = [...page.html.matchAll(/name="changes" value="([^"]+)"/g)].map((found) => found[1]);
    assert.equal(ofFirst.length, 2);
    const pages = await Promise.all(ofFirst.map((of) => page.act({ changes: of })));
    const at = pages.findIndex((html) => /after: <\/span>77/.test(html));
    assert.ok(at >= 0 && !/after: <\/span>78/.test(pages[at]), 'each connection has its own changes');
    const [, change] = pages[at].match(/name="undo" value="([^"]+)"/);
    const told = plain(await page.act({ changes: ofFirst[at], undo: change }));
    assert.match(told, /Nothing was taken back\..*employees: written 77, now 78\./);
});

test('nobody sees or takes back changes without the key, and a connection of another key is none', async (t) => {
    const { server, workspace, call } = await prepared(t);
    await call('create_record', { objectName: 'note', data: { title: 'A secret of ours' } });
    const mine = await pageOf(t, server, workspace.key);
    const reader = await login(server.url, workspace.readOnlyKey);
    assert.ok(reader.access);
    const opened = await fetch(`${server.url}/connections`);
    const cookie = opened.headers.getSetCookie()[0].split(';')[0];
    const send = (fields, browser = cookie) => post(`${server.url}/connections`, fields, { cookie: browser, origin: server.url });
    const theirs = (await (await send({ api_key: workspace.readOnlyKey })).text()).match(/name="ticket" value="([^"]+)"/)[1];
    for (const fields of [{ ticket: theirs, changes: mine.of }, { changes: mine.of }, { ticket: 'x', changes: mine.of },
        { ticket: mine.ticket, changes: mine.of }]) {
        const html = await (await send(fields)).text();
        assert.ok(!html.includes('A secret of ours'), JSON.stringify(fields));
    }
    const still = await call('list_changes', {});
    assert.equal(still.changes.length, 1);
});

test('a journalled update costs no request to Twenty and at most one commit more; reading costs neither', async (t) => {
    const workspace = await workspaceProcess(t);
    const sides = await Promise.all([{}, { TWENTY_MCP_JOURNAL_DAYS: '0' }].map(async (env) => {
        const twenty = await faultyTwenty(t, workspace.url);
        const port = await freePort();
        const server = await service(t, twenty.url, {
            TWENTY_MCP_DATA_DIR: memoryFolder(t), TWENTY_MCP_METRICS_LISTEN: `127.0.0.1:${port}`, ...env,
        });
        const { access } = await login(server.url, workspace.key);
        const call = (name, args) => rpc(server.url, access, 'tools/call', { name, arguments: args });
        const found = await call('find_records', { objectName: 'company', limit: 1, fields: ['name'] });
        const id = JSON.parse(found.json.result.content[0].text).rows[0].find((cell) => /^[0-9a-f-]{36}$/.test(cell));
        const commits = async () => total(samplesOf(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
            'twenty_mcp_store_commit_seconds_count');
        return { twenty, call, id, commits };
    }));
    const rounds = 40;
    const cost = async (what) => {
        const before = await Promise.all(sides.map(async (side) => [side.twenty.requests.length, await side.commits()]));
        for (let n = 0; n < rounds; n += 1) for (const side of sides) await what(side, n);
        return Promise.all(sides.map(async (side, at) => [side.twenty.requests.length - before[at][0],
            await side.commits() - before[at][1]]));
    };
    const [kept, plain] = await cost((side, n) => side.call('update_record',
        { objectName: 'company', id: side.id, data: { employees: n } }));
    t.diagnostic(`${rounds} updates: ${kept[0]} requests and ${kept[1]} commits with a journal, ${plain[0]} and ${plain[1]} without`);
    assert.equal(kept[0], plain[0], 'no request more');
    assert.ok(kept[1] - plain[1] <= rounds, 'at most one commit more for each');
    assert.ok(kept[1] <= 2 * rounds + 5, 'and two in all, but for what the server writes by itself');
    const [reads, plainReads] = await cost((side) => side.call('get_record', { objectName: 'company', id: side.id }));
    t.diagnostic(`${rounds} reads: ${reads[0]} requests and ${reads[1]} commits with a journal, ${plainReads[0]} and ${plainReads[1]} without`);
    assert.equal(reads[0], plainReads[0]);
    assert.ok(Math.abs(reads[1] - plainReads[1]) <= rounds / 4, 'only the trail of calls is written');
});
