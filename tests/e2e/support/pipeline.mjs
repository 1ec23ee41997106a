// A keep-alive connection that sends many requests at once and reads their answers in order: fast
// enough to flood a server from one process.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';

export class Pipeline {
    static async open(port) {
        const it = new Pipeline();
        it.socket = net.connect(port, '127.0.0.1');
        it.socket.setNoDelay(true);
        await once(it.socket, 'connect');
        it.text = '';
        it.socket.setEncoding('latin1');
        it.socket.on('data', (chunk) => { it.text += chunk; it.advance(); });
        it.socket.on('close', () => it.fail?.(new Error('the server closed the connection')));
        return it;
    }

    // Resolves with [{status, body}] in the order of `requests`, which are whole as on the wire.
    send(requests) {
        assert.ok(!this.done, 'one batch at a time');
        this.answers = [];
        this.wanted = requests.length;
        this.socket.write(requests.join(''), 'latin1');
        return new Promise((resolve, reject) => { this.done = resolve; this.fail = reject; });
    }

    advance() {
        let at = 0;
        for (;;) {
            const head = this.text.indexOf('\r\n\r\n', at);
            if (head < 0) break;
            const length = Number(this.text.slice(at, head).match(/\r\ncontent-length: (\d+)/i)?.[1]);
            const end = head + 4 + length;
            if (!(end <= this.text.length)) break;
            this.answers.push({
                status: Number(this.text.slice(at + 9, at + 12)), body: this.text.slice(head + 4, end),
            });
            at = end;
        }
        this.text = this.text.slice(at);
        if (this.answers.length < this.wanted) return;
        const { done, answers } = this;
        this.done = this.fail = undefined;
        done(answers);
    }

    close() {
        this.fail = undefined;
        this.socket.destroy();
    }
}
