// One process of a client that keeps its tokens in a file which its other processes use too, as
// Claude Code does: node fleet_process.mjs BASE CLIENT_ID FILE. For every line on its input,
// "COUNT TOKEN", it sends so many refreshes at once with this token, stores what it gets, and
// writes one JSON line: the distinct answers, and how often each came. Who is told to come back
// later does; an invalid_grant wipes the file, as clients do.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { patiently } from './oauth.mjs';

const [base, clientId, file] = process.argv.slice(2);

function save(body) {
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(body));
    renameSync(`${file}.${process.pid}`, file);
}

for await (const line of createInterface({ input: process.stdin })) {
    const [count, token] = line.split(' ');
    const seen = new Map();
    await Promise.all(Array.from({ length: Number(count) }, async () => {
        const { status, body } = await patiently(base, clientId, token);
        const { access_token: access, refresh_token: next, error } = body;
        const key = JSON.stringify({ status, access, next, error });
        seen.set(key, (seen.get(key) ?? 0) + 1);
        if (status === 200) save(body);
        if (error === 'invalid_grant') rmSync(file, { force: true });
    }));
    const answers = [...seen].map(([key, times]) => ({ ...JSON.parse(key), times }));
    process.stdout.write(`${JSON.stringify(answers)}\n`);
}
