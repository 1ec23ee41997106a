// Stands in for a person's browser: node browser.mjs AUTHORIZE_URL. Approves with the key in
// E2E_API_KEY and follows the way back to the client.
import { approve } from './oauth.mjs';

const back = await approve(process.argv[2], { api_key: process.env.E2E_API_KEY });
const response = await fetch(back);
if (!response.ok) {
    console.error(`the client's callback answered ${response.status}: ${await response.text()}`);
    process.exitCode = 1;
}
