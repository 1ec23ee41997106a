// A person connects a client through nginx, and later goes on with what the client kept. Run by the
// scripts beside it: TWENTY_MCP_JOURNEY is connect or go_on.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callTool } from '../e2e/support/mcp.mjs';
import { login, refresh } from '../e2e/support/oauth.mjs';

const base = 'https://mcp.example.com';
const file = process.env.TWENTY_MCP_TOKENS;

async function reads(token) {
    const found = await callTool(base, token, 'find_records', { objectName: 'company', limit: 2 });
    assert.ok(!found.failed && found.text.length > 0, found.text);
}

// `systemctl reload nginx` comes back before nginx serves what it was told.
async function isServed() {
    for (let left = 100; left > 0; left -= 1) {
        const found = await fetch(`${base}/.well-known/oauth-protected-resource/mcp`).catch(() => undefined);
        if (found?.status === 200) return;
        await sleep(100);
    }
    assert.fail(`${base} is not served`);
}

const steps = {
    async connect() {
        await isServed();
        const kept = await login(base, process.env.TWENTY_MCP_KEY);
        await reads(kept.access);
        writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
    },
    async go_on() {
        const kept = JSON.parse(readFileSync(file, 'utf8'));
        await reads(kept.access);
        const { status, body } = await refresh(base, kept.clientId, kept.refresh);
        assert.equal(status, 200, JSON.stringify(body));
        await reads(body.access_token);
        writeFileSync(file, JSON.stringify({
            ...kept, access: body.access_token, refresh: body.refresh_token,
        }));
    },
};

test(`through nginx with TLS: ${process.env.TWENTY_MCP_JOURNEY}`, steps[process.env.TWENTY_MCP_JOURNEY]);
