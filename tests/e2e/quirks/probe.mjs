// Sends what a row of the table says and looks at what comes back.
import assert from 'node:assert/strict';
import { at, exchange } from '../support/exchange.mjs';
import { initialize, rpc } from '../support/mcp.mjs';
import {
    authorizeUrl, callback, consentPage, form, pkce, submit,
} from '../support/oauth.mjs';

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const json = { 'content-type': 'application/json' };
const both = 'application/json, text/event-stream';

// $url and the like in every text of a value.
function fill(value, it) {
    if (typeof value === 'string')
        return value.replace(/\$(url|access)\b/g, (_, name) => it[name]);
    if (Array.isArray(value)) return value.map((item) => fill(item, it));
    if (!value || typeof value !== 'object' || value instanceof RegExp) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fill(part, it)]));
}

// undefined and null: it must not be there.
function same(actual, wanted, what) {
    if (wanted instanceof RegExp) assert.match(String(actual), wanted, what);
    else if (wanted === null || wanted === undefined) assert.equal(actual ?? null, null, what);
    else assert.deepEqual(actual, wanted, what);
}

// status, type, headers; of a JSON-RPC error its code; members of the body by path; its text.
function meets(response, wanted) {
    const shown = `${response.status} ${response.type} ${response.text.slice(0, 600)}`;
    if (wanted.status) assert.equal(response.status, wanted.status, shown);
    if ('type' in wanted) assert.equal(response.type, wanted.type, shown);
    if (wanted.code) assert.equal(response.json?.error?.code, wanted.code, shown);
    if (wanted.says) assert.match(response.text, wanted.says);
    for (const [name, value] of Object.entries(wanted.headers ?? {}))
        same(response.headers[name], value, `${name}: ${shown}`);
    for (const [path, value] of Object.entries(wanted.has ?? {}))
        same(at(response.events ?? response.json, path), value, `${path}: ${shown}`);
}

async function session(it) {
    const begun = await exchange(`${it.url}/mcp`, {
        headers: { ...json, accept: both, authorization: `Bearer ${it.access}` },
        body: { ...ping, method: 'initialize', params: initialize },
    });
    assert.equal(begun.status, 200, begun.text);
    return { 'mcp-session-id': begun.headers['mcp-session-id'] };
}

async function request(it, row, more) {
    const { method = 'POST', path = '/mcp', stream } = row;
    const body = row.body ?? (method === 'POST' ? ping : undefined);
    const headers = {
        ...(body !== undefined && json),
        accept: both,
        ...(row.as !== 'nobody' && { authorization: `Bearer ${it.access}` }),
        ...more,
        ...row.headers,
    };
    const until = stream ? (events) => events.length > 0 : undefined;
    meets(await exchange(it.url + path, { method, headers, body }, until), row.answer);
}

async function requests(it, row) {
    const own = row.as === 'session' ? await session(it) : {};
    for (const step of row.steps ?? [{}]) await request(it, { ...row, ...step }, own);
}

// The arguments are put in as text, because "2.0" is no number that JavaScript would write.
async function call(it, { tool, args, json: written, answer }) {
    const text = written ?? (args === undefined ? undefined : JSON.stringify(args));
    const given = text === undefined ? '' : `,"arguments":${text}`;
    const response = await exchange(`${it.url}/mcp`, {
        headers: { ...json, accept: both, authorization: `Bearer ${it.access}` },
        body: '{"jsonrpc":"2.0","id":1,"method":"tools/call",'
            + `"params":{"name":"${tool}"${given}}}`,
    });
    if (answer.code) return meets(response, answer);
    const said = response.json.result?.content[0].text;
    assert.ok(said, response.text);
    const shown = `${text}: ${said.slice(0, 400)}`;
    assert.equal(response.json.result.isError === true, answer.failed === true, shown);
    if (answer.says) assert.match(said, answer.says, shown);
    for (const [path, value] of Object.entries(answer.has ?? {}))
        same(at(JSON.parse(said), path), value, shown);
}

const registration = (it, metadata) => exchange(`${it.url}/register`, {
    headers: json,
    body: { client_name: 'a quirk', redirect_uris: [callback], ...metadata },
});

// The parameters, without those that the row sets to null.
function without(url) {
    for (const [name, value] of [...url.searchParams])
        if (value === 'null') url.searchParams.delete(name);
    return url;
}

const token = (it, fields, headers = {}) => exchange(`${it.url}/token`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: form(Object.entries(fields).filter(([, value]) => value !== null)).toString(),
});

// A journey: registration with `metadata`, the browser with `authorize` (looked at `visits` times),
// the person's `choices`, and the code with the fields of `token`, with Basic where `basic` says
// so; `refresh` once for each of its entries, always with the first refresh token. Null leaves a
// parameter out. `answer` is of the last step: `page`, where the browser stays; `back`, what the
// callback gets; else of the token endpoint.
async function journey(it, { login, answer }) {
    const { metadata, authorize, visits = 1, choices, basic, refresh = [] } = login;
    const client = await registration(it, { token_endpoint_auth_method: 'none', ...metadata });
    assert.equal(client.status, 201, client.text);
    const { client_id: id, client_secret: secret } = client.json;
    const { verifier, challenge } = pkce();
    const url = without(new URL(authorizeUrl(it.url, id, challenge, authorize))).href;
    const first = await fetch(url, { redirect: 'manual' });
    const html = await first.text();
    const location = first.headers.get('location');
    if (answer.page) {
        assert.equal(first.status, answer.page, html);
        assert.equal(location, null, 'nothing travels');
        return answer.says && assert.match(html, answer.says);
    }
    let back = location && new URL(location);
    if (!back) {
        const page = await consentPage(url);
        for (let again = 1; again < visits; again += 1)
            await (await fetch(url, { headers: { cookie: page.cookie } })).text();
        const sent = await submit(page, { api_key: it.key, ...choices });
        assert.equal(sent.status, 303, await sent.text());
        back = new URL(sent.headers.get('location'));
    }
    for (const [name, value] of Object.entries(answer.back ?? {}))
        same(back.searchParams.get(name), value, `${name}: ${back}`);
    if (!answer.status) return undefined;
    const basicHeader = Buffer.from(`${id}:${secret ?? ''}`).toString('base64');
    const redeemed = await token(it, {
        grant_type: 'authorization_code', client_id: id, code: back.searchParams.get('code'),
        code_verifier: verifier, redirect_uri: authorize?.redirect_uri ?? callback,
        resource: `${it.url}/mcp`, ...login.token,
    }, basic && { authorization: `Basic ${basicHeader}` });
    meets(redeemed, answer);
    const given = [];
    for (const fields of refresh) {
        const next = await token(it, {
            grant_type: 'refresh_token', client_id: id,
            refresh_token: redeemed.json.refresh_token, ...fields,
        });
        meets(next, answer);
        given.push(next.json);
    }
    assert.ok(new Set(given.map((one) => one.refresh_token)).size <= 1, 'one new token');
    if (answer.status !== 200) return undefined;
    const { access_token: access } = given.at(-1) ?? redeemed.json;
    return assert.equal((await rpc(it.url, access, 'ping')).status, 200, 'the token is good');
}

export async function probe(it, row) {
    for (const variant of row.each ?? [{}]) {
        const one = fill({ ...row, ...variant }, it);
        if (one.tool) await call(it, one);
        else if (one.register) meets(await registration(it, one.register), one.answer);
        else if (one.login) await journey(it, one);
        else await requests(it, one);
    }
}
