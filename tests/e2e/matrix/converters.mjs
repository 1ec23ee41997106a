// What becomes of the tools' schemas on their way to a model: each goes through the converters that
// clients have, and must come out with all its names and still let its documented call through.
// It needs no server: the schemas are those of tests/golden/tools/.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { examples } from './converters/examples.mjs';
import { converted } from './converters/json_schema.mjs';
import { faults } from './converters/rules.mjs';

const golden = new URL('../../golden/tools/', import.meta.url);
const tools = readdirSync(golden)
    .map((file) => JSON.parse(readFileSync(new URL(file, golden), 'utf8')));
const sides = { input: 'inputSchema', output: 'outputSchema' };

const converters = {};
for (const file of ['langchain', 'openai', 'ai_sdk', 'genai', 'mastra', 'zod']) {
    Object.assign(converters, (await import(`./converters/${file}.mjs`)).converters);
}

test('no schema has a form that some client or model is known to refuse', () => {
    const found = tools.flatMap((tool) => Object.values(sides)
        .flatMap((side) => faults(tool[side], `${tool.name}.${side}`)));
    assert.deepEqual(found, []);
});

test('each tool has its documented call and answer here, as its schemas have them', () => {
    assert.deepEqual(Object.keys(examples).sort(), tools.map(({ name }) => name).sort());
    for (const tool of tools) {
        for (const [side, key] of Object.entries(sides)) {
            converted(tool[key]).accepts(examples[tool.name][side]);
        }
    }
});

for (const [name, convert] of Object.entries(converters)) {
    for (const [side, key] of Object.entries(sides)) {
        test(`${name} keeps what every ${side} schema says`, async (t) => {
            for (const tool of tools) {
                await t.test(tool.name, async () => {
                    const result = await convert(structuredClone(tool[key]));
                    const names = Object.keys(tool[key].properties);
                    assert.deepEqual(result.names.sort(), names.sort(), 'the names remain');
                    await result.accepts(structuredClone(examples[tool.name][side]));
                });
            }
        });
    }
}
