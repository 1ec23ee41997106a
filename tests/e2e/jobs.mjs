// Fifty jobs for a CRM, done with the tools and nothing else: how many calls each takes, and how
// many tokens go through the model's context for it. docs/tasks.md has the table; UPDATE=1
// writes it anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { groups } from './support/jobs.mjs';
import { login } from './support/oauth.mjs';
import { callTool, initialize, rpc } from './support/mcp.mjs';
import { demo } from './support/program.mjs';
import { tokens } from './support/tokens.mjs';

const page = fileURLToPath(new URL('../../docs/tasks.md', import.meta.url));
const marked = /(<!-- generated:jobs -->\n)(.*?)(<!-- end -->)/s;
const mostCalls = 8;
const mostTokens = 12_000;

// The tools as a job uses them; counts what the model writes and reads. graphql() asks the
// workspace itself, to prepare a job or to check it.
function desk({ url: base, workspace, key }, access) {
    const it = { calls: 0, tokens: 0 };
    it.graphql = async (query, variables = {}) => {
        const response = await fetch(`${workspace}/graphql`, {
            method: 'POST', body: JSON.stringify({ query, variables }),
            headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        });
        const { data, errors } = await response.json();
        assert.ok(!errors, `${query}: ${JSON.stringify(errors)}`);
        return data;
    };
    const ask = async (name, args) => {
        const result = await callTool(base, access, name, args);
        it.calls += 1;
        it.tokens += tokens(JSON.stringify({ name, arguments: args })) + tokens(result.text);
        return result;
    };
    it.call = async (name, args) => {
        const result = await ask(name, args);
        assert.ok(!result.failed, `${name} ${JSON.stringify(args)}: ${result.text}`);
        return result.structured;
    };
    it.refused = async (name, args) => {
        const result = await ask(name, args);
        assert.ok(result.failed, `${name} ${JSON.stringify(args)} is refused`);
        return JSON.parse(result.text);
    };
    it.find = (objectName, args) => it.call('find_records', { objectName, ...args });
    it.count = (objectName, args) => it.call('aggregate_records', { objectName, ...args });
    // The id of the best hit.
    it.one = async (object, query) => {
        const { rows } = await it.call('search_records', { query, objects: [object], limit: 3 });
        assert.ok(rows.length > 0, `${query} is found`);
        return rows[0][1];
    };
    it.member = async (lastName) => {
        const { columns, rows } = await it.find('workspaceMember',
            { filter: { name: { lastName: { eq: lastName } } }, fields: ['name'] });
        return rows[0][columns.indexOf('id')];
    };
    it.create = async (objectName, data, about) => {
        const made = await it.call('create_record', { objectName, data, ...(about && { about }) });
        assert.ok(made.created);
        return made;
    };
    it.update = async (objectName, id, data) => {
        const { updated, record } = await it.call('update_record', { objectName, id, data });
        assert.ok(updated);
        return record;
    };
    return it;
}

const row = (cells) => `| ${cells.join(' | ')} |`;
const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

function table(fixed, done) {
    const lines = [row(['job', 'calls', 'tokens']), row(['---', '--:', '--:'])];
    for (const [title, jobs] of done) {
        lines.push(row([`**${title}**`, '', '']));
        for (const job of jobs) lines.push(row([job.ask, job.calls, number(job.tokens)]));
    }
    const all = done.flatMap(([, jobs]) => jobs);
    const sum = (what) => all.reduce((n, job) => n + job[what], 0);
    lines.push(row([`**All ${all.length} jobs**`, sum('calls'), number(sum('tokens'))]));
    lines.push(row(['Once for each conversation: the tools and the instructions', '', number(fixed)]));
    return `${lines.join('\n')}\n`;
}

// Dates and ports differ from day to day, and with them a few tokens.
function compare(kept, found, calendar) {
    const parse = (text) => text.trim().split('\n').map((line) => line.split('|').map((c) => c.trim()));
    const [a, b] = [parse(kept), parse(found)];
    const hint = 'docs/tasks.md is behind; UPDATE=1 writes it anew';
    assert.deepEqual(a.map(([, job, calls]) => [job, calls]), b.map(([, job, calls]) => [job, calls]), hint);
    a.forEach(([, job, , before], i) => {
        const [was, is] = [before, b[i][3]].map((cell) => Number(cell.replaceAll(',', '')));
        if (!Number.isNaN(was) && !calendar.has(job)) {
            assert.ok(Math.abs(was - is) <= 60 + was / 10, `${job}: ${was} tokens, now ${is}. ${hint}`);
        }
    });
}

test('fifty jobs are done with few calls and tokens, as docs/tasks.md says', async (t) => {
    const server = await demo(t);
    const { access } = await login(server.url, server.key, { mode: 'write' });
    const { instructions } = (await rpc(server.url, access, 'initialize', initialize)).json.result;
    const { tools } = (await rpc(server.url, access, 'tools/list')).json.result;
    const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    const fixed = tokens(instructions) + tokens(JSON.stringify(shown));
    const done = [];
    for (const [title, jobs] of groups) {
        const results = [];
        for (const job of jobs) {
            await t.test(job.ask, async () => {
                const it = desk(server, access);
                await job.run(it);
                const { calls = mostCalls, tokens: most = mostTokens } = job;
                assert.ok(it.calls <= calls, `${it.calls} calls, at most ${calls}`);
                assert.ok(it.tokens <= most, `${it.tokens} tokens, at most ${most}`);
                results.push({ ask: job.ask, calls: it.calls, tokens: it.tokens });
            });
        }
        done.push([title, results]);
    }
    const jobs = groups.flatMap(([, some]) => some);
    assert.ok(jobs.length >= 50);
    const calendar = new Set(jobs.filter((job) => job.calendar).map((job) => job.ask));
    const found = table(fixed, done);
    const text = readFileSync(page, 'utf8');
    assert.match(text, marked);
    if (process.env.UPDATE) writeFileSync(page, text.replace(marked, (_, head, __, end) => `${head}\n${found}\n${end}`));
    else compare(text.match(marked)[2], found, calendar);
});
