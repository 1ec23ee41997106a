// Stands in for the Messages API on loopback, so that Claude Code can be driven without a model
// or an account: asks for one scripted tool call after the other, then says that it is done.
import { once } from 'node:events';
import http from 'node:http';

const count = (messages, type) => messages.flatMap((message) => message.content)
    .filter((block) => block?.type === type).length;

// Without tools it is one of the client's own questions, such as a title for the conversation.
function answer({ messages, tools = [] }, calls) {
    const call = tools.length > 0 ? calls[count(messages, 'tool_result')] : undefined;
    if (!call) return { type: 'text', text: 'Done.' };
    return { type: 'tool_use', id: `toolu_${count(messages, 'tool_result')}`, ...call };
}

function stream(block) {
    const start = block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} };
    const delta = block.type === 'text' ? { type: 'text_delta', text: block.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    const reason = block.type === 'text' ? 'end_turn' : 'tool_use';
    return [
        { type: 'message_start', message: message([]) },
        { type: 'content_block_start', index: 0, content_block: start },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
        { type: 'message_stop' },
    ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

const usage = { input_tokens: 1, output_tokens: 1 };
const message = (content) => ({
    id: 'msg_1', type: 'message', role: 'assistant', model: 'scripted', content,
    stop_reason: null, stop_sequence: null, usage,
});

// calls: [{name, input}]. {url, seen}: what the client told the model.
export async function scriptedModel(t, calls) {
    const seen = [];
    const server = http.createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        if (request.method !== 'POST' || !request.url.startsWith('/v1/messages')) {
            response.writeHead(404).end();
            return;
        }
        const body = JSON.parse(Buffer.concat(chunks).toString());
        seen.push(body);
        if (request.url.includes('count_tokens')) {
            response.setHeader('content-type', 'application/json');
            response.end(JSON.stringify({ input_tokens: 1 }));
        } else if (body.stream) {
            response.setHeader('content-type', 'text/event-stream');
            response.end(stream(answer(body, calls)));
        } else {
            response.setHeader('content-type', 'application/json');
            response.end(JSON.stringify({ ...message([answer(body, calls)]), stop_reason: 'end_turn' }));
        }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
        server.closeAllConnections();
        server.close();
    });
    return { url: `http://127.0.0.1:${server.address().port}`, seen };
}
