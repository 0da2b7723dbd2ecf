import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { environment } from '../../../../apps/monitor/src/env.ts';
import { settingsOf, settingsTable, undocumented, variablesIn, withGenerated } from './configuration.ts';
import { readPages, root } from './pages.ts';
import { configurationPage, generatedParts, programs } from './programs.ts';

const example = readFileSync(join(root, '.env.example'), 'utf8');

test('the configuration reference is what `pnpm docs:generate` makes', () => {
  const page = readFileSync(join(root, configurationPage), 'utf8');
  for (const name of Object.keys(generatedParts())) expect(page).toContain(`<!-- generated: ${name} -->`);
  expect(page).toBe(withGenerated(page, generatedParts()));
});

test('.env.example names every setting of every program, each with a comment', () => {
  const named = variablesIn(example);
  const missing = programs.flatMap((program) =>
    settingsOf(program)
      .map(({ name }) => name)
      .filter((name) => !named.includes(name)),
  );
  expect([...new Set(missing)]).toEqual([]);
  expect(undocumented(example)).toEqual([]);
});

test('.env.example names nothing that neither a program nor the containers read', () => {
  const containers = ['docker/compose.yaml', 'docker/compose.single.yaml']
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const units = readFileSync(join(root, 'scripts/systemd/sentinel-monitor.service'), 'utf8');
  const ofPrograms = programs.flatMap((program) => settingsOf(program).map(({ name }) => name));
  const read = new Set([...ofPrograms, ...Object.keys(environment)]);
  const unread = variablesIn(example).filter(
    (name) => !read.has(name) && !`${containers}${units}`.includes(`\${${name}`),
  );
  expect(unread).toEqual([]);
});

test('a Compose command that is printed reads .env, and a Compose file without it says so', () => {
  const files = ['docker/compose.yaml', 'docker/compose.single.yaml'];
  const compose = files.map((file) => readFileSync(join(root, file), 'utf8'));
  const texts = [...compose, ...readPages().map(({ text }) => text)];
  const printed = texts.flatMap((text) => text.match(/docker compose [^`\n]*-f docker\/\S+/g) ?? []);
  expect(printed.length).toBeGreaterThan(6);
  expect(printed.filter((command) => !command.startsWith('docker compose --env-file .env -f '))).toEqual([]);
  for (const [at, file] of files.entries())
    expect(compose[at]).toMatch(
      RegExp(`^x-settings: "\\$\\{COMPOSE_FILE:\\?.* docker compose --env-file \\.env -f ${file} up`, 'm'),
    );
});

test('a setting without a description, and a part that nothing makes, are refused', () => {
  expect(() => settingsOf({ name: 'bot', schema: z.object({ A: z.string() }) })).toThrow(
    'A of the bot has no description',
  );
  expect(() => withGenerated('<!-- generated: x -->\n<!-- end -->', {})).toThrow('named x');
});

test('a table says of each setting what it may be', () => {
  const schema = z.object({
    PORT: z.coerce.number().int().min(0).max(9).default(5).describe('where'),
    KIND: z.enum(['a', 'b']).optional().describe('a | b'),
  });
  expect(settingsTable({ name: 'bot', schema })).toBe(`| name | meaning | value | default |
| --- | --- | --- | --- |
| \`PORT\` | where | whole number, 0 to 9 | \`5\` |
| \`KIND\` | a \\| b | \`a\`, \`b\` | |`);
});

test('a variable of a .env file without a comment above is found', () => {
  expect(undocumented('# about\nAA=\nBB=\n\nCC=1\n# --- Part ---\nDD=')).toEqual(['CC', 'DD']);
});
