// JSON-RPC over HTTP without a client library: for tests that must send what a library would
// not.
let lastId = 0;

export async function send(base, token, body, headers = {}) {
    const response = await fetch(`${base}/mcp`, {
        method: 'POST',
        headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...(token && { authorization: `Bearer ${token}` }),
            ...headers,
        },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    const text = await response.text();
    let json;
    try {
        json = JSON.parse(text);
    } catch { /* the status says enough */ }
    return { status: response.status, headers: response.headers, text, json };
}

export const initialize = {
    protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'e2e', version: '1' },
};

export async function rpc(base, token, method, params = {}, headers = {}) {
    lastId += 1;
    return send(base, token, { jsonrpc: '2.0', id: lastId, method, params }, headers);
}

// {text, failed}: what the model reads.
export async function callTool(base, token, name, args = {}) {
    const { json, text } = await rpc(base, token, 'tools/call', { name, arguments: args });
    if (!json?.result) return { text, failed: true, error: json?.error };
    return {
        text: json.result.content.map((part) => part.text).join('\n'),
        failed: json.result.isError === true,
        structured: json.result.structuredContent,
    };
}
