// A reverse proxy with one fault at a time, and throw-away certificates: for tests of the doctor.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';

// `fault` may have: request(req, headers) changes what is passed on and may give back another URL;
// refuse(req) gives back [status, headers, body] in place of an answer; answer(req, answer) changes
// {status, headers, body}, for which the body is collected; hold(req): the body is kept back;
// cuts(req): after how many milliseconds the connection is closed.
export async function faultProxy(t, { port = 0, address = '127.0.0.1', tls } = {}) {
    const it = { target: 0, fault: {}, url: '' };
    const pass = (req, res, sent) => {
        const { fault } = it;
        const refused = fault.refuse?.(req, sent);
        if (refused) {
            const [status, headers = {}, body = ''] = refused;
            res.writeHead(status, { server: 'some-proxy', ...headers }).end(body);
            return;
        }
        const headers = { ...req.headers };
        headers['x-forwarded-for'] = req.socket.remoteAddress;
        const url = fault.request?.(req, headers) ?? req.url;
        const onward = http.request({
            port: it.target, host: '127.0.0.1', method: req.method, path: url, headers,
        }, (back) => {
            if (fault.hold?.(req)) return; // until the client gives up
            const cut = fault.cuts?.(req);
            if (cut) setTimeout(() => res.destroy(), cut);
            if (!fault.answer) {
                res.writeHead(back.statusCode, back.headers);
                back.pipe(res);
                return;
            }
            if (/event-stream/.test(back.headers['content-type'] ?? '')) {
                const answer = { status: back.statusCode, headers: back.headers };
                fault.answer(req, answer);
                res.writeHead(answer.status, answer.headers);
                back.pipe(res);
                return;
            }
            const pieces = [];
            back.on('data', (piece) => pieces.push(piece));
            back.on('end', () => {
                const answer = { status: back.statusCode, headers: back.headers, body: Buffer.concat(pieces) };
                fault.answer(req, answer);
                delete answer.headers['transfer-encoding'];
                if (req.method !== 'HEAD') answer.headers['content-length'] = Buffer.byteLength(answer.body);
                res.writeHead(answer.status, answer.headers).end(answer.body);
            });
        });
        onward.on('error', () => {
            if (!res.headersSent) res.writeHead(502, { 'content-type': 'text/html' });
            res.end('<h1>502 Bad Gateway</h1>');
        });
        res.on('close', () => onward.destroy());
        onward.end(sent);
    };
    const collect = (req, res) => {
        const pieces = [];
        req.on('data', (piece) => pieces.push(piece));
        req.on('end', () => pass(req, res, Buffer.concat(pieces)));
    };
    const server = tls ? https.createServer(tls, collect) : http.createServer({ maxHeaderSize: 64 * 1024 }, collect);
    server.keepAliveTimeout = 30_000;
    server.listen(port, address);
    await once(server, 'listening');
    const shown = address === '127.0.0.1' ? 'localhost' : address;
    it.url = `http${tls ? 's' : ''}://${shown}:${server.address().port}`;
    it.secure = (other) => server.setSecureContext(other);
    it.close = async () => {
        server.closeAllConnections();
        if (!server.listening) return;
        server.close();
        await once(server, 'close');
    };
    t.after(it.close);
    return it;
}

// Certificates of an authority, of one below it, and of servers, as files in `folder`.
export class Authority {
    constructor(folder) {
        this.folder = folder;
        this.run('req', '-x509', ...this.fresh('root'), '-days', '3650', '-subj', '/CN=Test Root');
        this.#sign('between', 'root', '/CN=Test Intermediate', 'basicConstraints=critical,CA:TRUE', ['-days', '3650']);
    }

    run(...args) {
        execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
    }

    fresh(name) {
        return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
            '-keyout', `${name}.key`, '-out', `${name}.pem`];
    }

    file(name) { return path.join(this.folder, name); }

    // `lasts` are arguments of openssl x509 that say for how long.
    #sign(name, by, subject, extensions, lasts) {
        this.run('req', ...this.fresh(name), '-subj', subject);
        this.run('req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
        writeFileSync(this.file(`${name}.ext`), extensions);
        this.run('x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`,
            '-CAcreateserial', '-extfile', `${name}.ext`, '-out', `${name}.pem`, ...lasts);
    }

    // What a server is started with; `name`.key and `name`.pem lie in the folder.
    server(name, { names = 'DNS:localhost', by = 'root', days = 365 } = {}) {
        this.#sign(name, by, '/CN=server', `subjectAltName=${names}`, ['-days', String(days)]);
        return { key: this.file(`${name}.key`), cert: this.file(`${name}.pem`) };
    }
}
