// Runs a program to its end and answers what it said.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

// {out, log}: standard output and standard error.
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
