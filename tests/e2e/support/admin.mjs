// An administrator with the token, and the admin API's own document to hold its answers to.
import assert from 'node:assert/strict';
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';

export const adminToken = 'an-admin-token-of-some-length-0123456789';

// `body`: an object is sent as JSON, a text or bytes as markdown.
export async function admin(base, method, path, body, headers = {}) {
    const plain = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${base}${path}`, {
        method,
        body: plain ? body : JSON.stringify(body),
        headers: {
            authorization: `Bearer ${adminToken}`,
            ...(body !== undefined && { 'content-type': plain ? 'text/markdown' : 'application/json' }),
            ...headers,
        },
    });
    const text = await response.text();
    let json;
    try {
        json = JSON.parse(text);
    } catch { /* markdown */ }
    return { status: response.status, headers: response.headers, text, json };
}

// Calls and holds the answer to what the document says about it. `template`: the path's row.
export async function documented(base) {
    const { json: document } = await admin(base, 'GET', '/admin/openapi.json');
    const ajv = addFormats.default(new Ajv2020({ strict: false, validateSchema: false }));
    ajv.addSchema(document, 'document');
    const seen = new Set();
    async function call(method, template, { path = template, ...more } = {}, wanted = 200) {
        const answer = await admin(base, method, path, more.body, more.headers);
        assert.equal(answer.status, wanted, `${method} ${path}: ${answer.text}`);
        const pointer = ['paths', template, method.toLowerCase(), 'responses', String(wanted)];
        const described = pointer.reduce((place, key) => place?.[key], document);
        assert.ok(described, `${method} ${template} ${wanted} is in the document`);
        const schema = described.content?.['application/json']?.schema;
        if (schema) {
            const fits = ajv.compile({ $ref: `document${schema.$ref}` });
            assert.ok(fits(answer.json), `${answer.text}\n${JSON.stringify(fits.errors)}`);
        }
        seen.add(`${method} ${template}`);
        return answer.json ?? answer.text;
    }
    return { document, call, seen };
}
