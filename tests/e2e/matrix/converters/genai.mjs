// Google's two forms: a schema that is handed on as JSON Schema (mcpToTool), and one that is
// rewritten into the API's own, with its own names of types.
import { GoogleGenAI, mcpToTool } from '@google/genai';
import { converted, offering } from './json_schema.mjs';

async function handedOn(schema) {
    const { functionDeclarations: [tool] } = await mcpToTool(offering(schema)).tool();
    return converted(tool.parametersJsonSchema);
}

const plain = (schema) => JSON.parse(JSON.stringify(schema), (key, value) =>
    (key === 'type' && typeof value === 'string' ? value.toLowerCase() : value));

// What the library sends when it is asked to answer in this form.
async function rewritten(schema) {
    const ai = new GoogleGenAI({ apiKey: 'none' });
    let sent;
    const real = globalThis.fetch;
    globalThis.fetch = async (_, { body }) => {
        sent = JSON.parse(body);
        return Response.json({ candidates: [] });
    };
    try {
        await ai.models.generateContent({
            model: 'none', contents: 'Begin.',
            config: { responseMimeType: 'application/json', responseSchema: schema },
        });
    } finally {
        globalThis.fetch = real;
    }
    return converted(plain(sent.generationConfig.responseSchema));
}

export const converters = {
    'Google GenAI, mcpToTool': handedOn,
    'Google GenAI, Schema': rewritten,
};
