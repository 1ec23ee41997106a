// A client's life, the same for every client: what it could do is a row of the table.
//
// A client is {open(scene)}, and open() answers {list(), call(tool, arguments)} when the client
// is connected and logged in: the names of the tools, and what the tool said as text. It may
// have expire(), which does to what the client stored what an hour does: for those that look at
// the clock and not at the answer.
import assert from 'node:assert/strict';

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

async function reads(client) {
    const found = await client.call('find_records', { objectName: 'company', limit: 2 });
    assert.match(found, uuid);
    assert.match(found, /total\W+\d+/);
}

function loggedIn({ bearer, gate: { seen } }) {
    if (bearer) return 'bearer token';
    if (seen.logins === 0) return 'no';
    return seen.document ? 'OAuth, metadata document' : 'OAuth, registered';
}

const steps = {
    async lists({ client }) {
        const names = await client.list();
        for (const name of ['find_records', 'create_record']) {
            assert.ok(names.includes(name), `${name} is not among ${names}`);
        }
    },
    reads: ({ client }) => reads(client),
    async writes({ client, name }) {
        const company = `Made by ${name}`;
        const made = await client.call('create_record',
            { objectName: 'company', data: { name: company } });
        const [id] = made.match(uuid);
        const stored = await client.call('get_record', { objectName: 'company', id });
        assert.ok(stored.includes(company), stored);
    },
    async restart({ client, scene }) {
        await scene.restart();
        await reads(client);
    },
    async refresh({ client, scene }) {
        const before = { ...scene.gate.seen };
        scene.gate.spend();
        await client.expire?.();
        await reads(client);
        assert.ok(scene.gate.seen.refreshes > before.refreshes, 'the token was refreshed');
        assert.equal(scene.gate.seen.consents, before.consents, 'and nobody was asked again');
    },
};

export const within = (promise, seconds) => Promise.race([promise, new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`nothing within ${seconds} s`)), seconds * 1000).unref();
})]);

// {row, faults}; '-' is for what there is no such thing as.
export async function live(name, open, scene) {
    const row = {};
    const faults = [];
    const attempt = async (step, action) => {
        try {
            await within(action(), 90);
            row[step] = 'yes';
        } catch (error) {
            row[step] = 'no';
            faults.push(`${step}: ${error?.stack ?? error}`);
        }
    };
    let client;
    await attempt('connects', async () => { client = await open(scene); });
    row.login = loggedIn(scene);
    for (const [step, action] of Object.entries(steps)) {
        if (!client) row[step] = 'no';
        else if (step === 'refresh' && scene.bearer) row[step] = '-';
        else await attempt(step, () => action({ client, scene, name }));
    }
    return { row, faults };
}
