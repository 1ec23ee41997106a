// The reverse proxies of packaging/proxies, each run with its very file: only ports, paths of this
// machine and the user are others, and the longest silence is shorter, for a test to outlast it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, Program, scratchFolder } from './program.mjs';

const folderOfFiles = fileURLToPath(new URL('../../../packaging/proxies/', import.meta.url));
const nobody = 65534;

export const silence = 17; // seconds, where the files say 90; the server is never silent for so long

function replaced(text, changes) {
    for (const [from, to] of changes) {
        assert.ok(text.includes(from), `the file has: ${from}`);
        text = text.replaceAll(from, to);
    }
    return text;
}

const certificateOf = ({ folder }) => [
    ['/etc/letsencrypt/live/mcp.example.com/fullchain.pem', `${folder}/certificate.pem`],
    ['/etc/letsencrypt/live/mcp.example.com/privkey.pem', `${folder}/key.pem`],
];

// The rest of Debian's nginx.conf, as far as it reaches the site.
const aroundNginx = (folder) => `daemon off; worker_processes 1; pid ${folder}/pid;
events { worker_connections 768; }
http {
    client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
    types_hash_max_size 2048; sendfile on; tcp_nopush on; gzip on;
    access_log ${folder}/others.log;
    include ${folder}/site;
}`;

// What Debian loads by itself, and what the site's file says to.
const apacheModules = ['mpm_event', 'authz_core', 'authz_host', 'alias', 'env', 'deflate', 'filter',
    'reqtimeout', 'setenvif', 'ssl', 'socache_shmcb', 'http2', 'headers', 'proxy', 'proxy_http'];

const aroundApache = ({ folder, port, plainPort }) => [
    `ServerRoot ${folder}`, `DefaultRuntimeDir ${folder}`, `PidFile ${folder}/pid`, 'Timeout 300',
    `ErrorLog ${folder}/error.log`, `Mutex file:${folder} default`, 'ServerName localhost',
    ...apacheModules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    `Listen 127.0.0.1:${plainPort}`, `Listen 127.0.0.1:${port}`, `Include ${folder}/site`,
].join('\n');

// `write` answers the files; `command` what runs in the foreground. `waits`: a request waits while
// the server restarts. `noticesLate`: that a client has left, it learns with the next event or comment.
// `log`: its log of requests, where that is no output.
export const proxies = [{
    name: 'nginx', file: 'nginx.conf', program: '/usr/sbin/nginx', log: 'access.log',
    write: (text, it) => ({
        'nginx.conf': aroundNginx(it.folder),
        site: replaced(text, [...certificateOf(it),
            ['listen 80;', `listen 127.0.0.1:${it.plainPort};`], ['listen [::]:80;', ''],
            ['listen 443 ssl', `listen 127.0.0.1:${it.port} ssl`], ['listen [::]:443 ssl http2;', ''],
            ['127.0.0.1:8787', it.upstream],
            ['/var/log/nginx/twenty-mcp.log', `${it.folder}/access.log`],
            ['proxy_read_timeout 90s', `proxy_read_timeout ${silence}s`]]),
    }),
    command: (folder) => ['-e', 'stderr', '-p', folder, '-c', `${folder}/nginx.conf`],
}, {
    name: 'Caddy', file: 'Caddyfile', program: '/usr/bin/caddy', end: 'SIGQUIT',
    write: (text, it) => ({
        Caddyfile: `{\n\tadmin off\n\thttp_port ${it.plainPort}\n\thttps_port ${it.port}\n`
            + '\tdefault_bind 127.0.0.1\n}\n\n'
            + replaced(text, [['127.0.0.1:8787', it.upstream],
                ['# tls /etc/ssl/mcp.example.com/fullchain.pem /etc/ssl/mcp.example.com/privkey.pem',
                    `tls ${it.folder}/certificate.pem ${it.folder}/key.pem`]]),
    }),
    command: (folder) => ['run', '--config', `${folder}/Caddyfile`, '--adapter', 'caddyfile'],
}, {
    name: 'Apache', file: 'apache.conf', program: '/usr/sbin/apache2', log: 'twenty-mcp.log', noticesLate: true,
    write: (text, it) => ({
        'apache.conf': aroundApache(it),
        site: replaced(text, [...certificateOf(it), ['*:80', `127.0.0.1:${it.plainPort}`],
            ['*:443', `127.0.0.1:${it.port}`], ['127.0.0.1:8787', it.upstream],
            ['ProxyTimeout 90', `ProxyTimeout ${silence}`]]),
    }),
    command: (folder) => ['-f', `${folder}/apache.conf`, '-DFOREGROUND'],
}, {
    name: 'HAProxy', file: 'haproxy.cfg', program: '/usr/sbin/haproxy', waits: true, noticesLate: true,
    write: (text, it) => ({
        'haproxy.cfg': replaced(text, [['    user haproxy\n    group haproxy\n', ''],
            ['log /dev/log local0', 'log stdout format raw local0'],
            ['bind :80\n', `bind 127.0.0.1:${it.plainPort}\n`],
            ['    bind [::]:80 v6only\n', ''],
            ['    bind [::]:443 v6only ssl crt /etc/haproxy/certs/mcp.example.com.pem alpn h2,http/1.1\n', ''],
            ['bind :443', `bind 127.0.0.1:${it.port}`],
            ['/etc/haproxy/certs/mcp.example.com.pem', `${it.folder}/both.pem`],
            ['127.0.0.1:8787', it.upstream],
            ['timeout client 90s', `timeout client ${silence}s`],
            ['timeout server 90s', `timeout server ${silence}s`]]),
    }),
    command: (folder) => ['-db', '-f', `${folder}/haproxy.cfg`],
}];

export const installed = (kind) => existsSync(kind.program);

// A certificate authority of this test's own: {folder, ca}.
export function authority(t) {
    const folder = scratchFolder(t);
    const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2',
        '-subj', '/CN=A certificate authority of a test');
    openssl('req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', '/CN=mcp.example.com');
    writeFileSync(path.join(folder, 'names'), 'subjectAltName=DNS:mcp.example.com\n');
    openssl('x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2',
        '-CAcreateserial', '-extfile', 'names', '-out', 'certificate.pem');
    return { folder, ca: readFileSync(path.join(folder, 'ca.pem')) };
}

// Starts one of `proxies` in front of `upstream` (HOST:PORT): {url, plainUrl, log()}. Not as root.
export async function startProxy(t, kind, { authority: made, port, upstream }) {
    const folder = scratchFolder(t);
    const it = { folder, port, upstream, plainPort: await freePort() };
    const pem = (name) => readFileSync(path.join(made.folder, name));
    const files = {
        'certificate.pem': pem('certificate.pem'), 'key.pem': pem('key.pem'),
        'both.pem': Buffer.concat([pem('certificate.pem'), pem('key.pem')]),
        ...kind.write(readFileSync(path.join(folderOfFiles, kind.file), 'utf8'), it),
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
    const who = process.getuid() === 0 ? { uid: nobody, gid: nobody } : {};
    if (who.uid) {
        for (const name of ['.', ...readdirSync(folder)]) chownSync(path.join(folder, name), nobody, nobody);
    }
    const program = new Program(kind.command(folder),
        { HOME: folder, APACHE_LOG_DIR: folder }, { binary: kind.program, cwd: folder, ...who });
    t.after(async () => {
        if (program.running) program.process.kill(kind.end ?? 'SIGTERM');
        await program.exited;
    });
    return {
        url: `https://mcp.example.com:${port}`,
        plainUrl: `http://127.0.0.1:${it.plainPort}`,
        program,
        log: () => (kind.log ? readFileSync(path.join(folder, kind.log), 'utf8') : program.output),
    };
}
