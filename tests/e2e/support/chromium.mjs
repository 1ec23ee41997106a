// A real browser for the consent page, and the web around it: clients that wait for their codes on
// this machine, and hosts of the internet that a server here plays with a throw-away certificate.
// Screenshots go to the folder "screenshots" beside the program.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const pictures = path.join(path.dirname(process.env.TWENTY_MCP_BINARY), 'screenshots');

function certificate(hosts) {
    const folder = mkdtempSync(path.join(tmpdir(), 'twenty-mcp-tls-'));
    try {
        const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
        execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
            '-nodes', '-days', '2', '-subj', '/CN=test', '-keyout', key, '-out', cert,
            '-addext', `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`],
        { stdio: 'ignore' });
        return { key: readFileSync(key), cert: readFileSync(cert) };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

// A browser for the tests of one file. `hosts`: each plays a host of the web, (request, response)
// => void by name; only this browser finds them.
export function useBrowser(hosts = {}) {
    const it = { browser: undefined };
    let web;
    before(async () => {
        mkdirSync(pictures, { recursive: true });
        const rules = [];
        if (Object.keys(hosts).length > 0) {
            web = https.createServer(certificate(Object.keys(hosts)),
                (request, response) => hosts[request.headers.host](request, response));
            web.listen(0, '127.0.0.1');
            await once(web, 'listening');
            const there = `127.0.0.1:${web.address().port}`;
            rules.push(`--host-resolver-rules=${Object.keys(hosts).map((host) => `MAP ${host} ${there}`)}`);
        }
        it.browser = await chromium.launch({
            executablePath: '/usr/bin/chromium',
            args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
                '--disable-background-networking', '--disable-component-update', '--disable-sync',
                ...rules],
        });
    });
    after(async () => {
        await it.browser?.close();
        web?.close();
        web?.closeAllConnections();
    });
    return it;
}

// A window of its own, with what the browser complained about in it.
export async function newWindow(t, { browser }, options = {}) {
    const context = await browser.newContext(
        { viewport: { width: 1000, height: 1100 }, ignoreHTTPSErrors: true, ...options });
    t.after(() => context.close());
    const complaints = [];
    context.on('page', (page) => {
        page.on('console', (message) => {
            const icon = message.location().url.endsWith('/favicon.ico'); // asked for by the browser
            if (['error', 'warning'].includes(message.type()) && !icon) complaints.push(message.text());
        });
        page.on('pageerror', (error) => complaints.push(String(error)));
    });
    return { context, page: await context.newPage(), complaints };
}

// A program on this computer that waits for its code: {port, url, arrived}.
export async function localClient(t, port = 0) {
    let tell;
    const arrived = new Promise((resolve) => { tell = resolve; });
    const server = http.createServer((request, response) => {
        response.end('back at the client');
        if (!request.url.endsWith('/favicon.ico')) tell(request.url);
    });
    // A port that a client always has may be lent to somebody's outgoing connection for a while.
    for (const until = Date.now() + 60_000; !server.listening;) {
        server.listen(port, '127.0.0.1');
        try {
            await once(server, 'listening');
        } catch (error) {
            if (error.code !== 'EADDRINUSE' || Date.now() > until) throw error;
            await sleep(500);
        }
    }
    t.after(() => server.close());
    return { port: server.address().port, arrived };
}

export const picture = (page, name) =>
    page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });

// The first step of consent: the key, and the page that it leads to.
export async function giveKey(page, key) {
    await page.getByLabel('Twenty API key').fill(key);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
}

export async function redeemAt(base, fields) {
    const response = await fetch(`${base}/token`, {
        method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', ...fields }),
    });
    const body = await response.json();
    assert.equal(response.status, 200, JSON.stringify(body));
    return body;
}
