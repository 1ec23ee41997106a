// nginx and Caddy as Debian has them, each with a configuration of the test's: for the faults that
// administrators make with them.
import { existsSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Program, scratchFolder } from './program.mjs';

const found = (name) => ['/usr/sbin', '/usr/bin'].map((folder) => path.join(folder, name)).find(existsSync);
export const nginxProgram = found('nginx');
export const caddyProgram = found('caddy');

async function listening(program, port) {
    await program.until(() => new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
        socket.on('error', () => resolve(false));
    }));
}

// Both give {url, close}. nginx: `server` are lines of its server, `location` of the one location.
export async function nginx(t, port, { server = '', location = '' }, upstream) {
    const folder = scratchFolder(t);
    writeFileSync(path.join(folder, 'nginx.conf'), `
daemon off;
master_process off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
    access_log off;
    upstream twenty_mcp { server 127.0.0.1:${upstream}; }
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    server {
        listen 127.0.0.1:${port};
        ${server}
        location / {
            ${location}
        }
    }
}
`);
    return run(t, port, nginxProgram, ['-c', path.join(folder, 'nginx.conf'), '-p', folder], folder);
}

// `site` are the lines of its one site.
export async function caddy(t, port, site) {
    const folder = scratchFolder(t);
    writeFileSync(path.join(folder, 'Caddyfile'), `{
    admin off
    auto_https off
}
http://localhost:${port}, http://127.0.0.1:${port} {
${site}
}
`);
    return run(t, port, caddyProgram,
        ['run', '--config', path.join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], folder);
}

async function run(t, port, binary, args, folder) {
    const program = new Program(args, { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
        { binary });
    const close = () => program.kill();
    t.after(close);
    await listening(program, port);
    return { url: `http://localhost:${port}`, close };
}
