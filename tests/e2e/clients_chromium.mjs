// The whole way of each well-known client, with the very metadata, addresses and state that it
// sends: register or name its own document, authorize, two steps of consent in a browser, back to the
// client, token, the first calls, refresh. And what a browser must not do for others (row 52). Where
// claude.ai cannot be reached, the program's own copies of its documents serve.
import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import test from 'node:test';
import { initialize, rpc } from './support/mcp.mjs';
import { giveKey, localClient, newWindow, picture, redeemAt, useBrowser } from './support/chromium.mjs';
import { authorizeUrl, pkce, refresh, register } from './support/oauth.mjs';
import { demo, until } from './support/program.mjs';

// -- The web that these tests need ------------------------------------------------------------

const visited = []; // "host/path?query" of each request, the newest last
const page = (response, body) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>played</title><link rel="icon" href="data:,">${body}`);
};
const goOn = (response, status, location) => response.writeHead(status, { location }).end();

// claude.ai sends the browser on: to its other host, and from there to the desktop application.
let desktop = false;
function claude({ url }, response) {
    if (url.startsWith('/api/mcp/auth_callback')) return goOn(response, 302, `https://claude.com/connected${desktop ? '?desktop' : ''}`);
    if (url.startsWith('/connected?desktop')) return goOn(response, 302, 'claude://claude.ai/mcp-auth-callback');
    if (url.startsWith('/opener')) {
        const target = JSON.stringify(new URLSearchParams(url.split('?')[1]).get('to'));
        return page(response, `<button onclick='open(${target}, "connect", "popup,width=500,height=700")'>Connect</button>`);
    }
    return page(response, '<p>Connected</p>');
}
const played = (answer) => (request, response) => {
    visited.push(request.headers.host + request.url);
    answer(request, response);
};
const shared = useBrowser({
    'claude.ai': played(claude),
    'claude.com': played(claude),
    'vscode.dev': played((_, response) => page(response, '<p>Opening Visual Studio Code</p>')),
});
const lastVisit = (start) => new URL(`https://${visited.findLast((url) => url.startsWith(start))}`);

// -- One client's whole way --------------------------------------------------------------------

async function begin(t, shape, options = {}) {
    const server = options.server ?? await demo(t);
    const clientId = shape.document ?? await register(server.url, shape.metadata);
    const { verifier, challenge } = pkce();
    const url = authorizeUrl(server.url, clientId, challenge,
        { redirect_uri: shape.redirectUri, state: shape.state, ...shape.query });
    return { server, clientId, verifier, url, shape };
}

// Only who brings a document has a proven host: a name that was registered can be anybody's.
async function knowsWhoAsks(tab, { document }) {
    const verified = tab.locator('.verified');
    if (document) assert.equal(await verified.innerText(), `verified: ${new URL(document).host}`);
    else assert.equal(await verified.count(), 0);
    assert.equal(await tab.getByText('self-declared name, not verified').count(), document ? 0 : 1);
}

async function consent(it, tab) {
    await knowsWhoAsks(tab, it.shape);
    await giveKey(tab, it.server.key);
    await knowsWhoAsks(tab, it.shape);
    await tab.getByRole('radio', { name: 'Read and write' }).check();
    await tab.getByRole('button', { name: 'Connect', exact: true }).click();
}

// The last part, from the address that the client was called at.
async function goThrough({ server, clientId, verifier, shape }, back) {
    const query = back.search.slice(1).split('&').map((pair) => pair.split('='));
    assert.deepEqual(query.map(([name]) => name).sort(), ['code', 'iss', 'state'], 'each once');
    const value = (name) => decodeURIComponent(query.find(([n]) => n === name)[1]);
    assert.equal(value('iss'), server.url);
    assert.equal(value('state'), shape.state, 'the state comes back as it was, byte for byte');
    const base = server.url;
    const got = await redeemAt(base, {
        client_id: clientId, code: value('code'), code_verifier: verifier,
        redirect_uri: shape.redirectUri, resource: `${base}/mcp`,
    });
    const call = async (token, method, params, headers = {}) => {
        const { status, headers: answered, json, text } = await rpc(base, token, method, params, headers);
        assert.equal(status, 200, text);
        assert.ok(json.result && !json.result.isError, text);
        return { result: json.result, session: answered.get('mcp-session-id') };
    };
    const { session } = await call(got.access_token, 'initialize', initialize);
    const headers = { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' };
    const { result: { tools } } = await call(got.access_token, 'tools/list', {}, headers);
    assert.ok(tools.some(({ name }) => name === 'create_record'), 'it may write');
    const found = { name: 'find_records', arguments: { objectName: 'company', limit: 1 } };
    await call(got.access_token, 'tools/call', found, headers);
    const next = await refresh(base, clientId, got.refresh_token);
    assert.equal(next.status, 200, JSON.stringify(next.body));
    assert.notEqual(next.body.refresh_token, got.refresh_token);
    await call(next.body.access_token, 'tools/call', found, headers);
}

const common = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };
const claudeAi = {
    metadata: {
        ...common, client_name: 'Claude', redirect_uris: ['https://claude.ai/api/mcp/auth_callback'],
    },
    redirectUri: 'https://claude.ai/api/mcp/auth_callback',
    state: 'eyJzIjoiMTIzIn0.a-b_c',
    query: { scope: ' offline_access' }, // the space is its own
};
const claudeCode = {
    metadata: {
        ...common, client_name: 'Claude Code (twenty)', token_endpoint_auth_method: 'none',
        redirect_uris: ['http://localhost/callback'],
    },
    state: 'lKV0b3cQ1mXc-D8dGH0tN7qkcbF3J5k_d9eH1zZ2c4o',
};
const documents = {
    claudeAi: 'https://claude.ai/oauth/mcp-oauth-client-metadata',
    claudeCode: 'https://claude.ai/oauth/claude-code-client-metadata',
};
const editor = [
    'https://insiders.vscode.dev/redirect', 'https://vscode.dev/redirect',
    'http://127.0.0.1/', 'http://127.0.0.1:33418/',
];
const vsCode = (redirectUri, state) => ({
    metadata: { ...common, client_name: 'Visual Studio Code', redirect_uris: editor }, redirectUri, state,
});

for (const [how, where, document] of [
    ['', 'claude.com'], ['', 'the desktop application'],
    [' with its own document', 'claude.com', documents.claudeAi],
]) {
    test(`claude.ai connects${how}, and its callback sends the browser on to ${where}`, async (t) => {
        const toDesktop = where !== 'claude.com';
        desktop = toDesktop;
        const server = await demo(t);
        if (!document) await register(server.url, claudeAi.metadata); // it registers twice
        const it = await begin(t, { ...claudeAi, document }, { server });
        const { page: tab, complaints } = await newWindow(t, shared);
        visited.length = 0;
        await tab.goto(it.url);
        const returned = tab.waitForRequest((request) => request.url().startsWith('https://claude.com/connected'));
        await consent(it, tab);
        await returned;
        if (toDesktop) {
            await tab.waitForTimeout(500); // nobody here opens claude://, so the page stays
            assert.ok(!(await tab.content()).includes(it.server.key), 'no key is left on it');
        } else {
            await tab.getByText('Connected').waitFor();
            assert.equal(new URL(tab.url()).host, 'claude.com');
        }
        const others = complaints.filter((text) => !text.includes('claude://'));
        assert.deepEqual(others, [], 'no policy of ours stands in the way');
        await goThrough(it, lastVisit('claude.ai/api/mcp/auth_callback'));
    });
}

for (const [title, document] of [
    ['Claude Code connects on a port that it did not register'],
    ['Claude Code connects with its own document, on a port that is not in it', documents.claudeCode],
]) {
    test(title, async (t) => {
        const client = await localClient(t);
        const it = await begin(t, {
            ...claudeCode, document, redirectUri: `http://localhost:${client.port}/callback`,
        });
        const { page: tab, complaints } = await newWindow(t, shared);
        await tab.goto(it.url);
        await consent(it, tab);
        await tab.getByText('back at the client').waitFor();
        await goThrough(it, new URL(await client.arrived, it.shape.redirectUri));
        assert.deepEqual(complaints, []);
    });
}

// row 48
test('Cursor connects by its own scheme: a page with a link, and no redirect', async (t) => {
    const it = await begin(t, {
        metadata: {
            ...common, client_name: 'Cursor', token_endpoint_auth_method: 'none',
            redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback',
                'https://www.cursor.com/agents/mcp/oauth/callback', 'http://localhost:8787/callback'],
        },
        redirectUri: 'cursor://anysphere.cursor-mcp/oauth/callback',
        state: Buffer.from('{"id":"user-twenty","n":"+/="}').toString('base64'),
    });
    const { page: tab } = await newWindow(t, shared);
    await tab.goto(it.url);
    const sent = tab.waitForResponse((response) => response.request().method() === 'POST'
        && response.request().postData()?.includes('action=approve'));
    await consent(it, tab);
    const answer = await sent;
    const headers = await answer.allHeaders();
    assert.equal(answer.status(), 200);
    assert.equal(headers.location, undefined);
    assert.match(headers.refresh, /^0; url=cursor:\/\//);
    const link = tab.getByRole('link', { name: 'Open the application' });
    await link.waitFor();
    await picture(tab, 'connected-own-scheme');
    const back = await link.getAttribute('href');
    assert.ok(back.startsWith(`${it.shape.redirectUri}?`), back);
    assert.equal(headers.refresh, `0; url=${back}`);
    assert.ok(!(await tab.content()).includes(it.server.key));
    await goThrough(it, new URL(back));
});

const odd = Array.from({ length: 2048 }, (_, i) => String.fromCharCode(0x20 + ((i * 37) % 95))).join('');
for (const [what, port, path] of [
    ['its usual port', 33418, '/'], ['a random port', 0, '/'], ['a random port without the slash', 0, ''],
]) {
    test(`VS Code connects on ${what}, with 2,048 odd characters of state`, async (t) => {
        const client = await localClient(t, port);
        const it = await begin(t, vsCode(`http://127.0.0.1:${client.port}${path}`, odd));
        const { page: tab, complaints } = await newWindow(t, shared);
        await tab.goto(it.url);
        await consent(it, tab);
        await tab.getByText('back at the client').waitFor();
        await goThrough(it, new URL(await client.arrived, 'http://127.0.0.1'));
        assert.deepEqual(complaints, []);
    });
}

test('VS Code connects through vscode.dev', async (t) => {
    const state = `vscode://dynamicauthprovider/localhost%3A1?nonce=${'aB+/='.repeat(60)}&windowId=1`;
    const it = await begin(t, vsCode('https://vscode.dev/redirect', state));
    const { page: tab, complaints } = await newWindow(t, shared);
    await tab.goto(it.url);
    await consent(it, tab);
    await tab.getByText('Opening Visual Studio Code').waitFor();
    await goThrough(it, lastVisit('vscode.dev/redirect'));
    assert.deepEqual(complaints, []);
});

// -- Row 52: windows, tabs and frames -----------------------------------------------------------

test('row 52: the consent page works in a popup that another site opened', async (t) => {
    desktop = false;
    const it = await begin(t, claudeAi);
    const { page: tab, context } = await newWindow(t, shared);
    visited.length = 0;
    await tab.goto(`https://claude.ai/opener?to=${encodeURIComponent(it.url)}`);
    const opened = context.waitForEvent('page');
    await tab.getByRole('button', { name: 'Connect' }).click();
    const popup = await opened;
    await consent(it, popup);
    await popup.getByText('Connected').waitFor();
    await goThrough(it, lastVisit('claude.ai/api/mcp/auth_callback'));
});

test('row 52: the consent page does not appear in a frame, and no other site can send its form', async (t) => {
    const it = await begin(t, claudeAi);
    let stolen;
    // On a loopback name, so that nothing but our own rules keeps the frame empty.
    const evil = http.createServer((request, response) => {
        if (request.url === '/frame') return page(response, `<iframe src="${it.url.replaceAll('&', '&amp;')}"></iframe>`);
        return page(response, `<form method="post" action="${it.server.url}/authorize"><input name="txn" value="${stolen}">` +
            `<input name="action" value="approve"><input name="api_key" value="${it.server.key}">` +
            '<input name="mode" value="write"><button>Win a prize</button></form>');
    }).listen(0, '127.0.0.1');
    await once(evil, 'listening');
    t.after(() => { evil.close(); evil.closeAllConnections(); });
    const site = `http://127.0.0.1:${evil.address().port}`;

    const { page: tab, complaints } = await newWindow(t, shared);
    await tab.goto(`${site}/frame`);
    await until(() => complaints.some((text) => /frame-ancestors|X-Frame-Options/.test(text)),
        'the browser says why the frame is empty', 10);
    const [, frame] = tab.frames();
    assert.equal(await frame.getByLabel('Twenty API key').count(), 0, 'the frame is empty');

    // A form that a page of this very browser was given, sent by another site.
    await tab.goto(it.url);
    stolen = await tab.locator('input[name=txn]').inputValue();
    await tab.goto(`${site}/form`);
    await tab.getByRole('button', { name: 'Win a prize' }).click();
    await tab.getByText('This form came from another site').waitFor();
    assert.equal(new URL(tab.url()).origin, it.server.url);
});

// rows 38, 52
test('row 52: two tabs of one browser ask at once, and both are answered', async (t) => {
    desktop = false;
    const server = await demo(t);
    const first = await begin(t, claudeAi, { server });
    const client = await localClient(t);
    const second = await begin(t, vsCode(`http://127.0.0.1:${client.port}/`, 'the second'), { server });
    const { page: tab, context } = await newWindow(t, shared);
    const other = await context.newPage();
    visited.length = 0;
    await tab.goto(first.url);
    await other.goto(second.url);
    await giveKey(other, server.key);
    await giveKey(tab, server.key);
    for (const one of [tab, other]) await one.getByRole('radio', { name: 'Read and write' }).check();
    await Promise.all([tab, other].map((one) => one.getByRole('button', { name: 'Connect', exact: true }).click()));
    await tab.getByText('Connected').waitFor();
    await goThrough(first, lastVisit('claude.ai/api/mcp/auth_callback'));
    await goThrough(second, new URL(await client.arrived, 'http://127.0.0.1'));
});
