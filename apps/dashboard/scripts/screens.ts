// Takes a picture of every state of the page, to be looked at: `pnpm --filter @sentinel/app-dashboard screens FOLDER`.
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, noBrowser } from '../test/fixtures/browser.ts';
import { type Recording, startRecordedApi } from '../test/fixtures/recorded-api.ts';
import { deadStatus, emptyStatus, eventful, fleet, many, statusOf } from '../test/fixtures/recordings.ts';

const pages = fileURLToPath(new URL('../dist', import.meta.url));
const folder = resolve(process.argv[2] ?? 'screens');
const widths = (process.argv[3] ?? '360,768,1280,2560').split(',').map(Number);
const only = process.argv[4] ?? '';

const soon = () => new Date(Date.now() + 45_000).toISOString();
const courseOf = (over: Record<string, unknown> = {}) => ({
  paused_by: null,
  paused_reason: null,
  incident_since: new Date(Date.now() - 300_000).toISOString(),
  acknowledged_by: null,
  acknowledged_until: null,
  snoozed: false,
  attempt: 1,
  most: 5,
  waits_until: soon(),
  not_restarted: null,
  not_stopped: null,
  stopped: null,
  stopped_at: null,
  ...over,
});
const with1 = (over: Record<string, unknown>) => eventful(Date.now(), [statusOf(over)]);
const long = 'Validating EURUSD_M15_breakout_confirmed_by_volume_and_by_news_filter_v2_retry_3 '.repeat(6);

const states: Readonly<Record<string, () => Recording>> = {
  healthy: () => eventful(Date.now()),
  restarting: () =>
    eventful(Date.now(), [{ ...deadStatus(), phase: 'restarting', course: courseOf() } as never]),
  'given-up': () =>
    eventful(Date.now(), [
      { ...deadStatus(), phase: 'exhausted', course: courseOf({ acknowledged_by: 'ann' }) } as never,
    ]),
  first: () => ({
    bots: [
      {
        ...emptyStatus(),
        phase: 'starting',
        monitor: { alive: true, last_seen: soon() },
        course: courseOf({ incident_since: null, attempt: null }),
      },
    ],
  }),
  paused: () =>
    with1({
      paused_until: soon(),
      course: courseOf({ incident_since: null, paused_by: 'ann', paused_reason: 'broker maintenance' }),
    }),
  stopped: () =>
    with1({
      health: 'stopped',
      reason: 'stopped by ann since 2026-11-30 08:33 UTC: new version',
      course: courseOf({
        incident_since: null,
        attempt: null,
        stopped: 'stopped by ann since 2026-11-30 08:33 UTC: new version',
        stopped_at: soon(),
      }),
    }),
  incident: () => eventful(Date.now()),
  'long-status': () => with1({ status: `⏳ ${long}` }),
  'four-bots': () => eventful(Date.now(), fleet()),
  'bots-16': () => eventful(Date.now(), many(16)),
  'wall-16': () => eventful(Date.now(), many(16)),
  'bots-500': () => eventful(Date.now(), many(500)),
};

if (noBrowser !== null) throw new Error(noBrowser);
if (!existsSync(pages)) throw new Error(`${pages} is not there: build the dashboard first`);
mkdirSync(folder, { recursive: true });

const browser = await launch();
for (const [name, recording] of Object.entries(states).filter(([each]) => each.includes(only))) {
  const api = await startRecordedApi(pages, recording());
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const place =
      name === 'incident' ? '#incident=bot@2026-01-05T00:00:00.000Z' : name.startsWith('wall') ? '#wall' : '';
    await page.goto(`${api.url}${place}`);
    await page
      .locator(name.startsWith('wall') ? '.is-wall .bot' : '.facts')
      .first()
      .waitFor();
    if (name === 'incident') await page.locator('.timeline').waitFor();
    if (!name.startsWith('wall')) await page.getByText('Loading').first().waitFor({ state: 'detached' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: width < 600 ? 800 : Math.round(width * 0.7) });
      await page.waitForTimeout(150);
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) });
    }
    await context.close();
  }
  await api.close();
}
await browser.close();
process.stdout.write(`The pictures are in ${folder}\n`);
