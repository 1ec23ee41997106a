// Quirks of MCP clients that users reported in public, each with the rule that this server follows
// and a probe of it. The table in quirks/ is the document; a row that fails is a client that can
// no longer connect. With the word `reverse` the rows run from the last on: none may lean on
// another.
import assert from 'node:assert/strict';
import test from 'node:test';
import { probe } from './quirks/probe.mjs';
import { rows } from './quirks/table.mjs';
import { login } from './support/oauth.mjs';
import { demo } from './support/program.mjs';

const order = process.argv.includes('reverse') ? rows.toReversed() : rows;

test('the table has forty quirks and more, each with its own name, clients and rule', () => {
    assert.ok(rows.length >= 40, `${rows.length} rows`);
    for (const unique of ['name', 'says']) {
        const seen = rows.map((row) => row[unique]);
        assert.deepEqual(seen.filter((one, i) => seen.indexOf(one) !== i), [], `${unique} twice`);
    }
    for (const row of rows) {
        assert.match(row.name, /^[a-z0-9-]+$/, row.name);
        assert.match(row.says, /^[a-z].{30,}[^.]$/, `${row.name} says what comes of it`);
        assert.ok(row.clients, `${row.name} says who does it`);
        assert.match(row.rule, /^[A-Z"].*\.$/, `${row.name} names its rule in a sentence`);
        assert.ok(row.reports.length, `${row.name} was reported`);
        for (const report of row.reports) assert.match(report, /^[\w.-]+\/[\w.-]+#\d+$/, row.name);
        for (const part of row.steps ?? row.each ?? [row])
            assert.ok(Object.keys(part.answer ?? row.answer).length, `${row.name} wants an answer`);
    }
});

test('each quirk is met as its rule says', async (t) => {
    const server = await demo(t);
    const { access } = await login(server.url, server.key);
    const it = { url: server.url, key: server.key, access };
    for (const row of order) await t.test(row.says, () => probe(it, row));
});
