// `pnpm docs:generate`: writes the configuration reference anew from the schemas.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGenerated } from './configuration.ts';
import { root } from './pages.ts';
import { configurationPage, generatedParts } from './programs.ts';

const file = join(root, configurationPage);
writeFileSync(file, withGenerated(readFileSync(file, 'utf8'), generatedParts()));
console.log(`${configurationPage} is current`);
