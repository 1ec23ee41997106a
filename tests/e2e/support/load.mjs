// People at work: clients that keep their connections, each with one kind of request that it makes
// again and again. What fails is written down, and no client tries a request twice.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

// {status, headers, text} of one request on the agent's connection.
export function exchange(agent, base, path, { method = 'GET', headers = {}, body } = {}) {
    return new Promise((resolve, reject) => {
        const request = http.request(`${base}${path}`, {
            agent, method,
            headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
        }, (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (piece) => { text += piece; });
            response.on('error', reject);
            response.on('end', () => (response.complete
                ? resolve({ status: response.statusCode, headers: response.headers, text })
                : reject(new Error('cut off'))));
        });
        request.on('error', reject);
        request.end(body);
    });
}

export class Load {
    constructor(t) {
        this.failures = [];
        this.done = {};
        this.clients = [];
        this.ending = []; // what else stops at the end
        this.over = false;
        t.after(() => this.end());
    }

    // `work(agent)` every `pause` ms, on one connection; a fault says which kind of client had it.
    // `allowed(error)`: is counted as refused, and tried again.
    add(kind, pause, work, allowed = () => false) {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        this.done[kind] ??= 0;
        this.clients.push((async () => {
            await sleep(Math.random() * pause);
            while (!this.over) {
                const next = Date.now() + pause;
                try {
                    await work(agent);
                    this.done[kind] += 1;
                } catch (error) {
                    if (allowed(error)) this.refused = (this.refused ?? 0) + 1;
                    else this.failures.push(`${kind}: ${error.code ?? ''} ${error.message}`);
                }
                await sleep(Math.max(0, next - Date.now()));
            }
            agent.destroy();
        })());
    }

    get total() { return Object.values(this.done).reduce((sum, n) => sum + n, 0); }

    async end() {
        this.over = true;
        for (const end of this.ending) end();
        await Promise.all(this.clients);
    }
}
