// A keep-alive connection that sends many requests at once and reads their answers in order: fast
// enough to flood a server from one process.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';

export class Pipeline {
    static async open(port) {
        const it = new Pipeline();
        await it.connect(port);
        return it;
    }

    async connect(port) {
        this.socket = net.connect(port, '127.0.0.1');
        this.socket.setNoDelay(true);
        await once(this.socket, 'connect');
        this.text = '';
        this.socket.setEncoding('latin1');
        this.socket.on('data', (chunk) => { this.text += chunk; this.advance(); });
        this.socket.on('close', () => this.goOn(port).catch((error) => this.fail?.(error)));
    }

    // A server ends a connection after a number of requests and says so: those behind the answer
    // that says it were not looked at, and are sent again (RFC 9112 §9.6).
    async goOn(port) {
        if (this.closed) return;
        if (!this.last) throw new Error('the server closed the connection');
        await this.connect(port);
        this.last = false;
        if (this.done) this.socket.write(this.requests.slice(this.answers.length).join(''), 'latin1');
    }

    // Resolves with [{status, body}] in the order of `requests`, which are whole as on the wire.
    send(requests) {
        assert.ok(!this.done, 'one batch at a time');
        this.answers = [];
        this.requests = requests;
        // Else the rest goes out with the next connection.
        if (!this.last) this.socket.write(requests.join(''), 'latin1');
        return new Promise((resolve, reject) => { this.done = resolve; this.fail = reject; });
    }

    advance() {
        let at = 0;
        for (;;) {
            const head = this.text.indexOf('\r\n\r\n', at);
            if (head < 0) break;
            const fields = this.text.slice(at, head);
            const length = Number(fields.match(/\r\ncontent-length: (\d+)/i)?.[1]);
            const end = head + 4 + length;
            if (!(end <= this.text.length)) break;
            this.answers.push({
                status: Number(this.text.slice(at + 9, at + 12)), body: this.text.slice(head + 4, end),
            });
            this.last ||= /\r\nconnection: close/i.test(fields);
            at = end;
        }
        this.text = this.text.slice(at);
        if (!this.done || this.answers.length < this.requests.length) return;
        const { done, answers } = this;
        this.done = this.fail = undefined;
        done(answers);
    }

    close() {
        this.closed = true;
        this.socket.destroy();
    }
}
