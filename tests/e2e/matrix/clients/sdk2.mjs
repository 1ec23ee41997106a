// The official TypeScript SDK, second generation, with the protocol that the row names.
import {
    Client, StreamableHTTPClientTransport, UnauthorizedError,
} from '@modelcontextprotocol/client';
import { plain } from '../library.mjs';

export async function open({ t, mcp, person }, { mode }) {
    const connect = async (transport) => {
        const client = new Client({ name: 'matrix', version: '1' },
            { versionNegotiation: { mode } });
        await client.connect(transport);
        t.after(() => client.close());
        return client;
    };
    const transport = () =>
        new StreamableHTTPClientTransport(new URL(mcp), { authProvider: person });
    const first = transport();
    try {
        return plain(await connect(first));
    } catch (error) {
        if (!(error instanceof UnauthorizedError)) throw error;
        await first.finishAuth(person.back.searchParams);
        return plain(await connect(transport()));
    }
}
