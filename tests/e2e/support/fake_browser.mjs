// A folder to put first in PATH, in which xdg-open is support/browser.mjs.
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from './program.mjs';

export function fakeBrowser(t, apiKey) {
    const folder = scratchFolder(t);
    const opener = path.join(folder, 'xdg-open');
    const script = fileURLToPath(new URL('browser.mjs', import.meta.url));
    writeFileSync(opener, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$1"\n`);
    chmodSync(opener, 0o755);
    return {
        PATH: `${folder}:${process.env.PATH}`, BROWSER: opener, E2E_API_KEY: apiKey, HOME: folder,
    };
}
