// Skills (SEP-2640) with the official client, which checks each file's size, digest and
// frontmatter as it reads, and with a reader of YAML that is not ours.
import assert from 'node:assert/strict';
import test from 'node:test';
import { SkillsClient } from '@modelcontextprotocol/client/ext/skills';
import {
    ResourceListChangedNotificationSchema, ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { admin, adminToken } from './support/admin.mjs';
import { demo, service, until } from './support/program.mjs';
import { recorder } from './support/recorder.mjs';
import { connect, Person } from './support/sdk.mjs';
import { connect2, connectLocal2 } from './support/sdk2.mjs';

const newest = { pin: '2026-07-28' };
const eras = { 'a session': 'legacy', 'a stateless client': newest };
const bundled = ['twenty-crm', 'prepare-meeting', 'clean-up-contact', 'review-pipeline',
    'look-into-segment'];
const main = (name) => `skill://${name}/SKILL.md`;
const namesOf = (entries) => entries.map(({ frontmatter }) => frontmatter.name);
const invalid = { code: -32602 };

// open() is another connection; call() the administrator, `path` below /admin/skills.
async function prepared(t) {
    const { workspace, key } = await demo(t);
    const server = await service(t, workspace, { ADMIN_TOKEN: adminToken });
    const open = async (choices = {}, mode = newest) => {
        const { client } = await connect2(t, server.url, new Person(key, choices), mode);
        return { client, skills: new SkillsClient(client) };
    };
    const call = (method, path, body, headers) =>
        admin(server.url, method, `/admin/skills${path}`, body, headers);
    return { server, key, workspace, open, call };
}

// A SKILL.md; `more` are lines of its frontmatter.
const markdown = (name, more = '', body = 'Do it well.') =>
    `---\nname: ${name}\ndescription: Does it.\n${more}---\n\n${body}\n`;

async function put(call, name, body = markdown(name), headers = {}) {
    const answer = await call('PUT', `/${name}`, body, headers);
    assert.equal(answer.status, 200, answer.text);
    return answer.headers.get('etag');
}

// Every file of every skill, verified; the entries.
async function readAll({ skills }) {
    const { skills: entries } = await skills.list();
    for (const entry of entries)
        for (const { uri } of entry.resources) assert.ok((await skills.read(entry, uri)).verified, uri);
    return entries;
}

const textOf = async ({ skills }, name, file) =>
    (await skills.read((await skills.get(main(name))).skill, file)).text;

for (const [who, mode] of Object.entries(eras)) {
    test(`${who} lists, gets and reads skills, and each file is what its entry says`, async (t) => {
        const { open } = await prepared(t);
        const it = await open({}, mode);
        const { client, skills } = it;
        assert.ok(skills.directoryRead);
        const entries = await readAll(it);
        assert.deepEqual(namesOf(entries), bundled);
        for (const entry of entries) {
            const got = await skills.get(entry.uri);
            assert.deepEqual(got.skill, entry);
            if (mode === newest) assert.equal(got.ttlMs > 0 && got.cacheScope, 'private');
        }
        const listed = await skills.list();
        if (mode === newest) assert.equal(listed.ttlMs > 0 && listed.cacheScope, 'private');

        const children = async (uri) => (await skills.readDirectory(uri)).resources
            .map(({ uri, name, mimeType }) => [uri, name, mimeType]);
        assert.deepEqual(await children('skill://twenty-crm'), [
            [main('twenty-crm'), 'twenty-crm', 'text/markdown'],
            ['skill://twenty-crm/references', 'references', 'inode/directory'],
        ]);
        assert.deepEqual(await children('skill://twenty-crm/references'),
            [['skill://twenty-crm/references/twenty.md', 'twenty.md', 'text/markdown']]);

        const { resources } = await client.listResources();
        for (const { uri, frontmatter } of entries) {
            const { name, description, mimeType } = resources.find((r) => r.uri === uri);
            assert.deepEqual({ name, description, mimeType }, {
                name: frontmatter.name, description: frontmatter.description, mimeType: 'text/markdown',
            });
        }
        const { resourceTemplates } = await client.listResourceTemplates();
        assert.ok(resourceTemplates.some((r) => r.uriTemplate === 'skill://{skill}/{+file}'));
    });

    test(`${who} is told -32602 for what is no skill and for what is no directory`, async (t) => {
        const { open } = await prepared(t);
        const { client, skills } = await open({}, mode);
        for (const uri of ['skill://nothing/SKILL.md', 'skill://twenty-crm',
            'skill://twenty-crm/references/twenty.md', 'twenty://primer', ''])
            await assert.rejects(skills.get(uri), invalid, uri);
        for (const uri of [main('twenty-crm'), 'skill://nothing', 'skill://', 'skill:/',
            'skill://twenty-crm/', 'skill://twenty-crm/ref', 'skill://twenty', 'twenty://schema', ''])
            await assert.rejects(skills.readDirectory(uri), invalid, uri);
        for (const uri of ['skill://twenty-crm', 'skill://twenty-crm/', 'skill://twenty-crm/none',
            'skill://twenty-crm/references', 'skill://twenty-crm/references/../SKILL.md',
            'skill://twenty-crm/references/%2e%2e/SKILL.md', 'skill://nothing/SKILL.md'])
            await assert.rejects(client.readResource({ uri }), invalid, uri);
        await assert.rejects(skills.list({ cursor: 'x' }), invalid);
    });
}

test('a client that knows nothing of skills reads them as plain resources', async (t) => {
    const { server, key } = await prepared(t);
    const { client } = await connect(t, server.url, new Person(key));
    const { resources } = await client.listResources();
    for (const name of bundled) {
        assert.ok(resources.some(({ uri }) => uri === main(name)), name);
        const { contents: [{ uri, mimeType, text }] } = await client.readResource({ uri: main(name) });
        assert.deepEqual([uri, mimeType], [main(name), 'text/markdown']);
        assert.match(text, new RegExp(`^---\\nname: ${name}\\n`));
    }
});

// A skill that a connection may not have is in none of the places where it could be seen.
async function lacks({ client, skills }, name) {
    const { resources } = await client.listResources();
    assert.ok(!resources.some(({ uri }) => uri.startsWith(`skill://${name}/`)), name);
    assert.ok(!namesOf((await skills.list()).skills).includes(name), name);
    const message = async (question) => {
        const error = await question.then(() => assert.fail(name), (thrown) => thrown);
        return [error.code, error.message.replaceAll(name, 'NAME'), { ...error.data, uri: '' }];
    };
    for (const ask of [
        (other) => skills.get(main(other)), (other) => skills.readDirectory(`skill://${other}`),
        (other) => client.readResource({ uri: main(other) }, { cacheMode: 'refresh' }),
    ]) {
        const [told, unknown] = [await message(ask(name)), await message(ask('nothing-at-all'))];
        unknown[1] = unknown[1].replaceAll('nothing-at-all', 'NAME');
        assert.deepEqual(told, unknown, 'as one that there is not');
    }
}

for (const [who, mode] of Object.entries(eras)) {
    test(`${who} has the skills that its grant can follow, and all of the prompts`, async (t) => {
        const { open } = await prepared(t);
        const { client } = await open({}, mode);
        const { prompts } = await client.listPrompts();
        const without = (...names) => bundled.filter((name) => !names.includes(name));
        for (const [choices, lacked] of [
            [{ mode: 'read' }, ['clean-up-contact']],
            [{ mode: 'read', objects: 'company, person' }, ['clean-up-contact', 'review-pipeline']],
            [{ mode: 'write', objects: 'person' }, ['prepare-meeting', 'review-pipeline']],
        ]) {
            const it = await open(choices, mode);
            assert.deepEqual(namesOf(await readAll(it)), without(...lacked));
            for (const name of lacked) await lacks(it, name);
            assert.deepEqual((await it.client.listPrompts()).prompts, prompts);
        }
    });
}

test('metadata of an upload says who has it', async (t) => {
    const { open, call } = await prepared(t);
    await put(call, 'for-writers', markdown('for-writers', 'metadata:\n  twenty-access: write\n'));
    await put(call, 'for-deals',
        markdown('for-deals', 'metadata:\n  twenty-objects: company, opportunity\n'));
    await put(call, 'clean-up-contact'); // says nothing of itself, so all have it
    const reader = await open({ mode: 'read' });
    await lacks(reader, 'for-writers');
    const names = namesOf(await readAll(reader));
    assert.ok(names.includes('for-deals') && names.includes('clean-up-contact'));
    const narrow = await open({ mode: 'write', objects: 'company' });
    await lacks(narrow, 'for-deals');
    assert.ok(namesOf(await readAll(narrow)).includes('for-writers'));
});

test('the objects of an upload may stand on lines of their own', async (t) => {
    const { open, call } = await prepared(t);
    await put(call, 'ours',
        markdown('ours', 'metadata:\n  twenty-objects: >\n    company,\n    person\n'));
    assert.ok(namesOf(await readAll(await open({ objects: 'company, person' }))).includes('ours'));
    await lacks(await open({ objects: 'company' }), 'ours');
});

test('a client sees what the administrator uploads, changes, takes back and removes', async (t) => {
    const { open, call } = await prepared(t);
    const it = await open();
    const digests = async () => (await it.skills.get(main('ours'))).skill.resources
        .map(({ uri, digest }) => [uri.replace('skill://ours/', ''), digest]);
    const first = await put(call, 'ours');
    const before = await digests();
    assert.deepEqual(namesOf(await readAll(it)), ['twenty-crm', 'ours', ...bundled.slice(1)]);

    const files = {
        'templates/de/brief.md': 'Sehr geehrte Damen und Herren\n', 'data.json': '{"a":1}',
        'SKILL.md': markdown('ours', '', 'See templates/de/brief.md.'), 'run.py': 'print(1)\n',
    };
    const second = await put(call, 'ours', { files });
    assert.notEqual(second, first);
    const after = await digests();
    assert.deepEqual(after.map(([file]) => file).sort(), Object.keys(files).sort());
    assert.equal(after[0][0], 'SKILL.md');
    assert.notEqual(after[0][1], before[0][1]);
    await readAll(it);
    for (const [file, text] of Object.entries(files)) assert.equal(await textOf(it, 'ours', file), text);
    const { resources } = await it.skills.readDirectory('skill://ours');
    assert.deepEqual(resources.map(({ name, mimeType }) => `${name} ${mimeType}`).sort(), [
        'data.json application/json', 'ours text/markdown', 'run.py text/plain',
        'templates inode/directory',
    ]);

    const { json: { skills: [listed] } } = await call('GET', '');
    assert.deepEqual([listed.name, listed.description, listed.files.length], ['ours', 'Does it.', 4]);
    const got = await call('GET', '/ours');
    assert.deepEqual([got.json, got.headers.get('etag')], [{ name: 'ours', files }, second]);
    assert.equal((await call('GET', '/ours', undefined, { 'if-none-match': second })).status, 304);
    assert.equal((await call('GET', '/ours', undefined, { 'if-none-match': first })).status, 200);

    const [now, earlier] = (await call('GET', '/ours/history')).json.versions;
    assert.deepEqual([now.current, now.etag, earlier.current, earlier.etag], [true, second, false, first]);
    const old = await call('GET', `/ours?version=${earlier.version}`);
    assert.deepEqual([old.json.files, old.headers.get('etag')], [{ 'SKILL.md': markdown('ours') }, first]);
    const back = await call('POST', '/ours/rollback', { version: earlier.version });
    assert.equal(back.headers.get('etag'), first);
    assert.deepEqual(await digests(), before);
    assert.equal((await call('POST', '/ours/rollback', { version: 999 })).status, 404);

    assert.equal((await call('DELETE', '/ours')).status, 200);
    await lacks(it, 'ours');
    assert.equal((await call('GET', '/ours')).status, 404);
    const [gone] = (await call('GET', '/ours/history')).json.versions;
    assert.deepEqual([gone.current, gone.removed], [true, true]);
    await call('POST', '/ours/rollback', { version: earlier.version });
    assert.deepEqual(await digests(), before, 'what was removed can be taken back');
});

test('of two administrators who saw the same skill one is refused', async (t) => {
    const { call } = await prepared(t);
    const first = await put(call, 'ours', markdown('ours'), { 'if-none-match': '*' });
    const refused = async (method, path, body, headers) => {
        const { status, json } = await call(method, path, body, headers);
        assert.deepEqual([status, json.error], [412, 'precondition_failed']);
    };
    await refused('PUT', '/ours', markdown('ours'), { 'if-none-match': '*' });
    await refused('PUT', '/theirs', markdown('theirs'), { 'if-match': '*' });
    const racing = await Promise.all(['a', 'b', 'c', 'd'].map((body) =>
        call('PUT', '/ours', markdown('ours', '', body), { 'if-match': first })));
    assert.deepEqual(racing.map(({ status }) => status).sort(), [200, 412, 412, 412]);
    await refused('DELETE', '/ours', undefined, { 'if-match': first });
    const { json: { versions } } = await call('GET', '/ours/history');
    assert.equal(versions.length, 2, 'nothing else was kept');
    await refused('POST', '/ours/rollback', { version: versions[1].version }, { 'if-match': first });
    const etag = versions[0].etag;
    assert.equal((await call('DELETE', '/ours', undefined, { 'if-match': etag })).status, 200);
});

test('an upload takes the place of a bundled skill of its name, and the primer none', async (t) => {
    const { open, call, server } = await prepared(t);
    const it = await open();
    const original = await textOf(it, 'prepare-meeting');
    await put(call, 'prepare-meeting', markdown('prepare-meeting', '', 'Bring cake.'));
    assert.match(await textOf(it, 'prepare-meeting'), /cake/);
    assert.deepEqual(namesOf(await readAll(it)).sort(), [...bundled].sort(), 'it is there once');
    await call('DELETE', '/prepare-meeting');
    assert.equal(await textOf(it, 'prepare-meeting'), original);

    const refused = await call('PUT', '/twenty-crm', markdown('twenty-crm'));
    assert.equal(refused.status, 400);
    assert.match(refused.text, /\/admin\/primer/);
    await admin(server.url, 'PUT', '/admin/primer', '# Halcyon\n\nPartners have a contract.\n');
    assert.match(await textOf(it, 'twenty-crm'), /Partners have a contract/);
    assert.doesNotMatch(await textOf(it, 'twenty-crm', 'references/twenty.md'), /Partners/);
    await readAll(it);
});

const without = (name, line) => markdown(name).replace(line, '');
const frontmatter = (text) => `---\n${text}---\n\nBody.\n`;
const described = (more) => frontmatter(`name: ours\ndescription: Does it.\n${more}`);
const faults = {
    'no frontmatter': '# Ours\n',
    'a frontmatter that is not closed': '---\nname: ours\ndescription: Does it.\n',
    'a frontmatter of more than 8 KB': described(`x: ${'y'.repeat(9000)}\n`),
    'another name': markdown('theirs'),
    'no name': without('ours', 'name: ours\n'),
    'no description': without('ours', 'description: Does it.\n'),
    'an empty description': frontmatter('name: ours\ndescription: ""\n'),
    'a long description': frontmatter(`name: ours\ndescription: ${'x'.repeat(1025)}\n`),
    'a description that is a list': frontmatter('name: ours\ndescription: [a]\n'),
    'an alias': described('a: &x b\nc: *x\n'),
    'an alias alone': described('c: *x\n'),
    'an anchor': described('a: &x b\n'),
    'a tag': described('a: !!str b\n'),
    'a key twice': described('a: b\na: c\n'),
    'the name twice': described('name: ours\n'),
    'a merge key': described('<<: {a: b}\n'),
    'a key that is a list': described('? [a]\n: b\n'),
    'two documents': '---\nname: ours\ndescription: Does it.\n...\na: b\n---\n',
    'a list': frontmatter('- name: ours\n'),
    'a text': frontmatter('ours\n'),
    'nothing': '---\n---\n',
    'too deep': described(`a: ${'['.repeat(9)}${']'.repeat(9)}\n`),
    'no YAML': described('a: "b\n'),
    'a blank before a quoted key\'s colon': described('"a" : b\n'),
    'a comment at once behind quotes': described("a: ''#c\n"),
    'a comment at once behind brackets': described('a: []#c\n'),
    'a question mark before a key': described('?a: b\n'),
    'a block on a line of its own': described('a:\n  |\n   b\n'),
    'a tab before a key': described('a:\n\tb: c\n'),
    'metadata of other than texts': described('metadata:\n  a: [b]\n'),
    'metadata that is a text': described('metadata: a\n'),
    'a key that MCP keeps': described('metadata:\n  io.modelcontextprotocol/x: a\n'),
    'an access that there is not': described('metadata:\n  twenty-access: writes\n'),
    ...Object.fromEntries(['1.0', '7', '-1', '.5', '0x1F', '0o17', '1_000', '12:30', '1e3', '2026-01-01',
        '2026-01-01T10:00:00Z', 'yes', 'No', 'TRUE', 'off', 'y', 'null', '~', '', '.inf', '-.INF', '.nan']
        .map((value) => [`the value ${value}`, described(`a: ${value}\n`)])),
    'the key yes': described('yes: a\n'),
    // What readers take for different things, or the official client does not take.
    'a key that objects of JavaScript have': described('__proto__: a\n'),
    'a quoted text on two lines': described('a: "b\n  c"\n'),
    'a list in brackets on two lines': described('a: [b,\n  c]\n'),
    'an indentation indicator': described('a: |2\n   b\n'),
    'a key behind a question mark': described('? a\n: b\n'),
    'a pair in a list': described('a: [b: c]\n'),
    'an end of the document': described('...\n'),
    'a blank line that is deeper than its text': described('a: |\n     \n  # b\n'),
    // Escapes would bring back what a file may not hold.
    'an escape of what nobody sees': frontmatter('name: ours\ndescription: "a\\u200B\\U000E0041"\n'),
    'an escape that turns the line': described('license: "a\\u202Eb"\n'),
    'an escape of a control character': described('a: "\\e[2J"\n'),
    'an escape of NUL in a key': described('"\\0": a\n'),
    'a description of blanks': frontmatter('name: ours\ndescription: "  "\n'),
    'not UTF-8': Buffer.concat([Buffer.from(markdown('ours')), Buffer.from([0xc3, 0x28])]),
    'a control character': markdown('ours', '', 'a\u0007b'),
    'NUL': markdown('ours', '', 'a\u0000b'),
};

test('a SKILL.md that not all hosts would take is refused with a reason, and nothing is kept', async (t) => {
    const { call } = await prepared(t);
    const taken = [];
    for (const [what, body] of Object.entries(faults)) {
        const { status, json } = await call('PUT', '/ours', body);
        if (status === 200) taken.push(what);
        else assert.deepEqual([status, json.message.startsWith('SKILL.md')], [400, true], what);
    }
    assert.deepEqual(taken, []);
    assert.deepEqual((await call('GET', '')).json, { skills: [] });
    assert.deepEqual((await call('GET', '/ours/history')).json, { versions: [] });
});

const beside = (paths) => ({
    files: Object.fromEntries([['SKILL.md', markdown('ours')], ...paths.map((path) => [path, 'x'])]),
});
const numbered = (count) => Array.from({ length: count }, (_, i) => `f${i}.md`);

test('files that would not be the same everywhere, or are too many, are refused', async (t) => {
    const { call } = await prepared(t);
    const bad = [
        ['..', '../a.md', 'a/../b.md', './a.md', 'a/./b.md', '/a.md', 'a//b.md', 'a/', '', '.env', 'a/.git/b',
            'a b.md', 'ä.md', 'a\\b.md', 'a%2Fb.md', 'a?b', 'a#b', 'C:a', 'a\u0000b', 'a\u200bb', 'a'.repeat(201),
            'sub/SKILL.md', 'sub/skill.md', 'skill.md', 'SKILL.md/a'].map((path) => [path]),
        [['a.md', 'A.md'], ['a', 'a/b'], ['A', 'a/b'], ['a/b', 'a/b/c']],
    ].flat();
    for (const paths of bad) {
        const { status, json } = await call('PUT', '/ours', beside(paths));
        assert.equal(status, 400, JSON.stringify(paths));
        assert.ok(json.message, JSON.stringify(paths));
    }
    const json = { 'content-type': 'application/json' };
    for (const [body, status] of [
        [{ files: { 'a.md': 'x' } }, 400], [{ files: { 'SKILL.md': 7 } }, 400], [{ files: [] }, 400],
        [{ files: null }, 400], [{}, 400], [{ ...beside([]), name: 'ours' }, 400], [[], 400],
        ['{"files":{"SKILL.md":', 400], ['{"files":{"SKILL.md":"a","SKILL.md":"b"}}', 400], ['', 400],
        [beside(numbered(32)), 413],
        [{ files: { ...beside([]).files, 'a.md': 'x'.repeat(100_001 - markdown('ours').length) } }, 413],
        [{ files: { ...beside([]).files, 'a.md': 'x'.repeat(300_000) } }, 413],
    ]) assert.equal((await call('PUT', '/ours', body, json)).status, status, JSON.stringify(body).slice(0, 80));
    for (const type of ['application/xml', 'application/zip', 'multipart/form-data', ''])
        assert.equal((await call('PUT', '/ours', markdown('ours'), { 'content-type': type })).status, 415, type);
    for (const name of ['Ours', 'our_s', '-ours', 'ours-', 'ou--rs', 'o%20urs', 'o.urs', '%C3%BC', 'x'.repeat(65)])
        assert.equal((await call('PUT', `/${name}`, markdown(name))).status, 400, name);
    assert.deepEqual((await call('GET', '')).json, { skills: [] });
    assert.deepEqual((await call('GET', '/ours/history')).json, { versions: [] });
});

test('32 skills of 32 files and 100,000 bytes are kept, and a 33rd is not', async (t) => {
    const { call, open } = await prepared(t);
    const whole = beside(numbered(31));
    const bytes = Object.values(whole.files).join('').length;
    whole.files['f0.md'] += 'x'.repeat(100_000 - bytes);
    await put(call, 'ours', whole);
    for (let i = 1; i < 32; i += 1) await put(call, `other-${i}`);
    const refused = await call('PUT', '/one-too-many', markdown('one-too-many'));
    assert.equal(refused.status, 413);
    assert.match(refused.text, /32/);
    await put(call, 'other-1', markdown('other-1', '', 'Changed.'));
    assert.equal((await readAll(await open())).length, 32 + bundled.length);
    await call('DELETE', '/other-2');
    await put(call, 'one-too-many');
    const { json: { versions } } = await call('GET', '/other-2/history');
    const back = await call('POST', '/other-2/rollback', { version: versions[1].version });
    assert.equal(back.status, 413, 'nor is one that is taken back');
});

test('the audit names the skill of each change, and a restart keeps all of it', async (t) => {
    const { call, open, server } = await prepared(t);
    await put(call, 'ours', markdown('ours', '', 'One.'));
    await put(call, 'ours', markdown('ours', '', 'Two.'));
    const [, { version }] = (await call('GET', '/ours/history')).json.versions;
    await call('POST', '/ours/rollback', { version });
    await put(call, 'theirs');
    await call('DELETE', '/theirs');
    const told = async () => (await admin(server.url, 'GET', '/admin/audit')).json.events
        .filter(({ kind }) => kind.startsWith('skill_'))
        .map(({ kind, detail }) => `${kind} ${detail.split(',')[0]}`);
    const wanted = ['skill_removed theirs', 'skill_written theirs', 'skill_rolled_back ours',
        'skill_written ours', 'skill_written ours'];
    assert.deepEqual(await told(), wanted);
    const kept = (await call('GET', '')).json;
    for (const how of ['stop', 'kill']) {
        await server.program[how]();
        await server.start();
        assert.deepEqual((await call('GET', '')).json, kept);
        const it = await open();
        await readAll(it);
        assert.match(await textOf(it, 'ours'), /One\./);
        await lacks(it, 'theirs');
        assert.deepEqual(await told(), wanted);
    }
});

test('removing what is not there forgets no skill, tells no client and is in no audit', async (t) => {
    const { call, open, server } = await prepared(t);
    await put(call, 'ours');
    await call('DELETE', '/ours');
    const before = (await call('GET', '/ours/history')).json;
    const { client } = await open();
    const lists = [];
    client.setNotificationHandler('notifications/resources/list_changed', () => { lists.push(1); });
    const stream = await client.listen({ resourcesListChanged: true });
    for (let i = 0; i < 40; i += 1) assert.equal((await call('DELETE', `/nothing-${i}`)).status, 200);
    await put(call, 'theirs');
    await until(() => lists.length > 0, 'a change is told');
    await stream.close();
    assert.deepEqual((await call('GET', '/ours/history')).json, before);
    const { json: { events } } = await admin(server.url, 'GET', '/admin/audit');
    assert.ok(!events.some(({ detail }) => detail?.startsWith('nothing-')));
    assert.equal(lists.length, 1);
});

test('a session hears of new skills, of changes to its own, and of the primer', async (t) => {
    const { workspace, key } = await demo(t);
    const recording = await recorder(t);
    const server = await service(t, workspace, { PUBLIC_URL: recording.url, ADMIN_TOKEN: adminToken });
    recording.target = new URL(server.url).port;
    const call = (method, path, body) => admin(server.url, method, `/admin/skills${path}`, body);
    const { client } = await connect(t, recording.url, new Person(key));
    const lists = [];
    const heard = [];
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => { lists.push(1); });
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => { heard.push(params.uri); });
    await until(() => recording.exchanges.some(({ response }) =>
        response?.headers['content-type'] === 'text/event-stream'), 'the stream is open');
    await put(call, 'ours');
    await until(() => lists.length === 1, 'the new list is told');
    assert.deepEqual(heard, [], 'nothing was subscribed to');
    await client.subscribeResource({ uri: main('ours') });
    await put(call, 'ours', markdown('ours', '', 'Changed.'));
    await until(() => heard.length === 1, 'its change is told');
    await client.unsubscribeResource({ uri: main('ours') });
    await client.subscribeResource({ uri: main('twenty-crm') });
    await admin(server.url, 'PUT', '/admin/primer', '# Ours\n');
    await until(() => heard.length === 2, 'the change of the primer is told');
    assert.deepEqual(heard, [main('ours'), main('twenty-crm')]);
    await assert.rejects(client.subscribeResource({ uri: main('nothing') }));
});

test('a stateless client that listens hears of the same', async (t) => {
    const { open, call, server } = await prepared(t);
    const { client } = await open();
    const lists = [];
    const heard = [];
    client.setNotificationHandler('notifications/resources/list_changed', () => { lists.push(1); });
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => { heard.push(params.uri); });
    await put(call, 'ours');
    const wish = { resourcesListChanged: true, resourceSubscriptions: [main('ours')] };
    const ours = await client.listen(wish);
    assert.deepEqual(ours.honoredFilter, wish);
    await put(call, 'ours', markdown('ours', '', 'Changed.'));
    await until(() => lists.length === 1 && heard.length === 1, 'the change is told');
    await call('DELETE', '/ours');
    await until(() => lists.length === 2 && heard.length === 2, 'the removal is told');
    await ours.close();
    const primer = await client.listen({ resourceSubscriptions: [main('twenty-crm')] });
    await admin(server.url, 'PUT', '/admin/primer', '# Ours\n');
    await until(() => heard.length === 3, 'the change of the primer is told');
    await primer.close();
    assert.deepEqual(heard, [main('ours'), main('ours'), main('twenty-crm')]);
});

test('a local server has the bundled skills, as --read-only and --objects narrow them', async (t) => {
    const { workspace, key } = await demo(t);
    const env = { TWENTY_BASE_URL: workspace, TWENTY_API_KEY: key };
    for (const [args, lacked] of [
        [[], []], [['--read-only'], ['clean-up-contact']],
        [['--objects', 'company, people'], ['review-pipeline']],
        [['--read-only', '--objects', 'company'], ['clean-up-contact', 'review-pipeline']],
    ])
        for (const mode of Object.values(eras)) {
            const { client } = await connectLocal2(t, process.env.TWENTY_MCP_BINARY, ['stdio', ...args], env, mode);
            const it = { client, skills: new SkillsClient(client) };
            assert.deepEqual(namesOf(await readAll(it)), bundled.filter((name) => !lacked.includes(name)));
            for (const name of lacked) await lacks(it, name);
            await client.close();
        }
});

const rich = String.raw`---
# What is done with a lead.
name: qualify-lead
description: >
  Decide whether a lead is worth a call: budget, need
  and time. Ümläut, 日本語, 🙂.

  Use it before a first call.   # part of the text
license: 'Apache-2.0, it''s "free" # as it is'
compatibility: "\u00fc \U0001F642 \x41 \"quoted\" \\ \/ end" # a comment
allowed-tools: find_records get_record
metadata:
  version: "1.0"
  'a quoted: key': "yes"
  date: '2026-01-01'
  literal: |
    first

      indented
    last
  kept: |+
    with its end

  folded: >-
    one
    line
      not this
    again

plain: two words
  and a line more
url: https://example.com/#part
tags:
- sales
- "on"
- [a, 'b, c', [d]]
- deep:
    x: z
  list:
    - one
    -
      - two
empty:
  list: []
  text: ''
---

# Body

--- is no end here.
`;

test('the frontmatter of all that YAML writes differently is read as the official client reads it', async (t) => {
    const { call, open } = await prepared(t);
    await put(call, 'qualify-lead', rich);
    for (const mode of Object.values(eras)) {
        const { skills } = await open({}, mode);
        const { skill } = await skills.get(main('qualify-lead'));
        const read = await skills.read(skill);
        assert.equal(read.text, rich);
        const { metadata, tags, compatibility } = skill.frontmatter;
        assert.equal(metadata.literal, 'first\n\n  indented\nlast\n');
        assert.equal(metadata.version, '1.0');
        assert.deepEqual(tags[2], ['a', 'b, c', ['d']]);
        assert.equal(compatibility, 'ü 🙂 A "quoted" \\ / end');
    }
});
