// The kept dialogues of tests/golden/wire/ once more, with the clients' words sent from the
// transcript: they hold on machines that do not have the clients, too.
import assert from 'node:assert/strict';
import test from 'node:test';
import { demo, service } from './support/program.mjs';
import { replay } from './support/replay.mjs';
import { compare, kept, keptNames, transcript } from './support/transcript.mjs';

for (const name of keptNames()) {
    test(`${name} would hear what was kept`, async (t) => {
        const { workspace, key } = await demo(t);
        const server = await service(t, workspace);
        const { dialogue, streams, ...about } = kept(name);
        assert.ok(dialogue.length > 10, 'the transcript is whole');
        const recording = await replay({ dialogue, streams }, server.url, key);
        compare(name, transcript(about, recording));
    });
}
