// What many bots cost the browser: `pnpm --filter @sentinel/app-dashboard measure [BOTS]` after a build.
// First paint, the main thread's time for one change of one bot, and for one second of ticking, by Chromium's tracing.
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { launch, noBrowser } from '../test/fixtures/browser.ts';
import { startRecordedApi } from '../test/fixtures/recorded-api.ts';
import { eventful, many } from '../test/fixtures/recordings.ts';

const pages = fileURLToPath(new URL('../dist', import.meta.url));
const count = Number(process.argv[2] ?? 500);
const changes = 20;

if (noBrowser !== null) throw new Error(noBrowser);
if (!existsSync(pages)) throw new Error(`${pages} is not there: build the dashboard first`);

type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  /** CPU time, which other programs of the machine do not lengthen; in µs. */
  readonly tdur?: number;
  readonly tid: number;
  readonly pid: number;
};

const bots = many(count);
const api = await startRecordedApi(pages, eventful(Date.now(), bots));
const browser = await launch();
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
await page.goto(api.url);
await page
  .locator('.bot')
  .nth(count - 1)
  .waitFor({ state: 'attached' });
await page.waitForTimeout(2000);
const firstPaint = await page.evaluate(
  () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
);

/** Milliseconds in which the page's main thread was busy while `work` was done, by the tasks of the trace. */
const busyMs = async (work: () => Promise<void>): Promise<number> => {
  const client = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  client.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] },
  });
  await work();
  const done = new Promise((resolve) => client.once('Tracing.tracingComplete', resolve));
  await client.send('Tracing.end');
  await done;
  await client.detach();
  // The thread that runs the page's script.
  const script = events.find(({ name }) => name === 'FunctionCall' || name === 'EvaluateScript');
  return events
    .filter(
      ({ name, ph, tid, pid }) =>
        name === 'RunTask' && ph === 'X' && tid === script?.tid && pid === script.pid,
    )
    .reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0);
};

const seconds = 5;
const ticking = (await busyMs(() => page.waitForTimeout(seconds * 1000))) / seconds;
const withChanges = await busyMs(async () => {
  for (let index = 0; index < changes; index += 1) {
    const bot = bots[(index * 7) % count];
    api.send('status', { ...bot, age_seconds: 0, status: `✅ Changed ${index}` });
    await page.waitForTimeout(250);
  }
});
const each = (withChanges - ticking * ((changes * 250) / 1000)) / changes;
await browser.close();
await api.close();
process.stdout.write(
  `${count} bots: first paint ${Math.round(firstPaint)} ms, one change ${each.toFixed(1)} ms of main thread, one second of ticking ${ticking.toFixed(1)} ms (load ${loadavg()[0]?.toFixed(1)})\n`,
);
