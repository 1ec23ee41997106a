// The server as a client starts it on its own machine: lines over standard input and output.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { claudeMissing, useClaudeCodeLocally } from './support/claude_code.mjs';
import { inspectLocal } from './support/inspector.mjs';
import { Program, demo, scratchFolder, until } from './support/program.mjs';
import { refusing } from './support/refusing_twenty.mjs';
import { connectLocal2 } from './support/sdk2.mjs';

const binary = process.env.TWENTY_MCP_BINARY;

async function workspace(t) {
    const { workspace, key } = await demo(t);
    return { key, env: { TWENTY_BASE_URL: workspace, TWENTY_API_KEY: key } };
}

// A client that writes lines itself. The program ends with the test.
function lines(t, env, args = []) {
    const program = new Program(['stdio', ...args], env, { stdio: ['pipe', 'pipe', 'pipe'] });
    t.after(() => program.kill());
    let out = '';
    program.process.stdout.on('data', (chunk) => { out += chunk; });
    return {
        program,
        send: (...messages) => program.process.stdin.write(
            messages.map((m) => (typeof m === 'string' ? m : JSON.stringify(m)) + '\n').join('')),
        answers: () => out.split('\n').filter(Boolean).map((line) => JSON.parse(line)),
        answer: (id) => until(() => out.split('\n').filter(Boolean).map((line) => JSON.parse(line))
            .find((m) => m.id === id && !m.method), `an answer to ${id}: ${program.output}`),
    };
}

const request = (id, method, params) => ({ jsonrpc: '2.0', id, method, params });
const call = (id, name, args) => request(id, 'tools/call', { name, arguments: args });
const initialize = (protocolVersion = '2025-11-25') => request(0, 'initialize',
    { protocolVersion, capabilities: {}, clientInfo: { name: 'lines', version: '1' } });
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
const modern = (id, method, params) => request(id, method, {
    ...params,
    _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
    },
});

test('the official SDK reads and writes over standard input and output', async (t) => {
    const { env } = await workspace(t);
    const client = new Client({ name: 'SDK end-to-end test', version: '1' });
    const transport = new StdioClientTransport({ command: binary, args: ['stdio'], env });
    await client.connect(transport);
    const { tools } = await client.listTools();
    assert.ok(tools.some(({ name }) => name === 'create_record'));
    const made = await client.callTool({
        name: 'create_record', arguments: { objectName: 'company', data: { name: 'Local Ltd' } },
    });
    assert.ok(!made.isError, JSON.stringify(made));
    const found = await client.callTool({
        name: 'find_records',
        arguments: { objectName: 'company', filter: 'name[eq]:"Local Ltd"' },
    });
    assert.equal(found.structuredContent.total, 1);
    const { resources } = await client.listResources();
    assert.ok(resources.some(({ uri }) => uri === 'twenty://primer'));
    await client.close();
});

for (const mode of ['legacy', 'auto', { pin: '2026-07-28' }]) {
    test(`the SDK's second generation works locally (${JSON.stringify(mode)})`, async (t) => {
        const { env } = await workspace(t);
        const { client } = await connectLocal2(t, binary, ['stdio'], env, mode);
        const found = await client.callTool({
            name: 'find_records', arguments: { objectName: 'person', limit: 1 },
        });
        assert.equal(found.structuredContent.count, 1);
    });
}

test('the Inspector lists and calls tools of a local server', async (t) => {
    const { env } = await workspace(t);
    const { tools } = await inspectLocal([binary, 'stdio'], env, ['--method', 'tools/list']);
    assert.ok(tools.length > 10);
    const result = await inspectLocal([binary, 'stdio'], env, ['--method', 'tools/call',
        '--tool-name', 'describe_object', '--tool-arg', 'objectName=company']);
    assert.match(JSON.stringify(result), /company/);
});

test('Claude Code starts a local server and calls it', { skip: await claudeMissing() },
    async (t) => {
        const { env } = await workspace(t);
        const told = await useClaudeCodeLocally(t, [binary, 'stdio'], env, scratchFolder(t), [
            { name: 'mcp__twenty__find_records', input: { objectName: 'company', limit: 1 } },
        ]);
        assert.match(JSON.stringify(told), /\\"count\\":1/);
    });

test('with --read-only and --objects no call can do or see more', async (t) => {
    const { env } = await workspace(t);
    const client = lines(t, env, ['--read-only', '--objects', 'People, company']);
    client.send(initialize(), initialized, request(1, 'tools/list'),
        call(2, 'create_record', { objectName: 'company', data: { name: 'x' } }),
        call(3, 'find_records', { objectName: 'opportunity' }),
        call(4, 'find_records', { objectName: 'person', limit: 1 }));
    const { result: { tools } } = await client.answer(1);
    assert.ok(!tools.some(({ name }) => name === 'create_record'));
    assert.match((await client.answer(2)).error.message, /read-only/);
    assert.equal((await client.answer(3)).result.isError, true);
    assert.equal((await client.answer(4)).result.structuredContent.count, 1);
});

test('what is wrong with the settings is said at once, and never on standard output', async (t) => {
    const folder = scratchFolder(t);
    writeFileSync(path.join(folder, 'empty'), '\n');
    const base = { TWENTY_BASE_URL: 'http://127.0.0.1:9' };
    const cases = [
        [{}, [], /TWENTY_BASE_URL/],
        [base, [], /TWENTY_API_KEY is not set/],
        [{ ...base, TWENTY_API_KEY: 'no key' }, [], /isn't a Twenty API key/],
        [{ ...base, TWENTY_API_KEY_FILE: path.join(folder, 'none') }, [], /cannot be read/],
        [{ ...base, TWENTY_API_KEY_FILE: path.join(folder, 'empty') }, [], /is empty/],
        [{ ...base, TWENTY_MCP_CALS_PER_MINUTE: '5' }, [], /did you mean TWENTY_MCP_CALLS/],
        [base, ['--objects', ','], /objects/],
        [base, ['--readonly'], /--readonly/],
    ];
    for (const [env, args, said] of cases) {
        const child = spawn(binary, ['stdio', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
        let out = '';
        let log = '';
        child.stdout.on('data', (chunk) => { out += chunk; });
        child.stderr.on('data', (chunk) => { log += chunk; });
        const [code] = await once(child, 'close');
        assert.notEqual(code, 0);
        assert.match(log, said);
        assert.equal(out, '');
    }
});

test('a key comes from a file or a systemd credential as well', async (t) => {
    const { env: { TWENTY_BASE_URL }, key } = await workspace(t);
    const folder = scratchFolder(t);
    writeFileSync(path.join(folder, 'TWENTY_API_KEY'), `"${key}"\n`);
    for (const place of [{ CREDENTIALS_DIRECTORY: folder },
        { TWENTY_API_KEY_FILE: path.join(folder, 'TWENTY_API_KEY') }]) {
        const client = lines(t, { TWENTY_BASE_URL, ...place });
        client.send(request(1, 'ping'));
        assert.deepEqual((await client.answer(1)).result, {});
    }
});

test('a Twenty that cannot be reached, or an object that it lacks, is told to the client',
    async (t) => {
        const { env, key } = await workspace(t);
        const gone = lines(t, { TWENTY_BASE_URL: 'http://127.0.0.1:9', TWENTY_API_KEY: key });
        gone.send(initialize());
        assert.ok((await gone.answer(0)).error.message);
        const misspelt = lines(t, env, ['--objects', 'comanies']);
        misspelt.send(initialize());
        assert.match((await misspelt.answer(0)).error.message, /Did you mean companies/);
    });

test('bad lines are refused one by one and harm no other', async (t) => {
    const { env } = await workspace(t);
    const client = lines(t, env);
    client.send(initialize(), initialized, 'not json', '{"jsonrpc":"2.0"', '', '   ', '[]', '7',
        `{"jsonrpc":"2.0","id":5,"method":"ping","params":{"x":"${'x'.repeat(1024 * 1024)}"}}`,
        request(6, 'no/such/method'), request(7, 'ping'),
        '\u{feff}{"jsonrpc":"2.0","id":8,"method":"ping"}',
        `{"jsonrpc":"2.0",  "id":9,\t"method":"ping"}\r`);
    await client.answer(9);
    const all = client.answers();
    assert.deepEqual(all.find(({ id }) => id === 7).result, {});
    assert.equal(all.find(({ id }) => id === 6).error.code, -32601);
    // Not JSON, cut off, an empty batch, no object, too long, a byte order mark.
    assert.equal(all.filter(({ id, error }) => id === null && error).length, 6);
    assert.ok(all.some(({ error }) => /1 MiB/.test(error?.message ?? '')));
});

test('both eras are spoken in one process, and each line is one message', async (t) => {
    const { env } = await workspace(t);
    const client = lines(t, env);
    client.send(modern(1, 'server/discover'), modern(2, 'tools/list'),
        modern(3, 'tools/call', { name: 'find_records', arguments: { objectName: 'company' } }),
        initialize('2025-03-26'), initialized,
        [request(4, 'ping'), request(5, 'tools/list')]);
    assert.ok((await client.answer(1)).result.supportedVersions.includes('2026-07-28'));
    assert.equal((await client.answer(3)).result.structuredContent.count > 0, true);
    assert.equal((await client.answer(0)).result.protocolVersion, '2025-03-26');
    await until(() => client.program.output.includes('"id":5'), 'the batch is answered');
});

test('a batch is refused where the negotiated version has none', async (t) => {
    const { env } = await workspace(t);
    const client = lines(t, env);
    client.send(initialize('2025-06-18'), initialized, JSON.stringify([request(4, 'ping')]));
    await until(() => client.answers().some(({ error }) => /no batches/.test(error?.message ?? '')),
        'the batch is refused');
});

test('a taken-back request is not answered, in both eras', async (t) => {
    const { env, key } = await workspace(t);
    const twenty = await refusing(t, env.TWENTY_BASE_URL);
    const find = { name: 'find_records', arguments: { objectName: 'company', limit: 1 } };
    for (const era of ['session', 'stateless']) {
        const client = lines(t, { TWENTY_BASE_URL: twenty.url, TWENTY_API_KEY: key });
        const ask = (id) => (era === 'session' ? request : modern)(id, 'tools/call', find);
        if (era === 'session') client.send(initialize(), initialized);
        client.send(ask(50));
        await client.answer(50);
        const before = twenty.held;
        twenty.hangs = true;
        client.send(ask(1));
        await until(() => twenty.held > before, 'Twenty was asked');
        twenty.hangs = false;
        client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
            ask(2));
        await client.answer(2);
        client.program.process.stdin.end();
        assert.equal((await client.program.exited).code, 0);
        assert.ok(!client.answers().some(({ id }) => id === 1), era);
    }
});

test('what came before the end of the input is answered, then the process ends well', async (t) => {
    const { env } = await workspace(t);
    const client = lines(t, env);
    client.send(initialize(), initialized);
    for (let id = 1; id <= 30; id += 1)
        client.send(call(id, 'find_records', { objectName: 'company', limit: 5 }));
    client.program.process.stdin.end();
    const { code } = await client.program.exited;
    assert.equal(code, 0);
    const all = client.answers();
    for (let id = 0; id <= 30; id += 1) assert.ok(all.some((m) => m.id === id), `${id}`);
});

test('a slow reader gets all answers, whole, after the end of the input', async (t) => {
    const { env } = await workspace(t);
    const client = lines(t, env);
    const { stdout } = client.program.process;
    client.send(initialize());
    await client.answer(0);
    stdout.pause();
    for (let id = 1; id <= 40; id += 1) client.send(request(id, 'tools/list'));
    client.program.process.stdin.end();
    await sleep(3000);
    stdout.resume();
    assert.equal((await client.program.exited).code, 0);
    assert.equal(client.answers().filter(({ result }) => result?.tools).length, 40);
});

test('more calls than may wait are read more slowly, and none is refused', async (t) => {
    const { env } = await workspace(t);
    const client = lines(t, env);
    client.send(initialize(), initialized);
    for (let id = 1; id <= 1000; id += 1)
        client.send(call(id, 'find_records', { objectName: 'company', limit: 1 }));
    client.program.process.stdin.end();
    await client.program.exited;
    const all = client.answers().filter(({ id }) => id > 0);
    assert.equal(all.length, 1000);
    assert.ok(all.every(({ result }) => result.isError !== true));
});

test('an output that takes nothing is an error with a reason', async (t) => {
    const { env } = await workspace(t);
    const full = openSync('/dev/full', 'w');
    const program = new Program(['stdio'], env, { stdio: ['pipe', full, 'pipe'] });
    program.process.stdin.write(`${JSON.stringify(initialize())}\n`);
    const { code } = await program.exited;
    assert.equal(code, 1);
    assert.match(program.output, /standard output could not be written: No space left/);
});

test('a key that Twenty refuses for a while works again, in the same session', async (t) => {
    const { env, key } = await workspace(t);
    const twenty = await refusing(t, env.TWENTY_BASE_URL);
    const client = lines(t, { TWENTY_BASE_URL: twenty.url, TWENTY_API_KEY: key });
    const find = (id) => call(id, 'find_records', { objectName: 'company', limit: 1 });
    client.send(initialize(), initialized, find(1));
    assert.equal((await client.answer(1)).result.structuredContent.count, 1);
    twenty.refuses = true;
    for (let id = 2; id < 12; id += 1) { // until the grant has ended
        client.send(find(id));
        assert.ok((await client.answer(id)).result.isError);
        await sleep(900);
    }
    twenty.refuses = false;
    await sleep(6000);
    client.send(find(20));
    assert.equal((await client.answer(20)).result?.structuredContent?.count, 1);
});

test('a request is taken back without a session too, beside one', async (t) => {
    const { env, key } = await workspace(t);
    const twenty = await refusing(t, env.TWENTY_BASE_URL);
    const client = lines(t, { TWENTY_BASE_URL: twenty.url, TWENTY_API_KEY: key });
    client.send(initialize(), initialized,
        modern(1, 'tools/call', { name: 'list_objects', arguments: {} }));
    await client.answer(1);
    twenty.hangs = true;
    client.send(modern(2, 'tools/call',
        { name: 'find_records', arguments: { objectName: 'company' } }));
    await until(() => twenty.held > 0, 'Twenty was asked');
    client.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } });
    client.program.process.stdin.end();
    const before = Date.now();
    assert.equal((await client.program.exited).code, 0);
    assert.ok(Date.now() - before < 10_000, 'nobody waited for it');
    assert.ok(!client.answers().some(({ id }) => id === 2));
});

test('SIGTERM ends it while another process shares its input', async (t) => {
    const { env } = await workspace(t);
    const script = 'for i in 1 2 3 4; do "$0" stdio 0<&3 >/dev/null 2>&1 & done; wait';
    const shell = spawn('/bin/sh', ['-c', `exec 3<&0; ${script}`, binary],
        { env: { PATH: process.env.PATH, ...env }, stdio: ['pipe', 'inherit', 'inherit'], detached: true });
    t.after(() => { try { process.kill(-shell.pid, 'SIGKILL'); } catch { /* it has ended */ } });
    await sleep(1000);
    shell.stdin.write(`${JSON.stringify(request(1, 'ping'))}\n`);
    await sleep(500);
    process.kill(-shell.pid, 'SIGTERM');
    const [, signal] = await Promise.race([once(shell, 'exit'),
        sleep(20_000).then(() => [null, 'it never ended'])]);
    assert.notEqual(signal, 'it never ended');
    await sleep(3000);
    assert.throws(() => process.kill(-shell.pid, 0), /ESRCH/, 'none is left');
});

test('SIGTERM and SIGINT end it well, also with its input open', async (t) => {
    const { env } = await workspace(t);
    for (const signal of ['SIGTERM', 'SIGINT']) {
        const client = lines(t, env);
        client.send(initialize());
        await client.answer(0);
        client.program.process.kill(signal);
        assert.deepEqual(await client.program.exited, { code: 0, signal: null });
    }
});

test('a client that reads no more ends it without a crash', async (t) => {
    const { env } = await workspace(t);
    const client = lines(t, env);
    client.send(initialize());
    await client.answer(0);
    client.program.process.stdout.destroy();
    client.send(request(1, 'tools/list'), request(2, 'tools/list'));
    assert.deepEqual(await client.program.exited, { code: 0, signal: null });
});

test('nothing listens, nothing is written to disk, and the key is in no log', async (t) => {
    const { env, key } = await workspace(t);
    const folder = scratchFolder(t);
    const program = new Program(['stdio'], { ...env, HOME: folder, TWENTY_MCP_LOG_LEVEL: 'debug' },
        { stdio: ['pipe', 'pipe', 'pipe'], cwd: folder });
    t.after(() => program.kill());
    program.process.stdin.write(`${JSON.stringify(call(1, 'list_objects', {}))}\n`);
    await program.until((output) => output.includes('"id":1'));
    const { pid } = program.process;
    const sockets = readdirSync(`/proc/${pid}/fd`)
        .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).match(/^socket:\[(\d+)\]/)?.[1])
        .filter(Boolean);
    assert.ok(sockets.length > 0, 'the connection to Twenty is kept');
    // Of net/tcp's columns the fourth is the state, 0A: it listens; the tenth is the inode.
    const listening = ['tcp', 'tcp6'].flatMap((kind) =>
        readFileSync(`/proc/${pid}/net/${kind}`, 'utf8').trim().split('\n').slice(1)
            .map((line) => line.trim().split(/\s+/))
            .filter((columns) => columns[3] === '0A').map((columns) => columns[9]));
    assert.ok(listening.length > 0, 'the demo listens, so the list can be read');
    assert.deepEqual(sockets.filter((inode) => listening.includes(inode)), []);
    assert.deepEqual(readdirSync(folder), []);
    assert.ok(!program.output.includes(key));
    assert.ok(!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(key));
});
