import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './cache.ts';

/**
 * A block of an operator's page, as it is printed: the one of this section that begins so. What readers will run is
 * what the tests run, and a test whose block has gone says so.
 */
export const printedOn = (path: string, section: string, begins: string): string => {
  const page = readFileSync(join(repository, 'docs', path), 'utf8');
  const [, text = ''] = page.split(`\n## ${section}\n`);
  const [here = ''] = text.split('\n## ');
  const blocks = [...here.matchAll(/^```[\w ]*\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const found = blocks.find((block) => block.startsWith(begins));
  if (found === undefined) throw new Error(`${path}, "${section}": no block begins with ${begins}`);
  return found.trimEnd();
};

/** The same of the guide to a VPS. */
export const printed = (section: string, begins: string): string =>
  printedOn('CONTABO_VPS_DEPLOYMENT.md', section, begins);
