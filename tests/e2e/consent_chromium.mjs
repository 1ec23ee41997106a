// The consent page in a real browser, used as people use it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { callTool } from './support/mcp.mjs';
import {
    giveKey as give, localClient, newWindow, picture, redeemAt, useBrowser,
} from './support/chromium.mjs';
import { authorizeUrl, pkce, register } from './support/oauth.mjs';
import { demo } from './support/program.mjs';

const shared = useBrowser();

// A client that waits for its code, and a page that is about to give it.
async function visit(t, options = {}) {
    const server = await demo(t);
    const client = await localClient(t);
    const redirectUri = `http://127.0.0.1:${client.port}/callback`;
    const clientId = await register(server.url, {
        client_name: options.name ?? 'Claude', redirect_uris: [redirectUri],
    });
    const { verifier, challenge } = pkce();
    const { page, complaints } = await newWindow(t, shared, options.context);
    await page.goto(authorizeUrl(server.url, clientId, challenge,
        { redirect_uri: redirectUri, ...options.query }));
    const arrived = async () => {
        await page.waitForURL(`${redirectUri}?**`);
        assert.equal(await page.textContent('body'), 'back at the client');
        return new URL(page.url()).searchParams;
    };
    return {
        server, page, arrived, picture: (name) => picture(page, name), complaints, clientId,
        verifier, redirectUri,
    };
}

const tokenOf = ({ server, clientId, verifier, redirectUri }, code) => redeemAt(server.url,
    { client_id: clientId, code, code_verifier: verifier, redirect_uri: redirectUri });

const giveKey = ({ page, server }, key = server.key) => give(page, key);

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
    assert.equal(await focused(), 'ask');
    assert.ok(await page.getByRole('radio', { name: /Before deletes/ }).isChecked());
    await page.keyboard.press('Tab');
    assert.equal((await focused()).trim(), 'How much may it change?');
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

// The access token of a person who chose read and write.
async function connectedToWrite(it) {
    await giveKey(it);
    await it.page.getByRole('radio', { name: 'Read and write' }).check();
    await it.page.getByRole('button', { name: 'Connect', exact: true }).click();
    return (await tokenOf(it, (await it.arrived()).get('code'))).access_token;
}

for (const [look, context] of [
    ['light', {}], ['dark', { colorScheme: 'dark' }], ['small', { viewport: { width: 390, height: 844 } }],
]) {
    test(`the browser that consented is asked before a delete, and its answer holds (${look})`, async (t) => {
        const it = await visit(t, { context });
        const { page, server } = it;
        const token = await connectedToWrite(it);
        const made = JSON.parse((await callTool(server.url, token, 'create_record',
            { objectName: 'company', data: { name: 'Doomed & <b>bold</b>' } })).text);
        const args = { objectName: 'company', id: made.id };
        const ask = async () => JSON.parse((await callTool(server.url, token, 'delete_record', args)).text);
        const { error } = await ask();
        assert.equal(error.code, 'approval_needed');
        await page.goto(error.approval.link);
        assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Delete 1 company?');
        assert.match(await page.getByRole('listitem').first().innerText(), /Doomed & <b>bold<\/b>/);
        await it.picture(`approve-${look}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        assert.ok(!wide, 'nothing to scroll sideways');
        await page.keyboard.press('Tab');
        await page.getByRole('button', { name: look === 'dark' ? 'Refuse' : 'Approve this change' }).click();
        await page.getByRole('status').waitFor();
        await it.picture(`approve-${look}-answered`);
        const again = await ask();
        assert.equal(again.error?.code, look === 'dark' ? 'declined' : undefined, JSON.stringify(again));
        // Another browser sees nothing of it.
        const stranger = await newWindow(t, shared);
        await stranger.page.goto(error.approval.link);
        assert.ok(!(await stranger.page.content()).includes('Doomed'));
        assert.deepEqual(it.complaints, []);
    });
}

for (const [look, context] of [
    ['light', {}], ['dark', { colorScheme: 'dark' }], ['small', { viewport: { width: 390, height: 844 } }],
]) {
    test(`a person reads what a connection changed and takes it back, without a script (${look})`, async (t) => {
        const it = await visit(t, { context });
        const { page, server } = it;
        const token = await connectedToWrite(it);
        const call = async (name, args) => JSON.parse((await callTool(server.url, token, name, args)).text);
        const made = await call('create_record', { objectName: 'company', data: { name: 'Long & <i>slanted</i> '.repeat(8) } });
        await call('update_record', { objectName: 'company', id: made.id, data: { employees: 7, tagline: 'x'.repeat(120) } });
        await page.goto(`${server.url}/connections`);
        await page.getByLabel('Twenty API key').fill(server.key);
        await page.getByRole('button', { name: 'Show my connections' }).click();
        await page.getByRole('button', { name: 'What it changed' }).click();
        await page.getByRole('heading', { name: /Changed 1 company record/ }).waitFor();
        assert.match(await page.locator('dl.fields').first().innerText(), /employees\s+before:\s+empty → \s+after:\s+7\s/);
        await it.picture(`changes-${look}`);
        assert.deepEqual(await page.evaluate(paleTexts), [], 'contrast');
        const wide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        assert.ok(!await wide(), 'nothing to scroll sideways');
        // By the keyboard alone: the newest change comes first.
        await page.getByRole('button', { name: 'Take this back' }).first().focus();
        await page.keyboard.press('Enter');
        await page.getByRole('status').waitFor();
        assert.match(await page.getByRole('status').innerText(), /1 record is as it was before/);
        await it.picture(`changes-${look}-undone`);
        await page.getByText('Take back everything since a day').click();
        await page.getByLabel('First day (UTC)').fill(new Date().toISOString().slice(0, 10));
        await page.getByRole('button', { name: 'Take all of it back' }).click();
        await page.getByRole('status').waitFor();
        assert.ok(!await wide(), 'nothing to scroll sideways');
        assert.match(JSON.stringify(await call('get_record', { objectName: 'company', id: made.id })), /delet/i);
        await page.getByRole('button', { name: 'Back to your connections' }).click();
        await page.getByRole('button', { name: 'End this connection' }).waitFor();
        assert.deepEqual(it.complaints, []);
    });
}

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

// -- How it looks --------------------------------------------------------------------------------

// Texts whose contrast is below WCAG 2.2 AA (1.4.3): 4.5, or 3 for large ones.
const paleTexts = () => {
    const rgba = (text) => {
        const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
        return { r, g, b, a };
    };
    const over = (top, under) => ({
        r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a),
        b: top.b * top.a + under.b * (1 - top.a), a: 1,
    });
    const background = (element) => {
        if (!element) return rgba(matchMedia('(prefers-color-scheme: dark)').matches ? '18 18 18' : '255 255 255');
        const own = rgba(getComputedStyle(element).backgroundColor);
        return own.a === 1 ? own : over(own, background(element.parentElement));
    };
    const light = ({ r, g, b }) => {
        const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const pale = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
        if (element.closest(':disabled, option')) continue;
        const style = getComputedStyle(element);
        const under = background(element);
        const [bright, dim] = [light(over(rgba(style.color), under)), light(under)].sort((a, b) => b - a);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const ratio = (bright + 0.05) / (dim + 0.05);
        if (ratio < (large ? 3 : 4.5)) pale.push(`${ratio.toFixed(2)}: ${walker.currentNode.data.trim()}`);
    }
    return pale;
};

// What sticks out of the window, or hides a part of its text.
const cutOff = () => [...document.querySelectorAll('body *')].filter((element) => {
    if (!element.checkVisibility() || element.matches('option')) return false;
    const { left, right, width } = element.getBoundingClientRect();
    if (width > 1 && (left < 0 || right > innerWidth)) return true;
    const hides = ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
    return hides && width > 1 && element.scrollWidth > element.clientWidth;
}).map((element) => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`);

for (const colorScheme of ['light', 'dark']) {
    test(`every text can be read, also enlarged to 200 %, in ${colorScheme} colours`, async (t) => {
        // A window of 1280 by 1024 whose pixels are doubled.
        const context = { colorScheme, viewport: { width: 640, height: 512 }, deviceScaleFactor: 2 };
        const it = await visit(t, { context });
        const { page } = it;
        const backgrounds = new Set();
        const sound = async (name) => {
            await it.picture(`${name}-200-${colorScheme}`);
            assert.deepEqual(await page.evaluate(paleTexts), [], `${name}: contrast`);
            assert.deepEqual(await page.evaluate(cutOff), [], `${name}: nothing is cut off`);
            backgrounds.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
        };
        await sound('consent');
        await page.getByLabel('Twenty API key').fill('not a key');
        await page.getByRole('button', { name: 'Continue' }).click();
        await page.getByRole('alert').waitFor();
        await sound('consent-wrong-key');
        await giveKey(it);
        await page.getByRole('radio', { name: 'Only some objects' }).check();
        await sound('consent-choices');
        await page.getByRole('radio', { name: 'All objects' }).check();
        await page.getByRole('button', { name: 'Connect', exact: true }).click();
        await it.arrived();
        await page.goto(`${it.server.url}/connections`);
        await page.getByLabel('Twenty API key').fill(it.server.key);
        await page.getByRole('button', { name: 'Show my connections' }).click();
        await page.getByRole('button', { name: 'End this connection' }).waitFor();
        await sound('connections');
        // Both would see a fault.
        await page.evaluate(() => {
            const fault = document.body.appendChild(document.createElement('p'));
            fault.textContent = 'pale and wide';
            Object.assign(fault.style, { color: '#888', background: '#999', width: '2000px' });
        });
        assert.equal((await page.evaluate(paleTexts)).length, 1);
        assert.ok((await page.evaluate(cutOff)).length > 0);
        const [colour] = backgrounds;
        assert.equal(backgrounds.size, 1);
        const bright = colour.match(/[\d.]+/g).slice(0, 3).every((part) => Number(part) > 128);
        assert.equal(bright, colorScheme === 'light', `the page is ${colorScheme}: ${colour}`);
    });
}
