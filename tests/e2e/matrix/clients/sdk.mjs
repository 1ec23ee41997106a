// The official TypeScript SDK, first generation, in the version that the row names.
import { plain } from '../library.mjs';

export async function open({ t, mcp, person }, { folder }) {
    const part = (name) => import(`${folder}/client/${name}.js`);
    const { Client } = await part('index');
    const { StreamableHTTPClientTransport } = await part('streamableHttp');
    const { UnauthorizedError } = await part('auth');
    const connect = async (transport) => {
        const client = new Client({ name: 'matrix', version: '1' });
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
        await first.finishAuth(person.back.searchParams.get('code'));
        return plain(await connect(transport()));
    }
}
