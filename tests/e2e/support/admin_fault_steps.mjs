// The administrator's steps of faults.mjs, as fault_steps.mjs has the others. A call is written down
// first and then done, each with a commit of its own; `idle` is the same call without an effect,
// so that the rows that count calls are there before.
import assert from 'node:assert/strict';
import { admin } from './admin.mjs';
import { ended, logInTwice, works } from './fault_steps.mjs';

const nobody = '00000000-0000-4000-8000-000000000000';

const audit = async (it, kind) =>
    (await admin(it.base, 'GET', `/admin/audit?kind=${kind}&limit=1000`)).json.events;

// How often calls of this operation were written down.
async function calls(it, operation) {
    const rows = (await audit(it, 'admin_called')).filter(({ detail }) => detail === operation);
    return rows.reduce((sum, { times = 1 }) => sum + times, 0);
}

function administrator({ operation, kinds, idle, prepare, act, check }) {
    return {
        admin: true,
        async prepare(it) {
            await prepare(it);
            const { status } = await idle(it);
            assert.ok(status < 500 && status !== 429, `${status}`);
            it.calls = await calls(it, operation);
            assert.ok(it.calls > 0);
            it.last = {};
            for (const kind of kinds) it.last[kind] = (await audit(it, kind))[0]?.id ?? 0;
        },
        act,
        async check(it, kept, got, noted) {
            if (got) assert.equal(got.status, 200, got.text);
            assert.equal(await calls(it, operation) - it.calls, noted ? 1 : 0, 'the call is written down');
            const rows = {};
            for (const kind of kinds) {
                rows[kind] = (await audit(it, kind)).filter(({ id }) => id > it.last[kind]);
                assert.equal(rows[kind].length > 0, kept, `${kind}: written down if it happened`);
            }
            await check(it, kept, rows);
        },
    };
}

// -- Connections --------------------------------------------------------------------------------

const revoke = (it, choice) => admin(it.base, 'POST', '/admin/connections/revoke', choice);

async function listed(it) {
    const { json } = await admin(it.base, 'GET',
        `/admin/connections?limit=200&client=${encodeURIComponent(it.label)}`);
    return json.connections.filter(({ label }) => [it.label, `${it.label} too`].includes(label));
}

const ending = (operation, { idle, act, what, both }) => administrator({
    operation,
    kinds: ['connections_revoked', 'ended_by_admin'],
    idle,
    async prepare(it) {
        await logInTwice(it);
        it.connections = await listed(it);
        it.one = it.connections.find(({ label }) => label === it.label);
        assert.equal(it.connections.length, 2);
    },
    act,
    async check(it, kept, rows) {
        const gone = it.connections.filter((one) => both || one === it.one).map(({ id }) => id);
        assert.equal((await listed(it)).length, kept ? 2 - gone.length : 2);
        if (kept) {
            const told = rows.ended_by_admin.map(({ connection }) => connection);
            for (const id of gone) assert.equal(told.filter((one) => one === id).length, 1);
            assert.deepEqual(rows.connections_revoked.map(({ detail }) => detail),
                [`${what(it)}: ${told.length} ended`]);
        }
        await ended(it, kept);
        const other = { ...it, ...it.other };
        if (both) await ended(other, kept);
        else await works(other, other.tokens);
    },
});

// -- The primer ---------------------------------------------------------------------------------

const primer = (it, method, text, headers) => admin(it.base, method, '/admin/primer', text, headers);
const put = async (it, text) => assert.equal((await primer(it, 'PUT', text)).status, 200);
const history = async (it) => (await admin(it.base, 'GET', '/admin/primer/history')).json.versions;
const unless = { 'if-match': '"no primer has this etag"' };

async function primerIs(it, expected) {
    const found = await primer(it, 'GET');
    assert.equal(found.status, expected ? 200 : 404);
    if (expected) assert.equal(found.text, expected);
}

// -- Pauses of writes ---------------------------------------------------------------------------

const writes = (it, what, of) => admin(it.base, 'POST', `/admin/writes/${what}`, of);
const pausing = (what, kind, prepare, after) => administrator({
    operation: `POST /admin/writes/${what}`,
    kinds: [kind],
    idle: (it) => writes(it, what, { connection: nobody }),
    async prepare(it) {
        await logInTwice(it);
        [{ id: it.paused }] = await listed(it);
        await prepare(it);
    },
    act: (it) => writes(it, what, { connection: it.paused }),
    async check(it, kept) {
        const { json } = await admin(it.base, 'GET', '/admin/writes');
        const there = json.pauses.some(({ connection }) => connection === it.paused);
        assert.equal(there, kept === after);
        if (there) await writes(it, 'resume', { connection: it.paused });
        await works(it, it.tokens);
    },
});

// -----------------------------------------------------------------------------------------------

export const adminSteps = {
    admin_end_one: ending('DELETE /admin/connections/{id}', {
        idle: (it) => admin(it.base, 'DELETE', `/admin/connections/${nobody}`),
        act: (it) => admin(it.base, 'DELETE', `/admin/connections/${it.one.id}`),
        what: (it) => `id ${it.one.id}`,
        both: false,
    }),
    admin_end_key: ending('POST /admin/connections/revoke', {
        idle: (it) => revoke(it, { key: '000000000000' }),
        act: (it) => revoke(it, { key: it.one.key }),
        what: (it) => `key ${it.one.key}`,
        both: true,
    }),
    admin_end_client: ending('POST /admin/connections/revoke', {
        idle: (it) => revoke(it, { client_id: 'https://client.example.com/nobody' }),
        act: (it) => revoke(it, { client_id: it.client }),
        what: (it) => `client_id ${it.client}`.slice(0, 100),
        both: false,
    }),
    admin_end_all: {
        ...ending('POST /admin/connections/revoke', {
            idle: (it) => revoke(it, { key: '000000000000' }),
            act: (it) => revoke(it, { all: true }),
            what: () => 'all',
            both: true,
        }),
        forAll: true,
    },
    primer: administrator({
        operation: 'PUT /admin/primer',
        kinds: ['primer_written'],
        idle: (it) => primer(it, 'PUT', 'never', unless),
        prepare: (it) => put(it, `before ${it.label}`),
        act: (it) => primer(it, 'PUT', `after ${it.label}`),
        check: (it, kept) => primerIs(it, `${kept ? 'after' : 'before'} ${it.label}`),
    }),
    primer_clear: administrator({
        operation: 'DELETE /admin/primer',
        kinds: ['primer_cleared'],
        idle: (it) => primer(it, 'DELETE', undefined, unless),
        prepare: (it) => put(it, `before ${it.label}`),
        act: (it) => primer(it, 'DELETE'),
        check: (it, kept) => primerIs(it, kept ? undefined : `before ${it.label}`),
    }),
    primer_rollback: administrator({
        operation: 'POST /admin/primer/rollback',
        kinds: ['primer_rolled_back'],
        idle: (it) => admin(it.base, 'POST', '/admin/primer/rollback', { version: 10 ** 9 }),
        async prepare(it) {
            await put(it, `before ${it.label}`);
            [{ version: it.version }] = await history(it);
            await put(it, `after ${it.label}`);
        },
        act: (it) => admin(it.base, 'POST', '/admin/primer/rollback', { version: it.version }),
        async check(it, kept, rows) {
            await primerIs(it, `${kept ? 'before' : 'after'} ${it.label}`);
            const versions = (await history(it)).map(({ version }) => version);
            assert.equal(versions.indexOf(it.version), kept ? 2 : 1, 'no version is lost');
            if (kept) assert.equal(rows.primer_rolled_back[0].detail, `to version ${it.version}`);
        },
    }),
    pause: pausing('pause', 'writes_paused', () => {}, true),
    resume: pausing('resume', 'writes_resumed',
        (it) => writes(it, 'pause', { connection: it.paused }), false),
    note: administrator({
        operation: 'GET /admin/keys',
        kinds: [],
        idle: (it) => admin(it.base, 'GET', '/admin/keys'),
        prepare: () => {},
        act: (it) => admin(it.base, 'GET', '/admin/keys'),
        check: () => {},
    }),
};
