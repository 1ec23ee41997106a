// Every client of clients.mjs, or those named, one after the other; then the table.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { clients } from './clients.mjs';
import { table } from './table.mjs';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !clients.some((client) => client.name === name));
if (unknown.length > 0) throw new Error(`no such client: ${unknown.join(', ')}`);

async function run(client) {
    const child = fork(fileURLToPath(new URL('one.mjs', import.meta.url)), [client.name],
        { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => { said += chunk; });
    }
    let answer;
    child.on('message', (message) => { answer = message; });
    await once(child, 'close');
    return { faults: [`it ended without an answer:\n${said}`], ...answer, said };
}

const rows = new Map();
for (const client of clients) {
    if (asked.length > 0 && !asked.includes(client.name)) continue;
    const { row, faults, log, said } = await run(client);
    rows.set(client.name, row ?? {});
    console.log(client.name, JSON.stringify(row));
    for (const fault of faults) console.log(`    ${fault.replaceAll('\n', '\n    ')}`);
    if (process.env.MATRIX_VERBOSE) console.log(log?.join('\n'), said);
}
table(rows);
