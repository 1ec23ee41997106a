// The official SDK's second generation. `mode` is its versionNegotiation: 'legacy', 'auto' or
// {pin: VERSION}.
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';

// Over the standard input and output of the program; {client, transport}.
export async function connectLocal2(t, command, args, env, mode) {
    const client = new Client({ name: 'SDK 2 end-to-end test', version: '1' },
        { versionNegotiation: { mode } });
    const transport = new StdioClientTransport({ command, args, env, stderr: 'pipe' });
    await client.connect(transport);
    t.after(() => client.close());
    return { client, transport };
}

export async function connect2(t, base, person, mode, options = {}, prepare = () => {}) {
    const open = async () => {
        const client = new Client({ name: 'SDK 2 end-to-end test', version: '1' },
            { versionNegotiation: { mode }, ...options });
        prepare(client);
        const transport = new StreamableHTTPClientTransport(new URL(`${base}/mcp`),
            { authProvider: person });
        try {
            await client.connect(transport);
        } catch (error) {
            error.transport = transport;
            throw error;
        }
        t.after(() => client.close());
        return { client, transport };
    };
    try {
        return await open();
    } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error;
        await error.transport.finishAuth(person.back.searchParams);
        return open();
    }
}
