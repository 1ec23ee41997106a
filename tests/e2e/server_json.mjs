// The entry in the MCP registry: what the repository knows and what its publisher says. The
// registry's schema is not ours to keep; where TWENTY_MCP_SERVER_SCHEMA names a copy, entries are
// held against it, too.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import addFormats from 'ajv-formats';
import Ajv from 'ajv';
import { scratchFolder } from './support/program.mjs';

const script = fileURLToPath(new URL('../../scripts/server_json', import.meta.url));
const manifest = JSON.parse(readFileSync(
    new URL('../../packaging/mcpb/manifest.json', import.meta.url)));
const version = execFileSync(process.env.TWENTY_MCP_BINARY, ['--version'], { encoding: 'utf8' })
    .trim().split(' ').pop();
const name = ['--name', 'io.github.acme/twenty-mcp'];
const released = 'https://github.com/acme/twenty-mcp/releases/download/v1/twenty.mcpb';

const run = (...args) => spawnSync(script, args, { encoding: 'utf8' });
function written(...args) {
    const { status, stdout, stderr } = run(...name, ...args);
    assert.equal(stderr, '');
    assert.equal(status, 0);
    return JSON.parse(stdout);
}

// As scripts/mcpb packs it, without the program, which the entry is not about.
function bundle(t, ofVersion) {
    const folder = scratchFolder(t);
    writeFileSync(path.join(folder, 'manifest.json'),
        JSON.stringify({ ...manifest, version: ofVersion }));
    execFileSync('python3', ['-m', 'zipfile', '-c', 'twenty.mcpb', 'manifest.json'], { cwd: folder });
    return path.join(folder, 'twenty.mcpb');
}

// One with as little as possible, one with all.
const least = () => written();
const most = (t) => written('--repository', 'https://gitlab.com/acme/crm/twenty-mcp',
    '--website', 'https://acme.example/crm?page=1#twenty',
    '--remote', 'https://crm.acme.example/mcp', '--remote', 'https://crm.acme.example:8443/mcp',
    '--mcpb', bundle(t, version), '--mcpb-url', released);

test('every entry has the version of the program, the name it was given, and texts that fit', (t) => {
    for (const entry of [least(), most(t)]) {
        assert.equal(entry.version, version);
        assert.match(entry.version, /^\d+\.\d+\.\d+$/);
        assert.equal(entry.name, 'io.github.acme/twenty-mcp');
        assert.match(entry.$schema, /^https:\/\/[\w.]+\/schemas\/2025-12-11\/server\.schema\.json$/);
        for (const text of [entry.title, entry.description]) {
            assert.ok(text.length >= 1 && text.length <= 100, text);
        }
    }
});

test('an entry says nothing of an owner that its publisher has not said', () => {
    const { $schema, ...rest } = least();
    assert.deepEqual(Object.keys(rest).sort(), ['description', 'name', 'remotes', 'title', 'version']);
    assert.deepEqual(JSON.stringify(rest).match(/https?:[^"]*/g), ['https://{host}/mcp']);
});

test('every variable of an address is declared, described and required', (t) => {
    assert.equal(least().remotes.length, 1);
    for (const { type, url, variables = {} } of [...least().remotes, ...most(t).remotes]) {
        assert.equal(type, 'streamable-http');
        const named = [...url.matchAll(/\{([^}]*)\}/g)].map(([, variable]) => variable);
        assert.deepEqual(Object.keys(variables), named);
        for (const { description, isRequired } of Object.values(variables)) {
            assert.ok(description);
            assert.equal(isRequired, true);
        }
    }
});

test('what the publisher says of the project stands in the entry as it was said', (t) => {
    const entry = most(t);
    assert.deepEqual(entry.repository,
        { url: 'https://gitlab.com/acme/crm/twenty-mcp', source: 'gitlab' });
    assert.equal(entry.websiteUrl, 'https://acme.example/crm?page=1#twenty');
    assert.deepEqual(entry.remotes.map(({ url }) => url),
        ['https://crm.acme.example/mcp', 'https://crm.acme.example:8443/mcp']);
    assert.equal(written('--repository', 'https://github.com/acme/twenty-mcp').repository.source,
        'github');
});

test('a bundle is named by its address and its SHA-256, and by nothing that the registry refuses',
    (t) => {
        const file = bundle(t, version);
        for (const url of [
            released,
            'https://gitlab.com/acme/crm/twenty-mcp/-/releases/v1/downloads/twenty.mcpb',
            'https://gitlab.com/acme/twenty-mcp/-/package_files/12/download',
        ]) {
            const { environmentVariables, ...rest } = written('--mcpb', file, '--mcpb-url', url)
                .packages[0];
            assert.deepEqual(rest, {
                registryType: 'mcpb',
                identifier: url,
                fileSha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
                transport: { type: 'stdio' },
            });
        }
    });

test('the entry asks for the environment of the bundle, and for the key as a secret without default',
    (t) => {
        const asked = most(t).packages[0].environmentVariables;
        assert.deepEqual(asked.map((it) => it.name),
            Object.keys(manifest.server.mcp_config.env));
        for (const it of asked) {
            assert.ok(it.description);
            assert.equal(it.isRequired, true);
            assert.equal(it.isSecret, /KEY/.test(it.name), it.name);
            if (it.isSecret) assert.ok(!('default' in it) && !('value' in it) && !('placeholder' in it));
        }
        assert.ok(asked.some(({ isSecret }) => isSecret));
    });

test('a file gets what standard output would get', (t) => {
    const file = path.join(scratchFolder(t), 'server.json');
    assert.equal(run(...name, '-o', file).stdout, '');
    assert.equal(readFileSync(file, 'utf8'), run(...name).stdout);
});

test('bad input is one line that names the argument, exit code 2 and no entry', (t) => {
    const file = bundle(t, version);
    const older = bundle(t, '0.0.1');
    const noBundle = fileURLToPath(import.meta.url);
    const elsewhere = released.replace('github.com', 'files.example');
    for (const [fault, ...args] of [
        ['--name'],
        ...['twenty-mcp', 'acme/twenty-mcp', 'io.github.acme/', 'io.github.acme/a/b', 'io..acme/twenty',
            'io.github.acme/-twenty', 'io.github.acme/twenty mcp', 'io.github.acme/twenty\nmcp',
            `io.github.acme/${'x'.repeat(200)}`].map((text) => ['--name', '--name', text]),
        ...['http://github.com/acme/twenty-mcp', 'https://git.example/acme/twenty-mcp',
            'https://github.com/acme', 'https://github.com.example/acme/twenty-mcp',
            'https://github.com/acme/twenty-mcp/tree/main'].map(
            (text) => ['--repository', ...name, '--repository', text]),
        ...['acme.example', 'http://acme.example', 'https://', 'https://acme.example/a b',
            'https://ada:secret@acme.example'].map((text) => ['--website', ...name, '--website', text]),
        ...['http://acme.example/mcp', 'https://localhost/mcp', 'https://a.localhost:8787/mcp',
            'https://127.0.0.1/mcp', 'https://{host}/mcp'].map(
            (text) => ['--remote', ...name, '--remote', text]),
        ['--mcpb-url', ...name, '--mcpb', file],
        ['--mcpb', ...name, '--mcpb-url', released],
        ...[elsewhere, released.replace('https', 'http'), released.replace('/releases', ''),
            released.replaceAll('mcp', 'crm'), `${released}?raw`].map(
            (text) => ['--mcpb-url', ...name, '--mcpb', file, '--mcpb-url', text]),
        ...[`${file}.none`, noBundle, older].map(
            (text) => ['--mcpb', ...name, '--mcpb', text, '--mcpb-url', released]),
        ['-o', ...name, '-o', path.join(file, 'server.json')],
        ['--else', ...name, '--else'],
        ['two lines', ...name, '--else', 'two\nlines'],
    ]) {
        const { status, stdout, stderr } = run(...args);
        assert.equal(status, 2, `${args}`);
        assert.equal(stdout, '', `${args}`);
        assert.match(stderr, /^server_json: [^\n]+\n$/, `${args}`);
        assert.ok(stderr.includes(fault), `${args}: ${stderr}`);
    }
});

const schema = process.env.TWENTY_MCP_SERVER_SCHEMA;
test('every entry is valid by the schema of the registry, which finds each of some faults', {
    skip: !existsSync(schema ?? '') && 'TWENTY_MCP_SERVER_SCHEMA names no copy of the schema',
}, (t) => {
    const fits = addFormats.default(new Ajv({ strict: false }))
        .compile(JSON.parse(readFileSync(schema)));
    const all = most(t);
    for (const entry of [least(), all]) {
        assert.ok(fits(entry), JSON.stringify(fits.errors, null, 2));
        assert.equal(entry.$schema, fits.schema.$id);
    }
    for (const spoil of [
        (it) => { delete it.version; },
        (it) => { it.name = 'twenty-mcp'; },
        (it) => { it.description = 'x'.repeat(101); },
        (it) => { it.websiteUrl = 'not an address'; },
        (it) => { delete it.repository.source; },
        (it) => { it.remotes[0].url = 'crm.acme.example/mcp'; },
        (it) => { it.remotes[0].type = 'stdio'; },
        (it) => { it.packages[0].fileSha256 = 'none'; },
        (it) => { delete it.packages[0].transport; },
        (it) => { delete it.packages[0].environmentVariables[0].name; },
        (it) => { it.packages[0].environmentVariables[0].isSecret = 'yes'; },
    ]) {
        const entry = structuredClone(all);
        spoil(entry);
        assert.ok(!fits(entry), `${spoil}`);
    }
});
