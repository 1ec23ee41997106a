// OAuth as a client and a person's browser do it, by hand: for tests that need to stop, repeat
// or falsify a single step.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export const callback = 'http://127.0.0.1:33418/callback';

export const form = (fields) => new URLSearchParams(fields);

export async function post(url, fields, headers = {}) {
    const response = await fetch(url, {
        method: 'POST', body: form(fields), headers, redirect: 'manual',
    });
    return response;
}

export async function register(base, metadata = {}) {
    const response = await fetch(`${base}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
            client_name: 'end-to-end test',
            redirect_uris: [callback],
            token_endpoint_auth_method: 'none',
            ...metadata,
        }),
    });
    const body = await response.json();
    assert.equal(response.status, 201, JSON.stringify(body));
    return body.client_id;
}

export function pkce() {
    const verifier = randomBytes(32).toString('base64url');
    return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export function authorizeUrl(base, clientId, challenge, extra = {}) {
    const query = form({
        response_type: 'code', client_id: clientId, redirect_uri: callback, state: 'a state',
        code_challenge: challenge, code_challenge_method: 'S256', resource: `${base}/mcp`,
        ...extra,
    });
    return `${base}/authorize?${query}`;
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' };
const decode = (text) => text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex, number, name) =>
    (hex ? String.fromCodePoint(parseInt(hex, 16))
        : number ? String.fromCodePoint(number) : entities[name] ?? all));

function attributes(tag) {
    const found = {};
    for (const [, name, value] of tag.matchAll(/([\w-]+)="([^"]*)"/g)) found[name] = decode(value);
    return found;
}

// The page as a browser shows it: where its form goes, the hidden fields, the cookie.
export async function consentPage(url) {
    const response = await fetch(url, { redirect: 'manual' });
    const html = await response.text();
    assert.equal(response.status, 200, html);
    const cookie = response.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
    const action = attributes(html.match(/<form\b[^>]*>/)[0]).action ?? '';
    const hidden = {};
    for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
        const { type, name, value } = attributes(tag);
        if (type === 'hidden') hidden[name] = value ?? '';
    }
    return { html, cookie, hidden, action: new URL(action, url).href, origin: new URL(url).origin };
}

// Sends the form. `choices`: api_key, label, mode, objects, action.
export async function submit(page, choices) {
    return post(page.action, { label: 'e2e', mode: 'write', action: 'approve', ...page.hidden, ...choices },
        { cookie: page.cookie, origin: page.origin });
}

// Where the browser goes after a person approved: the client's callback with its code.
export async function approve(url, choices) {
    const response = await submit(await consentPage(url), choices);
    const body = await response.text();
    const goal = response.headers.get('location')
        ?? decode(body.match(/http-equiv="refresh"[^>]*url=([^"]+)"/i)?.[1] ?? '');
    assert.ok(goal, `no way back to the client (${response.status}):\n${body}`);
    return new URL(goal);
}

export async function token(base, fields) {
    const response = await post(`${base}/token`, fields);
    return { status: response.status, body: await response.json() };
}

export async function redeem(base, clientId, code, verifier) {
    return token(base, {
        grant_type: 'authorization_code', client_id: clientId, code, code_verifier: verifier,
        redirect_uri: callback, resource: `${base}/mcp`,
    });
}

export async function refresh(base, clientId, refreshToken) {
    return token(base, {
        grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken,
    });
}

// As refresh(), by a client that waits when it is told to: as many requests of one client as a
// fleet has are not answered at one time.
export async function patiently(base, clientId, refreshToken, headers = {}) {
    for (;;) {
        const response = await post(`${base}/token`, {
            grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken,
        }, headers);
        const body = await response.json();
        const wait = Number(response.headers.get('retry-after'));
        if (body.error !== 'temporarily_unavailable' || !wait) return { status: response.status, body };
        await sleep(wait * 1000 * (0.5 + Math.random())); // not all at once again
    }
}

// The whole journey: {clientId, access, refresh, scope}.
export async function login(base, key, choices = {}, clientId = undefined) {
    const client = clientId ?? await register(base);
    const { verifier, challenge } = pkce();
    const back = await approve(authorizeUrl(base, client, challenge), { api_key: key, ...choices });
    assert.equal(back.searchParams.get('state'), 'a state');
    const { status, body } = await redeem(base, client, back.searchParams.get('code'), verifier);
    assert.equal(status, 200, JSON.stringify(body));
    return {
        clientId: client, access: body.access_token, refresh: body.refresh_token, scope: body.scope,
    };
}
