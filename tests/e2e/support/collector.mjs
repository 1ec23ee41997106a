// A collector of traces that reads nothing but what OTLP over HTTP with JSON allows: the names of
// opentelemetry-proto (trace/v1, common/v1, resource/v1) and the forms of their values.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';

function only(value, required, optional, where) {
    for (const name of required) assert.ok(name in value, `${where} has ${name}`);
    for (const name of Object.keys(value))
        assert.ok(required.includes(name) || optional.includes(name), `${where} has no ${name}`);
}

// {key: value} of a list of KeyValue.
function attributesOf(list, where) {
    assert.ok(Array.isArray(list), where);
    const out = {};
    for (const each of list) {
        only(each, ['key', 'value'], [], where);
        const [[kind, value], ...more] = Object.entries(each.value);
        assert.deepEqual([typeof each.key, more, each.key in out], ['string', [], false], `${where} ${each.key}`);
        if (kind === 'stringValue') assert.equal(typeof value, 'string', each.key);
        else if (kind === 'intValue') assert.match(value, /^-?\d+$/, `${each.key}: int64 is a string`);
        else assert.fail(`${each.key}: ${kind}`);
        out[each.key] = kind === 'intValue' ? Number(value) : value;
    }
    return out;
}

function spanOf(span) {
    only(span, ['traceId', 'spanId', 'flags', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano', 'attributes'],
        ['parentSpanId', 'status'], 'a span');
    assert.match(span.traceId, /^(?!0{32})[\da-f]{32}$/);
    assert.match(span.spanId, /^(?!0{16})[\da-f]{16}$/);
    if ('parentSpanId' in span) assert.match(span.parentSpanId, /^(?!0{16})[\da-f]{16}$/);
    assert.ok(Number.isInteger(span.flags) && (span.flags & 0x101) === 0x101, 'sampled, and it is known who the parent is');
    assert.ok([2, 3].includes(span.kind), 'a server or a client');
    assert.ok(span.name.length > 0);
    for (const time of [span.startTimeUnixNano, span.endTimeUnixNano]) {
        assert.equal(typeof time, 'string', 'fixed64 is a string');
        assert.ok(Math.abs(Number(BigInt(time) / 1_000_000n) - Date.now()) < 300_000, time);
    }
    assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano));
    const of = attributesOf(span.attributes, 'attributes');
    assert.equal('error.type' in of, 'status' in span);
    if (span.status) assert.deepEqual(span.status, { code: 2 });
    return { ...span, of };
}

// {url, spans, resource, requests, text, answer, close()}. `answer` gets the request's number from 0 and the
// response; without one a request is taken.
export async function collector(t, answer = undefined) {
    const it = { spans: [], requests: [], faults: [], text: '', answer };
    const server = http.createServer((request, response) => {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk));
        request.on('end', () => {
            const body = Buffer.concat(chunks).toString();
            const number = it.requests.length;
            it.requests.push({ at: Date.now(), url: request.url, headers: request.headers, bytes: body.length });
            it.text += body + JSON.stringify(request.headers);
            try {
                assert.deepEqual([request.method, request.url, request.headers['content-type']],
                    ['POST', '/v1/traces', 'application/json']);
                const read = JSON.parse(body);
                only(read, ['resourceSpans'], [], 'a request');
                for (const { resource, scopeSpans, ...more } of read.resourceSpans) {
                    assert.deepEqual(more, {});
                    only(resource, ['attributes'], [], 'a resource');
                    it.resource = attributesOf(resource.attributes, 'a resource');
                    for (const { scope, spans, ...rest } of scopeSpans) {
                        assert.deepEqual(rest, {});
                        only(scope, ['name', 'version'], [], 'a scope');
                        const all = spans.map(spanOf);
                        assert.ok(all.length > 0 && all.length <= 512, `${all.length} spans`);
                        if (!it.answer) it.spans.push(...all);
                    }
                }
            } catch (fault) {
                it.faults.push(fault);
            }
            if (it.answer) it.answer(number, response);
            else response.writeHead(200, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');
        });
    });
    it.close = async () => {
        server.closeAllConnections();
        if (!server.listening) return;
        server.close();
        await once(server, 'close');
    };
    it.listen = async (port = 0) => {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
        it.port = server.address().port;
        it.url = `http://127.0.0.1:${it.port}`;
    };
    await it.listen();
    t.after(async () => {
        await it.close();
        assert.deepEqual(it.faults, [], 'every request was OTLP');
    });
    return it;
}
