// One client in a process of its own, so that none can disturb another: node one.mjs NAME. Tells
// its parent {row, faults, log}.
import { clients } from './clients.mjs';
import { live, within } from './life.mjs';
import { scene } from './scene.mjs';

const client = clients.find(({ name }) => name === process.argv[2]);
const endings = [];
// What node:test hands to a test, as far as the support files use it.
const t = { after: (ending) => endings.unshift(ending) };

let answer;
const late = [];
// A client's stray rejection is a fault of its own, and not the end of its row.
process.on('unhandledRejection', (error) => late.push(`later: ${error?.stack ?? error}`));
try {
    const { open } = await import(`./clients/${client.file}.mjs`);
    const stage = await scene(t, client.settings);
    answer = await live(client.name, (at) => open(at, client), stage);
    answer.log = stage.gate.log;
} finally {
    for (const ending of endings) {
        await within((async () => ending())(), 30).catch((error) => late.push(`${error}`));
    }
}
answer.faults.push(...late);
process.send(answer, () => process.exit());
