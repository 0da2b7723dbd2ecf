// `pnpm docs:generate`: writes the configuration reference and the man page anew from the schemas and tables.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGenerated } from './configuration.ts';
import { manPage, manPageFile } from './man-page.ts';
import { root } from './pages.ts';
import { configurationPage, generatedParts } from './programs.ts';

const file = join(root, configurationPage);
writeFileSync(file, withGenerated(readFileSync(file, 'utf8'), generatedParts()));
console.log(`${configurationPage} is current`);
writeFileSync(join(root, manPageFile), manPage());
console.log(`${manPageFile} is current`);
