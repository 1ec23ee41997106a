// The consent page in a real browser, used as people use it. Screenshots of every state go to
// the folder "screenshots" beside the program.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { authorizeUrl, pkce, redeem, register } from './support/oauth.mjs';
import { callTool } from './support/mcp.mjs';
import { demo } from './support/program.mjs';

const pictures = path.join(path.dirname(process.env.TWENTY_MCP_BINARY), 'screenshots');
let browser;

before(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
});
after(() => browser?.close());

// A client that waits for its code, and a page that is about to give it.
async function visit(t, options = {}) {
    const server = await demo(t);
    const callback = http.createServer((_, response) => response.end('back at the client'));
    callback.listen(0, '127.0.0.1');
    await once(callback, 'listening');
    t.after(() => callback.close());
    const redirectUri = `http://127.0.0.1:${callback.address().port}/callback`;
    const clientId = await register(server.url, {
        client_name: options.name ?? 'Claude', redirect_uris: [redirectUri],
    });
    const { verifier, challenge } = pkce();
    const context = await browser.newContext({ viewport: { width: 1000, height: 1100 }, ...options.context });
    t.after(() => context.close());
    const page = await context.newPage();
    const complaints = [];
    page.on('console', (message) => {
        const icon = message.location().url.endsWith('/favicon.ico'); // asked for by the browser
        if (['error', 'warning'].includes(message.type()) && !icon) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(authorizeUrl(server.url, clientId, challenge,
        { redirect_uri: redirectUri, ...options.query }));
    const arrived = async () => {
        await page.waitForURL(`${redirectUri}?**`);
        assert.equal(await page.textContent('body'), 'back at the client');
        return new URL(page.url()).searchParams;
    };
    const picture = (name) => page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
    return { server, page, arrived, picture, complaints, clientId, verifier, redirectUri };
}

async function tokenOf(visited, code) {
    const { server, clientId, verifier, redirectUri } = visited;
    const response = await fetch(`${server.url}/token`, {
        method: 'POST',
        body: new URLSearchParams({
            grant_type: 'authorization_code', client_id: clientId, code, code_verifier: verifier,
            redirect_uri: redirectUri,
        }),
    });
    const body = await response.json();
    assert.equal(response.status, 200, JSON.stringify(body));
    return body;
}

test('a person approves read and write, and the client may write', async (t) => {
    const it = await visit(t);
    await it.picture('consent-light');
    await it.page.getByLabel('Twenty API key').fill(it.server.key);
    await it.page.getByRole('radio', { name: 'Read and write' }).check();
    await it.page.getByLabel('Label').fill('Work laptop');
    await it.page.getByRole('button', { name: 'Connect' }).click();
    const answer = await it.arrived();
    assert.equal(answer.get('state'), 'a state');
    const { access_token: token } = await tokenOf(it, answer.get('code'));
    const made = await callTool(it.server.url, token, 'create_record',
        { objectName: 'company', data: { name: 'Approved in a browser' } });
    assert.ok(!made.failed, made.text);
    assert.deepEqual(it.complaints, [], 'the browser has nothing to complain about');
});

test('read is what a person gives by doing nothing', async (t) => {
    const it = await visit(t);
    await it.page.getByLabel('Twenty API key').fill(it.server.key);
    await it.page.getByRole('button', { name: 'Connect' }).click();
    const { access_token: token } = await tokenOf(it, (await it.arrived()).get('code'));
    const refused = await callTool(it.server.url, token, 'create_record',
        { objectName: 'company', data: { name: 'Never made' } });
    assert.ok(refused.failed, refused.text);
});

test('a wrong key is explained, nothing typed is lost but the key, and the next try works', async (t) => {
    const it = await visit(t);
    const { page } = it;
    await page.getByLabel('Twenty API key').fill('not a key');
    await page.getByRole('radio', { name: 'Read and write' }).check();
    await page.getByLabel('Label').fill('Kept');
    await page.getByLabel('Only these objects').fill('company, person');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('alert').waitFor();
    await it.picture('consent-wrong-key');
    assert.equal(await page.getByLabel('Twenty API key').inputValue(), '', 'a key is never sent back');
    assert.equal(await page.getByLabel('Label').inputValue(), 'Kept');
    assert.equal(await page.getByLabel('Only these objects').inputValue(), 'company, person');
    assert.ok(await page.getByRole('radio', { name: 'Read and write' }).isChecked());
    assert.ok(!(await page.content()).includes('not a key'));

    await page.getByLabel('Only these objects').fill('companys');
    await page.getByLabel('Twenty API key').fill(it.server.key);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('alert').waitFor();
    assert.match(await page.getByRole('alert').innerText(), /company/, 'the near miss is named');
    await it.picture('consent-unknown-object');

    await page.getByLabel('Only these objects').fill('company, person');
    await page.getByLabel('Twenty API key').fill(it.server.key);
    await page.getByRole('button', { name: 'Connect' }).click();
    await tokenOf(it, (await it.arrived()).get('code'));
});

test('who cancels gives nothing', async (t) => {
    const it = await visit(t);
    await it.page.getByRole('button', { name: 'Cancel' }).click();
    const answer = await it.arrived();
    assert.equal(answer.get('error'), 'access_denied');
    assert.equal(answer.get('state'), 'a state');
    assert.equal(answer.get('code'), null);
});

test('the keyboard alone is enough', async (t) => {
    const it = await visit(t, { context: { colorScheme: 'dark' } });
    const { page } = it;
    await it.picture('consent-dark');
    const focused = () => page.evaluate(() => document.activeElement.name || document.activeElement.textContent);
    assert.equal(await focused(), 'api_key', 'the key field waits for input');
    await page.keyboard.insertText(it.server.key);
    await page.keyboard.press('Tab'); // how to create a key
    assert.equal(await focused(), 'How to create a key');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'mode');
    await page.keyboard.press('ArrowDown');
    assert.ok(await page.getByRole('radio', { name: 'Read and write' }).isChecked());
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'objects');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'label');
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'action');
    await it.picture('consent-dark-filled');
    await page.keyboard.press('Enter');
    const { scope } = await tokenOf(it, (await it.arrived()).get('code'));
    assert.match(scope, /twenty:write/);
});

test('a hostile client name stays text, and a small screen shows the whole form', async (t) => {
    const name = '<img src=x onerror=alert(1)>"\' & friends';
    const it = await visit(t, { name, context: { viewport: { width: 360, height: 740 } } });
    const { page } = it;
    await it.picture('consent-small-screen');
    assert.equal(await page.locator('img').count(), 0);
    assert.ok((await page.getByRole('heading', { level: 1 }).innerText()).includes('<img src=x'));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.ok(!wide, 'nothing to scroll sideways');
    for (const field of await page.locator('input:not([type=hidden])').all()) {
        assert.ok(await field.evaluate((input) => input.labels.length > 0), 'every field has a label');
    }
});

test('a form that is sent twice, or from elsewhere, is refused', async (t) => {
    const it = await visit(t);
    const fields = await it.page.evaluate(() => Object.fromEntries(new FormData(document.forms[0])));
    await it.page.getByLabel('Twenty API key').fill(it.server.key);
    await it.page.getByRole('button', { name: 'Connect' }).click();
    await it.arrived();
    const send = (headers) => fetch(`${it.server.url}/authorize`, {
        method: 'POST', redirect: 'manual', headers,
        body: new URLSearchParams({ ...fields, api_key: it.server.key, action: 'approve' }),
    });
    for (const headers of [{ origin: 'https://evil.example' }, { origin: it.server.url }, {}]) {
        const response = await send(headers);
        const body = await response.text();
        assert.ok(response.status >= 400, `${response.status} without the browser's cookie`);
        assert.ok(!body.includes(it.server.key));
    }
});
