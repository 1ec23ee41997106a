// Starts and stops the program under test. Every process is ended when its test is over.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const binary = process.env.TWENTY_MCP_BINARY;
assert.ok(binary, 'TWENTY_MCP_BINARY names the program to test');

export const serverKey = '4b5c'.repeat(16);

// Below the ports that the system lends to outgoing connections: one of those may be lent to
// another test between the look and the use.
const lent = existsSync('/proc/sys/net/ipv4/ip_local_port_range')
    ? Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0]) : 32_768;
const [lowestPort, portsAbove] = lent > 20_000 ? [10_000, lent - 10_000] : [49_152, 16_384];
const given = new Set();

export async function freePort() {
    for (;;) {
        const port = lowestPort + randomInt(portsAbove);
        if (given.has(port)) continue;
        const probe = net.createServer();
        const listening = once(probe, 'listening').then(() => true, () => false);
        probe.listen(port, '127.0.0.1');
        if (!await listening) continue;
        probe.close();
        await once(probe, 'close');
        given.add(port);
        return port;
    }
}

export function scratchFolder(t, parent = tmpdir()) {
    const folder = mkdtempSync(path.join(parent, 'twenty-mcp-e2e-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
}

// As scratchFolder(), without the disk's time where there is one in memory. What is written there
// survives the death of a process as well.
export function memoryFolder(t) {
    return scratchFolder(t, existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
}

// Resolves when `question` answers something truthy.
export async function until(question, what, seconds = 30) {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const answer = await question();
        if (answer) return answer;
        assert.ok(Date.now() < deadline, `not within ${seconds} s: ${what}`);
        await sleep(5);
    }
}

export class Program {
    // `options` go to spawn(); options.binary is started instead of the program under test, with
    // stacks of options.stack KB.
    constructor(args, env, options = {}) {
        this.output = '';
        const command = [options.binary ?? binary, ...args];
        if (options.stack) command.unshift('/bin/sh', '-c', `ulimit -s ${options.stack}; exec "$0" "$@"`);
        this.process = spawn(command[0], command.slice(1), {
            env: { PATH: process.env.PATH, ...sanitizerOptions(), ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
            ...options,
        });
        this.exited = once(this.process, 'close').then(([code, signal]) => ({ code, signal }));
        for (const stream of [this.process.stdout, this.process.stderr]) {
            if (!stream) continue; // a test has given it another place
            stream.on('data', (chunk) => { this.output += chunk; });
        }
    }

    get running() { return this.process.exitCode === null && this.process.signalCode === null; }

    // Resolves when `question` answers something truthy.
    async until(question, seconds = 30) {
        const deadline = Date.now() + seconds * 1000;
        for (;;) {
            const answer = await question(this.output);
            if (answer) return answer;
            assert.ok(this.running, `the program ended early:\n${this.output}`);
            assert.ok(Date.now() < deadline, `no answer within ${seconds} s:\n${this.output}`);
            await sleep(5);
        }
    }

    // SIGTERM, and the program must end well: 0 and no sanitizer report.
    async stop() {
        if (this.running) this.process.kill('SIGTERM');
        const { code, signal } = await this.exited;
        assert.equal(signal ?? code, 0, `the program did not stop cleanly:\n${this.output}`);
        assert.doesNotMatch(this.output, /Sanitizer|runtime error:/, 'a sanitizer complained');
    }

    async kill() {
        this.process.kill('SIGKILL');
        await this.exited;
    }
}

function sanitizerOptions() {
    return Object.fromEntries(['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS']
        .filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
}

export async function answers(url) {
    try {
        return (await fetch(url)).ok;
    } catch {
        return false;
    }
}

// A port that was free a moment ago may be somebody else's by now, most of all while other tests run.
async function started(env, args) {
    for (;;) {
        const port = await freePort();
        const program = new Program(['demo', '--port', String(port), ...args], env);
        const taken = await program.until((output) => output.includes('Address already in use')
            ? 'taken' : output.includes('Ctrl-C') && 'ready').catch(() => '');
        if (taken !== 'taken' || !program.output.includes(`:${port}`)) return { port, program };
        await program.exited;
    }
}

// `twenty-mcp demo`: {url, workspace, key, readOnlyKey, program}.
export async function demo(t, env = {}, args = []) {
    const { port, program } = await started(env, args);
    t.after(() => program.stop());
    const url = `http://localhost:${port}`;
    await program.until(() => answers(`${url}/readyz`));
    // Printed as soon as the port is open, so perhaps a moment after the first answer.
    const keys = await program.until((output) => {
        const found = output.match(/eyJ[\w-]+\.[\w-]+\.[\w-]+(?=\s)/g);
        return found?.length >= 2 && output.includes('Ctrl-C') && found;
    });
    assert.ok(program.output.includes(`${url}/mcp`), 'the connector URL is printed');
    const workspace = program.output.match(/workspace\b.*?(http:\/\/[\w.:]+)/i)?.[1];
    return { url, workspace, key: keys[0], readOnlyKey: keys[1], program };
}

// `twenty-mcp serve` in front of a workspace. start() again after stop() or kill() is a restart
// on the same port and data.
export async function service(t, workspace, env = {}, options = {}) {
    const port = await freePort();
    const folder = env.TWENTY_MCP_DATA_DIR ?? scratchFolder(t);
    const it = {
        url: `http://localhost:${port}`,
        folder,
        program: null,
        // With other settings, as after an edit of the environment file.
        async restart(changed) {
            await it.program.stop();
            env = changed;
            await it.start();
        },
        async start() {
            it.program = new Program(['serve'], {
                TWENTY_BASE_URL: workspace,
                COOKIE_ENCRYPTION_KEY: serverKey,
                TWENTY_MCP_LISTEN: `127.0.0.1:${port}`,
                TWENTY_MCP_DATA_DIR: folder,
                ...env,
            }, options);
            await it.program.until(() => answers(`${it.url}/readyz`));
        },
    };
    t.after(() => (it.program?.running ? it.program.stop() : undefined));
    await it.start();
    return it;
}
