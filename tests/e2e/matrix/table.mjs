// docs/clients.md: its table is written anew, what stands around it is kept. A client that was not
// run keeps its row.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clients } from './clients.mjs';

const page = fileURLToPath(new URL('../../../docs/clients.md', import.meta.url));
const columns = [
    'client', 'version', 'date', 'run', 'connects', 'logs in', 'lists', 'reads', 'writes',
    'restart', 'refresh', 'notes',
];
const line = (cells) => `| ${cells.join(' | ')} |`;

function version(client) {
    const file = new URL(`node_modules/${client.folder ?? client.package}/package.json`,
        import.meta.url);
    return JSON.parse(readFileSync(fileURLToPath(file), 'utf8')).version;
}

function written(client, row) {
    const today = new Date().toISOString().slice(0, 10);
    const steps = ['connects', 'login', 'lists', 'reads', 'writes', 'restart', 'refresh'];
    return line([client.name, version(client), today, client.how,
        ...steps.map((step) => row[step] ?? 'no'), client.notes ?? '']);
}

// `rows`: what each client could do, by its name.
export function table(rows) {
    const lines = readFileSync(page, 'utf8').split('\n');
    const old = lines.filter((text) => text.startsWith('|'));
    const begin = lines.indexOf(old[0]);
    const kept = (name) => old.find((text) => text.startsWith(`| ${name} |`));
    const body = clients.map((client) => (rows.has(client.name)
        ? written(client, rows.get(client.name)) : kept(client.name))).filter(Boolean);
    lines.splice(begin, old.length, line(columns), line(columns.map(() => '---')), ...body);
    writeFileSync(page, lines.join('\n'));
}
