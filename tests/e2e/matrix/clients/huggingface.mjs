// The library's own turn: it asks the model, which is a script, and calls what that asks for.
import { McpClient } from '@huggingface/mcp-client';
import { authorized } from '../library.mjs';
import { openaiModel } from '../openai_model.mjs';

export async function open(scene) {
    const model = await openaiModel(scene.t);
    const client = await authorized(scene, async (authProvider) => {
        const it = new McpClient({ endpointUrl: model.url, model: 'scripted', apiKey: 'none' });
        await it.addMcpServer({
            type: 'http', config: { url: scene.mcp, options: { authProvider } },
        });
        return it;
    });
    scene.t.after(() => client.cleanup());
    const turn = async () => {
        const messages = [{ role: 'user', content: 'Begin.' }];
        for (let again = true; again;) {
            again = false;
            for await (const part of client.processSingleTurnWithTools(messages)) {
                if (part.role !== 'tool') continue;
                messages.push(part);
                again = true;
            }
        }
        return {};
    };
    return {
        list: () => model.tools(turn),
        call: (name, args) => model.ask(turn, name, args),
    };
}
