// Runs the programs of clients.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/program.mjs';

// To its end. {out, log}: standard output and standard error.
export async function command(file, args, env, { stdin = 'ignore', seconds = 60 } = {}) {
    const child = spawn(file, args, { env, cwd: env.HOME, stdio: [stdin, 'pipe', 'pipe'] });
    let out = '';
    let log = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { log += chunk; });
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    const [code, signal] = await once(child, 'close');
    clearTimeout(timer);
    assert.equal(signal ?? code, 0, `${file} ${args.join(' ')}: ${signal ?? code}\n${out}\n${log}`);
    return { out, log };
}

// Runs a program in a terminal, types the `keys` [[milliseconds, text]...], and ends it as soon as
// question() answers true: for what a program does only where somebody sits before it. Nothing that
// it shows tells when it listens, so on a busy machine the keys are typed once more, and once more.
export async function terminal(file, args, env, keys, question) {
    const line = [file, ...args].map((part) => `'${part}'`).join(' ');
    const child = spawn('script', ['-qec', line, '/dev/null'],
        { env: { ...env, TERM: 'xterm' }, cwd: env.HOME, stdio: ['pipe', 'pipe', 'ignore'] });
    let out = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    const timers = [0, 20_000, 45_000].flatMap((begin) => keys.map(([after, text]) =>
        setTimeout(() => child.stdin.write(text), begin + after)));
    try {
        await until(question, line, 90);
        await sleep(2000); // what it learnt is written down
    } finally {
        timers.forEach(clearTimeout);
        child.kill(); // and the program is told by its terminal
        await once(child, 'close');
    }
}
