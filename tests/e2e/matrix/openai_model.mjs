// Stands in for OpenAI's API on loopback, Responses and Chat Completions: asks once for the tool
// that it is told to ask for, and then says that it is done. It takes a second to think, as there
// are programs that offer their tools before they have connected.
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const nameOf = (tool) => tool.function?.name ?? tool.name ?? '';
const textOf = (content) => (typeof content === 'string' ? content : JSON.stringify(content));

// The name by which the client offers the tool; some put its server's name before it.
const offered = (tools, name) => tools.flatMap((tool) => (tool.type === 'namespace'
    ? tool.tools.map((inner) => ({ ...inner, namespace: tool.name })) : [tool]))
    .find((tool) => new RegExp(`(^|[^a-z])${name}$`).test(nameOf(tool)));

const sse = (events, named) => events.map((event) => (named ? `event: ${event.type}\n` : '')
    + `data: ${JSON.stringify(event)}\n\n`).join('') + (named ? '' : 'data: [DONE]\n\n');

const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

function chat(call, streamed) {
    const message = call ? {
        role: 'assistant', content: null,
        tool_calls: [{ index: 0, id: call.id, type: 'function', function: call.function }],
    } : { role: 'assistant', content: 'Done.' };
    const head = { id: 'c', created: 1, model: 'scripted' };
    const end = call ? 'tool_calls' : 'stop';
    if (!streamed) {
        return { ...head, object: 'chat.completion', usage,
            choices: [{ index: 0, message, finish_reason: end }] };
    }
    const chunk = { ...head, object: 'chat.completion.chunk' };
    return sse([
        { ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] },
        { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: end }], usage },
    ]);
}

function responses(call) {
    const item = call ? {
        type: 'function_call', id: 'fc_1', call_id: call.id, status: 'completed', ...call.function,
        ...(call.namespace && { namespace: call.namespace }),
    } : {
        type: 'message', id: 'msg_1', role: 'assistant', status: 'completed',
        content: [{ type: 'output_text', text: 'Done.', annotations: [] }],
    };
    const response = { id: 'resp_1', object: 'response', status: 'completed', model: 'scripted',
        output: [item], usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } };
    return sse([
        { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
        { type: 'response.output_item.added', output_index: 0, item },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response },
    ], true);
}

// What the model was told that the tools answered.
const results = ({ messages = [], input = [] }) => [
    ...messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
    ...(Array.isArray(input) ? input : []).filter(({ type }) => type === 'function_call_output')
        .map(({ output }) => textOf(output)),
];

// {url, ask(run, name, arguments)}: lets run() run the client, answers the tool's answer;
// {tools(run)}: the names that the client offers.
export async function openaiModel(t) {
    let wanted;
    let heard;
    let names;
    const server = http.createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        if (request.method !== 'POST') {
            response.writeHead(404).end('{}');
            return;
        }
        await sleep(1000);
        const body = JSON.parse(Buffer.concat(chunks).toString());
        const tools = body.tools ?? [];
        names.push(...tools.flatMap((tool) => (tool.tools ?? [tool])).map(nameOf));
        heard ??= results(body)[0];
        const tool = wanted && offered(tools, wanted.name);
        const call = tool && {
            id: 'call_1', namespace: tool.namespace,
            function: { name: nameOf(tool), arguments: JSON.stringify(wanted.args) },
        };
        if (call) wanted = undefined;
        const text = body.input ? responses(call) : chat(call, body.stream);
        const streamed = typeof text === 'string';
        response.setHeader('content-type', streamed ? 'text/event-stream' : 'application/json');
        response.end(streamed ? text : JSON.stringify(text));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
        server.closeAllConnections();
        server.close();
    });
    return {
        url: `http://127.0.0.1:${server.address().port}/v1`,
        async ask(run, name, args) {
            [wanted, heard, names] = [{ name, args }, undefined, []];
            const { out, log } = await run();
            if (heard === undefined) {
                throw new Error(`${name} was not called; offered: ${names}\n${out}\n${log}`);
            }
            return heard;
        },
        async tools(run) {
            [wanted, heard, names] = [undefined, undefined, []];
            await run();
            return names.map((name) => name.replace(/^.*twenty[-_]+/, ''));
        },
    };
}
