// The steps that faults.mjs lets the program die in, each with what must hold afterwards.
//   prepare(it)            what the step needs
//   act(it)                the step; resolves with its answer when the program survived it
//   check(it, kept, got)   in the next process. kept: the step was committed; got: its answer,
//                          when the client has it. Puts into it.dead what must stay dead.
import assert from 'node:assert/strict';
import { initialize, rpc } from './mcp.mjs';
import {
    approve, authorizeUrl, consentPage, login, pkce, post, redeem, refresh, register, submit,
} from './oauth.mjs';

const pair = ({ access_token: access, refresh_token: refreshToken }) => ({ access, refreshToken });
const status = async (base, access, headers = {}) =>
    (await rpc(base, access, 'ping', {}, headers)).status;

export async function works(it, { access, refreshToken }) {
    assert.equal(await status(it.base, access), 200, 'the access token is good');
    const next = await refresh(it.base, it.client, refreshToken);
    assert.equal(next.status, 200, `the refresh token is good: ${JSON.stringify(next.body)}`);
    return pair(next.body);
}

export async function isDead(base, { access, refreshToken, client }) {
    assert.equal(await status(base, access), 401, 'the access token is dead');
    const answer = await refresh(base, client, refreshToken);
    assert.deepEqual([answer.status, answer.body.error], [400, 'invalid_grant']);
}

// A grant that ended with everything, or goes on.
export async function ended(it, kept) {
    if (!kept) return works(it, it.tokens);
    it.dead.push({ ...it.tokens, client: it.client });
    return isDead(it.base, it.dead.at(-1));
}

async function logIn(it, choices = {}) {
    const made = await login(it.base, it.key, { label: it.label, ...choices });
    it.client = made.clientId;
    it.tokens = { access: made.access, refreshToken: made.refresh };
}

async function getCode(it) {
    it.client = await register(it.base);
    it.pkce = pkce();
    const url = authorizeUrl(it.base, it.client, it.pkce.challenge);
    it.code = (await approve(url, { api_key: it.key, label: it.label })).searchParams.get('code');
}
const spend = (it) => redeem(it.base, it.client, it.code, it.pkce.verifier);

// -- The page of connections ------------------------------------------------------------------

async function connections(it) {
    const page = await fetch(`${it.base}/connections`);
    const cookie = page.headers.getSetCookie()[0].split(';')[0];
    const send = (fields) => post(`${it.base}/connections`, fields, { cookie, origin: it.base });
    const html = await (await send({ api_key: it.key })).text();
    const ids = new Map([...html.matchAll(/<h2 id="c-([^"]+)">([^<]*)</g)].map(([, id, label]) => [label, id]));
    const ticket = html.match(/name="ticket" value="([^"]+)"/)?.[1];
    return { ids, end: (which) => send({ ticket, end: which }) };
}

export async function logInTwice(it) {
    await logIn(it, { label: `${it.label} too` });
    it.other = { tokens: it.tokens, client: it.client };
    await logIn(it);
    it.page = await connections(it);
    assert.ok(it.page.ids.has(it.label) && it.page.ids.has(`${it.label} too`), 'both are listed');
}

// -----------------------------------------------------------------------------------------------

export const steps = {
    login: {
        async prepare(it) {
            it.client = await register(it.base);
            it.pkce = pkce();
            it.page = await consentPage(authorizeUrl(it.base, it.client, it.pkce.challenge));
        },
        act: (it) => submit(it.page, { api_key: it.key, label: it.label }),
        async check(it, kept, got) {
            assert.equal((await connections(it)).ids.has(it.label), kept, 'listed as connected');
            // Whose answer was lost sends the form again.
            const answer = got ?? await submit(it.page, { api_key: it.key, label: it.label });
            it.code = new URL(answer.headers.get('location')).searchParams.get('code');
            const { status: code, body } = await spend(it);
            assert.equal(code, 200, JSON.stringify(body));
            await works(it, pair(body));
        },
    },
    redeem: { // row 70
        prepare: getCode,
        act: spend,
        async check(it, kept, got) {
            if (got) assert.equal(await status(it.base, got.body.access_token), 200);
            const again = await spend(it);
            assert.equal(again.status, kept ? 400 : 200, 'no code is redeemed twice');
            if (!kept) await works(it, pair(again.body));
            else if (got) it.dead.push({ ...pair(got.body), client: it.client });
        },
    },
    replay: {
        async prepare(it) {
            await getCode(it);
            it.tokens = pair((await spend(it)).body);
        },
        act: spend,
        async check(it, kept, got) {
            if (got) assert.equal(got.body.error, 'invalid_grant');
            await ended(it, kept);
        },
    },
    refresh: { // row 76
        prepare: logIn,
        act: (it) => refresh(it.base, it.client, it.tokens.refreshToken),
        async check(it, kept, got) {
            const next = await works(it, it.tokens);
            if (got) assert.deepEqual(next, pair(got.body), 'the same pair');
            const again = await refresh(it.base, it.client, it.tokens.refreshToken);
            assert.deepEqual(pair(again.body), next, 'and once more');
            await works(it, next);
        },
    },
    repeat: {
        async prepare(it) {
            await logIn(it);
            it.next = await works(it, it.tokens);
        },
        act: (it) => refresh(it.base, it.client, it.tokens.refreshToken),
        async check(it, kept, got) {
            if (got) assert.deepEqual(pair(got.body), it.next);
            assert.deepEqual(await works(it, it.tokens), it.next, 'the same pair');
        },
    },
    revoke: {
        prepare: logIn,
        act: (it) => post(`${it.base}/revoke`, { token: it.tokens.refreshToken, client_id: it.client }),
        check: ended,
    },
    revoke_access: {
        prepare: logIn,
        act: (it) => post(`${it.base}/revoke`, { token: it.tokens.access, client_id: it.client }),
        async check(it, kept) {
            assert.equal(await status(it.base, it.tokens.access), kept ? 401 : 200);
            const next = await refresh(it.base, it.client, it.tokens.refreshToken);
            assert.equal(next.status, 200, 'its refresh token lives');
        },
    },
    end_one: {
        prepare: logInTwice,
        act: (it) => it.page.end(it.page.ids.get(it.label)),
        async check(it, kept) {
            assert.equal((await connections(it)).ids.has(it.label), !kept);
            await ended(it, kept);
            await works({ ...it, client: it.other.client }, it.other.tokens);
        },
    },
    end_all: {
        prepare: logInTwice,
        act: (it) => it.page.end('all'),
        async check(it, kept) {
            assert.equal((await connections(it)).ids.size > 0, !kept);
            await ended(it, kept);
            await ended({ ...it, ...it.other }, kept);
        },
    },
    session: {
        prepare: logIn,
        act: (it) => rpc(it.base, it.tokens.access, 'initialize', initialize),
        async check(it, kept, got) {
            const id = got?.headers.get('mcp-session-id');
            if (got) assert.equal(await status(it.base, it.tokens.access, { 'mcp-session-id': id }), 200);
            const again = await rpc(it.base, it.tokens.access, 'initialize', initialize);
            assert.equal(again.status, 200);
        },
    },
    session_end: {
        async prepare(it) {
            await logIn(it);
            const begun = await rpc(it.base, it.tokens.access, 'initialize', initialize);
            it.session = { 'mcp-session-id': begun.headers.get('mcp-session-id') };
        },
        act: (it) => fetch(`${it.base}/mcp`, {
            method: 'DELETE',
            headers: { authorization: `Bearer ${it.tokens.access}`, ...it.session },
        }),
        async check(it, kept) {
            assert.equal(await status(it.base, it.tokens.access, it.session), kept ? 404 : 200);
        },
    },
};
