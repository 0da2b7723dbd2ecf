import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guide, withMessages } from './support/render-guide.ts';

test('docs/slack.md shows every message as it is', () => {
  const page = readFileSync(guide, 'utf8');
  expect(withMessages(page), 'run node packages/slack/scripts/write-guide.ts').toBe(page);
});
