// Writes the JSON Schema of the config file anew: node packages/monitor/scripts/write-schema.ts
import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { configJsonSchema } from '../src/config/config-schema.ts';

const file = new URL('../schema/sentinel.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(configJsonSchema(z), null, 2)}\n`);
