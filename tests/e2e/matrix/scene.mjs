// What a client finds: a demo workspace, the server in front of it, the gate in front of that, and
// a person who approves.
import { fakeBrowser } from '../support/fake_browser.mjs';
import { login } from '../support/oauth.mjs';
import { Person } from '../support/person.mjs';
import { demo, freePort, scratchFolder, service } from '../support/program.mjs';
import { gate } from './gate.mjs';

// `settings` of the server, beside its address. {url: of the server, mcp: of its endpoint, key,
// gate, server, ...}.
export async function scene(t, settings = {}) {
    const { workspace, key } = await demo(t);
    const before = await gate(t);
    const server = await service(t, workspace, { PUBLIC_URL: before.url, ...settings });
    before.target = new URL(server.url).port;
    const person = new Person(key);
    const it = {
        t, key, gate: before, server, person,
        url: before.url,
        mcp: `${before.url}/mcp`,
        bearer: null,
        freePort,
        folder: () => scratchFolder(t),
        browser: () => fakeBrowser(t, key),
        // For a client that has no OAuth: its user pastes a token.
        async token() {
            it.bearer = (await login(before.url, key)).access;
            return it.bearer;
        },
        async restart() {
            await server.program.stop();
            await server.start();
        },
    };
    return it;
}
