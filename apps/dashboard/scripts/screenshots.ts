// Takes the pictures of docs/images: `pnpm --filter @sentinel/app-dashboard screenshots` after a build.
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from 'playwright-core';
import { launch, noBrowser } from '../test/fixtures/browser.ts';
import { startStory } from './story.ts';

const pages = fileURLToPath(new URL('../dist', import.meta.url));
const images = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const largest = 300_000;

type Picture = readonly [name: string, options: BrowserContextOptions, status: string, ageMs: number];

const wide = { viewport: { width: 1440, height: 1240 } };
const well = '✅ Heartbeat active - Signal validation in progress';
const pictures: readonly Picture[] = [
  ['light', { ...wide, colorScheme: 'light' }, well, 12_000],
  ['dark', { ...wide, colorScheme: 'dark' }, well, 12_000],
  [
    'phone',
    { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
    '⏳ Login attempt 2 of 3',
    412_000,
  ],
];

if (noBrowser !== null) throw new Error(noBrowser);
if (!existsSync(pages)) throw new Error(`${pages} is not there: build the dashboard first`);

const browser = await launch();
for (const [name, options, status, ageMs] of pictures) {
  const story = await startStory(pages, status, ageMs);
  const page = await (await browser.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
  await page.goto(story.url);
  await page.locator('.log li').first().waitFor();
  await page.locator('.days rect').first().waitFor();
  await page.locator('.plot-line').waitFor();
  const path = `${images}dashboard-${name}.png`;
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > largest) throw new Error(`${path} has ${size} bytes, ${largest} are allowed`);
  await page.context().close();
  await story.close();
}
await browser.close();
