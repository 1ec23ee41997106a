// Gemini CLI's own connecting code with its whole OAuth: what the program's prompt is told ("open
// the browser?") is answered here, and the browser is the scripted one.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import '../clock.mjs';
import { plain } from '../library.mjs';

const workspace = { getDirectories: () => [], onDirectoriesChanged: () => () => {} };

export async function open({ t, mcp, browser }) {
    // It reads them of its own process: where its tokens are, that there is a screen, and that they
    // are kept in a file.
    const env = browser();
    Object.assign(process.env, env, {
        DISPLAY: ':0', GEMINI_CLI_HOME: env.HOME, GEMINI_FORCE_FILE_STORAGE: 'true',
        MATRIX_CLOCK: path.join(env.HOME, 'an hour later'),
    });
    for (const name of ['CI', 'GITHUB_ACTIONS', 'DEBIAN_FRONTEND']) delete process.env[name];
    process.stdin.isTTY = process.stdout.isTTY = true;
    const { connectToMcpServer, coreEvents } = await import('@google/gemini-cli-core');
    coreEvents.on('consent-request', ({ onConfirm }) => onConfirm(true));
    const settings = {
        isTrustedFolder: () => true, sanitizationConfig: {},
        emitMcpDiagnostic: (kind, message, error) => console.log(kind, message, error ?? ''),
    };
    const connect = () => connectToMcpServer('1', 'twenty',
        { url: mcp, type: 'http', oauth: { enabled: true } }, false, workspace, settings);
    const client = await connect();
    t.after(() => client.close());
    const again = await connect(); // with the stored token, as when the program is started again
    t.after(() => again.close());
    return {
        ...plain(again),
        expire: () => writeFileSync(process.env.MATRIX_CLOCK, ''),
    };
}
