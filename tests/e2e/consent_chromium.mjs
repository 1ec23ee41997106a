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

// The first step: the key, and the page that it leads to.
async function giveKey({ page, server }, key = server.key) {
    await page.getByLabel('Twenty API key').fill(key);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
}

test('a person approves read and write, and the client may write', async (t) => {
    const it = await visit(t);
    await it.picture('consent-light');
    await giveKey(it);
    await it.picture('consent-choices-light');
    const seen = await it.page.content();
    assert.ok(!seen.includes(it.server.key), 'the key is not in the page');
    assert.ok(!it.page.url().includes(it.server.key));
    for (const cookie of await it.page.context().cookies()) {
        assert.ok(!cookie.value.includes(it.server.key));
    }
    await it.page.getByRole('radio', { name: 'Read and write' }).check();
    await it.page.getByLabel('Label').fill('Work laptop');
    await it.page.getByRole('button', { name: 'Connect', exact: true }).click();
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
    await giveKey(it);
    await it.page.getByRole('button', { name: 'Connect', exact: true }).click();
    const { access_token: token } = await tokenOf(it, (await it.arrived()).get('code'));
    const refused = await callTool(it.server.url, token, 'create_record',
        { objectName: 'company', data: { name: 'Never made' } });
    assert.ok(refused.failed, refused.text);
});

test('a wrong key is explained, and the next try works', async (t) => {
    const it = await visit(t);
    const { page } = it;
    await page.getByLabel('Twenty API key').fill('not a key');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
    await it.picture('consent-wrong-key');
    assert.equal(await page.getByLabel('Twenty API key').inputValue(), '', 'a key is never sent back');
    assert.ok(!(await page.content()).includes('not a key'));
    await giveKey(it);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await tokenOf(it, (await it.arrived()).get('code'));
});

test('objects are ticked, found by a filter without any script, and are all that is given', async (t) => {
    const it = await visit(t, { context: { javaScriptEnabled: false } });
    const { page } = it;
    await giveKey(it);
    assert.ok(!await page.getByRole('checkbox', { name: 'company' }).isVisible(), 'no list without need');
    await page.getByRole('radio', { name: 'Only some objects' }).check();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('alert').waitFor();
    assert.match(await page.getByRole('alert').innerText(), /Tick at least one object/);
    await it.picture('consent-nothing-ticked');
    await page.getByRole('checkbox', { name: 'Companies' }).check();
    await page.getByLabel('Label').fill('Kept');
    await page.getByLabel('When does the connection end?').selectOption('After 30 days');
    await page.getByLabel('Filter the list').fill('people');
    await page.keyboard.press('Enter');
    await page.getByText('objects match').waitFor();
    await it.picture('consent-filtered');
    assert.ok(await page.getByRole('checkbox', { name: 'Companies' }).isChecked());
    assert.equal(await page.getByLabel('Label').inputValue(), 'Kept');
    assert.equal(await page.getByRole('checkbox', { name: 'opportunity' }).count(), 0);
    await page.getByRole('checkbox', { name: 'People' }).check();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const { access_token: token } = await tokenOf(it, (await it.arrived()).get('code'));
    const objects = await callTool(it.server.url, token, 'list_objects', {});
    assert.match(objects.text, /company/);
    assert.match(objects.text, /person/);
    assert.doesNotMatch(objects.text, /opportunity/);
});

test('a person sees what was connected, and ends it', async (t) => {
    const it = await visit(t, { context: { colorScheme: 'dark' } });
    const { page, server } = it;
    await giveKey(it);
    await page.getByLabel('Label').fill('Work laptop');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const { access_token: token } = await tokenOf(it, (await it.arrived()).get('code'));

    await page.goto(`${server.url}/connections`);
    await it.picture('connections-key');
    await page.getByLabel('Twenty API key').fill(server.key);
    await page.getByRole('button', { name: 'Show my connections' }).click();
    await page.getByRole('heading', { name: 'Work laptop' }).waitFor();
    await it.picture('connections');
    assert.ok(!(await page.content()).includes(server.key));
    const before = await callTool(server.url, token, 'list_objects', {});
    assert.ok(!before.failed, before.text);
    await page.getByRole('button', { name: 'End this connection' }).click();
    await page.getByRole('status').waitFor();
    await it.picture('connections-ended');
    assert.equal(await page.getByRole('heading', { name: 'Work laptop' }).count(), 0);
    const after = await fetch(`${server.url}/mcp`, {
        method: 'POST',
        headers: {
            authorization: `Bearer ${token}`, 'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    });
    assert.equal(after.status, 401, 'the token is dead at once');
    assert.deepEqual(it.complaints, []);
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
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'mode');
    await page.keyboard.press('ArrowDown');
    assert.ok(await page.getByRole('radio', { name: 'Read and write' }).isChecked());
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'reach');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'filter');
    await page.keyboard.type('compan');
    await page.keyboard.press('Enter');
    await page.getByText('objects match').waitFor();
    assert.equal(await focused(), 'filter', 'the filter keeps the focus');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'objects');
    await page.keyboard.press('Space');
    await it.picture('consent-dark-filled');
    for (let i = 0; i < 10 && await focused() !== 'label'; i += 1) await page.keyboard.press('Tab');
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'lifetime');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'action');
    await page.keyboard.press('Enter');
    const { scope } = await tokenOf(it, (await it.arrived()).get('code'));
    assert.match(scope, /twenty:write/);
});

test('a hostile client name stays text, and a small screen shows the whole form', async (t) => {
    const name = '<img src=x onerror=alert(1)>"\' & friends';
    const it = await visit(t, { name, context: { viewport: { width: 360, height: 740 } } });
    const { page } = it;
    const sound = async (name) => {
        await it.picture(name);
        assert.equal(await page.locator('img').count(), 0);
        assert.ok((await page.getByRole('heading', { level: 1 }).innerText()).includes('<img src=x'));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        assert.ok(!wide, 'nothing to scroll sideways');
        for (const field of await page.locator('input:not([type=hidden]), select').all()) {
            assert.ok(await field.evaluate((input) => input.labels.length > 0), 'every field has a label');
        }
    };
    await sound('consent-small-screen');
    await giveKey(it);
    await page.getByRole('radio', { name: 'Only some objects' }).check();
    await sound('consent-choices-small-screen');
});

test('a form that is sent twice, or from elsewhere, is refused', async (t) => {
    const it = await visit(t);
    const fields = await it.page.evaluate(() => Object.fromEntries(new FormData(document.forms[0])));
    await giveKey(it);
    await it.page.getByRole('button', { name: 'Connect', exact: true }).click();
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
