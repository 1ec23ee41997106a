import { createRequire } from 'node:module';
import { z } from 'zod';

// Made for zod 3, and given zod 4 here. Its form for import cannot be loaded by Node.js.
const { jsonSchemaToZod } = createRequire(import.meta.url)('@n8n/json-schema-to-zod');

const read = (schema) => ({
    names: Object.keys(schema.shape),
    accepts: (value) => schema.parse(value),
});

export const converters = {
    'n8n’s json-schema-to-zod': (schema) => read(jsonSchemaToZod(schema)),
    'zod’s fromJSONSchema': (schema) => read(z.fromJSONSchema(schema)),
};
