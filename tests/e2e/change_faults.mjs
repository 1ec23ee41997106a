// The whole program dies at every point that a write, or the undoing of one, passes. Nothing is done
// twice, every change that reached Twenty is in the journal, and what nobody knew is found out.
// Usage: change_faults.mjs CRASH_SERVER STALL: the program with a fault_point() that kills, and the
// library of ../support/stall.cpp, whose clock can be set.
import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { rpc } from './support/mcp.mjs';
import { login, post } from './support/oauth.mjs';
import { workspaceProcess } from './support/observed.mjs';
import { answers, memoryFolder, service, until } from './support/program.mjs';

const [, , crashServer, stall] = process.argv;
const mostPassings = 2; // the call's own row in the trail passes the points of every transaction, too
const longEnough = 200; // seconds, until a change without an answer is looked up

const points = readFileSync(new URL('../support/fault_points.txt', import.meta.url), 'utf8')
    .replace(/\n +/g, ' ').split('\n').filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(/ +/))
    .filter(([, , , ...steps]) => steps.includes('change') || steps.includes('change_end'))
    .map(([point]) => point);

// What a call does, and what the record then holds.
const writes = {
    update: (id, jobTitle) => ['update_record', { objectName: 'person', id, data: { jobTitle } }],
    delete: (id) => ['delete_record', { objectName: 'person', id }],
    create: (id, jobTitle) => ['create_record', { objectName: 'person', data: { jobTitle } }],
    undo: (id, jobTitle, change) => ['undo_changes', { ids: [change] }],
};

async function prepared(t) {
    const workspace = await workspaceProcess(t);
    const folder = memoryFolder(t);
    const files = { fault: path.join(folder, 'fault'), clock: path.join(folder, 'clock') };
    const server = await service(t, workspace.url, {
        TWENTY_MCP_DATA_DIR: folder, FAULT_POINT_FILE: files.fault, CLOCK_FILE: files.clock, LD_PRELOAD: stall,
    }, { binary: crashServer });
    const { access } = await login(server.url, workspace.key);
    const call = async (name, args) => {
        const answer = await rpc(server.url, access, 'tools/call', { name, arguments: args });
        return JSON.parse(answer.json.result.content[0].text);
    };
    // undefined: the program has died at it.
    const unlessDead = async (name, args) => {
        try {
            return await call(name, args);
        } catch (error) {
            if (error instanceof TypeError || error.cause?.code) return undefined;
            throw error;
        }
    };
    const people = async (more = {}) => {
        const all = [];
        for (let cursor; ;) {
            const page = await call('find_records',
                { objectName: 'person', limit: 60, fields: ['jobTitle'], ...more, ...(cursor && { cursor }) });
            all.push(...page.rows.map((row) => Object.fromEntries(page.columns.map((column, at) => [column, row[at]]))));
            ({ cursor } = page);
            if (!cursor) return all;
        }
    };
    return { workspace, server, files, call, unlessDead, people };
}

// Does `step` until the program has died at the point, and starts it anew; 1: it has died there.
async function dies(server, files, point, step) {
    writeFileSync(`${files.fault}.new`, `${point}\n`);
    renameSync(`${files.fault}.new`, files.fault);
    await step();
    // What is behind the answer comes within a second.
    const died = await until(() => !server.program.running, 'it dies', 1.5).then(() => 1, () => 0);
    if (!died) await server.program.kill();
    rmSync(files.fault, { force: true });
    await server.start();
    return died;
}

// All changes, asked for until none is unknown any more.
async function settled(call) {
    let left;
    for (let round = 0; round < 50; round += 1) {
        const all = [];
        for (let cursor; ;) {
            const page = await call('list_changes', cursor ? { cursor } : {});
            all.push(...page.changes);
            ({ cursor } = page);
            if (!cursor) break;
        }
        left = all.filter(({ state }) => state === 'unknown' || state === 'begun');
        if (left.length === 0) return all;
    }
    assert.fail(`some changes stay unknown: ${JSON.stringify(left)}`);
}

test('a write and its undo may die anywhere, and nothing is lost, done twice or left unknown', async (t) => {
    const { server, files, call, unlessDead, people } = await prepared(t);
    const rounds = Object.keys(writes).flatMap((kind) => points.flatMap((point) =>
        Array.from({ length: mostPassings }, (_, i) => ({ kind, point, passing: i + 1 }))));
    const before = new Map((await people()).map((one) => [one.id, one.jobTitle]));
    const free = [...before.keys()];
    assert.ok(free.length >= rounds.length, `${free.length} people`);
    let deaths = 0;
    for (const [round, { kind, point, passing }] of rounds.entries()) {
        const id = free[round]; // each its own: of what was written over nobody can tell
        const jobTitle = `${kind} ${round}`;
        let change;
        if (kind === 'undo') ({ change } = await call(...writes.update(id, jobTitle)));
        assert.ok(await answers(`${server.url}/readyz`));
        deaths += await dies(server, files, `${point} ${passing}`, () => unlessDead(...writes[kind](id, jobTitle, change)));
    }
    assert.ok(deaths >= rounds.length / 2, `${deaths} of ${rounds.length}`);

    writeFileSync(files.clock, `${longEnough}\n`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    const changes = await settled(call);
    const created = changes.filter(({ effect, state }) => effect === 'create' && !state).flatMap(({ records }) => records);
    const made = await people({ filter: { jobTitle: { startsWith: 'create ' } } });
    assert.equal(new Set(made.map(({ jobTitle }) => jobTitle)).size, made.length, 'nothing is created twice');
    assert.deepEqual(new Set(made.map(({ id }) => id)), new Set(created.map(({ id }) => id)), 'nor forgotten');
    for (let round = 0; round < 20; round += 1) {
        const { undone, results } = await call('undo_changes', { since: 'today' });
        assert.ok(results.every(({ outcome }) => ['undone', 'already'].includes(outcome)),
            JSON.stringify(results.filter(({ outcome }) => outcome !== 'undone')));
        if (undone === 0) break;
    }
    const after = new Map((await people()).map((one) => [one.id, one.jobTitle]));
    assert.deepEqual(after, before);
    t.diagnostic(`${rounds.length} rounds, ${deaths} deaths, ${changes.length} changes`);
});

// A person's answers, and what they do at /connections, by the API key in a browser of their own.
function browserOf(server, key) {
    const send = async (url, fields) => {
        const opened = await fetch(url);
        const cookie = opened.headers.getSetCookie()[0].split(';')[0];
        const shown = await (await post(url, { api_key: key }, { cookie, origin: server.url })).text();
        const ticket = shown.match(/name="ticket" value="([^"]+)"/)?.[1];
        assert.ok(ticket, shown);
        return (await post(url, { ticket, ...fields(shown) }, { cookie, origin: server.url })).text();
    };
    return {
        approve: (link) => send(link, () => ({ answer: 'yes' })),
        undoSince: (connection, since) => send(`${server.url}/connections`, () => ({ changes: connection, since })),
        // The connections that have this label.
        labelled: (label) => {
            let id;
            return send(`${server.url}/connections`, (shown) => {
                id = shown.match(new RegExp(`<h2 id="c-([^"]+)">${label}<`))?.[1];
                return {};
            }).then(() => id);
        },
    };
}

test('a merge may die anywhere, and what it moved and removed is known and can be taken back', async (t) => {
    const { workspace, server, files } = await prepared(t);
    const speak = async (label) => {
        const { access } = await login(server.url, workspace.key, { label });
        return async (name, args) => {
            const answer = await rpc(server.url, access, 'tools/call', { name, arguments: args });
            return JSON.parse(answer.json.result.content[0].text);
        };
    };
    const scene = await speak('scene'); // what it makes is not the merging connection's to take back
    const merge = await speak('merging');
    const person = browserOf(server, workspace.key);
    const make = async (objectName, data) => (await scene('create_record', { objectName, data })).id;
    const rounds = points.flatMap((point) => [1, 2, 3].map((passing) => ({ point, passing })));
    const all = [];
    let deaths = 0;
    for (const [round, { point, passing }] of rounds.entries()) {
        const keeps = await make('company', { name: `Stays ${round}` });
        const other = await make('company', { name: `Goes ${round}`, employees: round });
        const note = await make('note', { title: `Note ${round}`, about: [{ object: 'company', id: other }] });
        all.push({ keeps, other, note, round });
        const args = { objectName: 'company', id: keeps, ids: [other] };
        const { error } = await merge('merge_records', args);
        await person.approve(error.approval.link);
        deaths += await dies(server, files, `${point} ${passing}`, () => merge('merge_records', args).catch(() => undefined));
    }
    assert.ok(deaths >= rounds.length / 2, `${deaths} of ${rounds.length}`);
    writeFileSync(files.clock, `${longEnough}\n`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    const changes = await settled(merge);
    const merged = new Set(changes.filter(({ effect, state }) => effect === 'merge' && !state).map(({ records }) => records[1].id));
    for (const { other, round } of all) {
        const there = !(await scene('get_record', { objectName: 'company', id: other })).error;
        assert.equal(there, !merged.has(other), `round ${round}: the journal knows whether it was merged`);
    }
    assert.ok(merged.size > 0 && merged.size < rounds.length, `${merged.size} were merged`);
    const mine = await person.labelled('merging');
    for (let n = 0; n < 10; n += 1) {
        const html = await person.undoSince(mine, new Date().toISOString().slice(0, 10));
        if (html.includes('Nothing was taken back.')) break;
    }
    for (const { keeps, other, note, round } of all) {
        const [one, two, about] = await Promise.all([['company', keeps], ['company', other], ['note', note]]
            .map(([objectName, id]) => scene('get_record', { objectName, id, depth: 1 })));
        assert.equal(one.record?.name, `Stays ${round}`, JSON.stringify(one));
        assert.equal(two.record?.name, `Goes ${round}`, JSON.stringify(two));
        assert.equal(two.record.employees ?? 0, round);
        assert.ok(JSON.stringify(about.record).includes(other), `round ${round}: ${JSON.stringify(about)}`);
    }
    t.diagnostic(`${rounds.length} rounds, ${deaths} deaths, ${merged.size} merged`);
});
