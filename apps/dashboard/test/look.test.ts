import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { axe } from './fixtures/axe.ts';
import { closePages, launch, noBrowser } from './fixtures/browser.ts';
import { expectNone, fits, seeState, visit } from './fixtures/page.ts';
import { startRealApi } from './fixtures/real-api.ts';
import { type Recording, startRecordedApi } from './fixtures/recorded-api.ts';
import { deadStatus, emptyStatus, eventful, fleet, statusOf } from './fixtures/recordings.ts';

const cases: readonly (readonly [name: string, word: string, recording: () => Recording])[] = [
  ['a bot with a past', 'Healthy', () => eventful(Date.now())],
  ['a dead bot', 'Stale', () => eventful(Date.now(), [deadStatus()])],
  ['several bots', 'Stale', () => eventful(Date.now(), fleet())],
  ['nothing known at all', 'Unknown', () => ({ bots: [emptyStatus()] })],
];

describe.skipIf(noBrowser !== null)(
  `the page in every state${noBrowser ? ` (skipped: ${noBrowser})` : ''}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch();
    });
    // A page left open goes on drawing, beside the next test.
    afterEach(() => closePages(browser));
    afterAll(() => browser?.close());

    test.each(cases)(
      '%s: axe finds nothing in light and dark, and a phone needs no sideways scroll',
      async (_, word, recording) => {
        const api = await startRecordedApi(inject('pages'), recording());
        try {
          const { page, complaints } = await visit(browser, api.url, {
            colorScheme: 'light',
            reducedMotion: 'reduce',
          });
          await seeState(page, word);
          await page.getByText('Loading').first().waitFor({ state: 'detached' });
          expect(await axe(page)).toEqual([]);
          await page.emulateMedia({ colorScheme: 'dark' });
          // A theme changes nothing but colours.
          expect(await axe(page, ['color-contrast'])).toEqual([]);
          for (const width of [360, 768, 1920]) {
            await page.setViewportSize({ width, height: 740 });
            await fits(page);
          }
          expectNone(complaints);
        } finally {
          await api.close();
        }
      },
    );

    test('the colours of every other state can be read in both themes', async () => {
      const api = await startRecordedApi(inject('pages'), { bots: [statusOf()] });
      try {
        const { page } = await visit(browser, api.url, { reducedMotion: 'reduce' });
        await seeState(page, 'Healthy');
        for (const health of ['degraded', 'stuck', 'stopped']) {
          api.send('status', statusOf({ health }));
          await page.locator(`.hero.is-${health}`).waitFor();
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            expect(await axe(page, ['color-contrast']), `${health}, ${colorScheme}`).toEqual([]);
          }
        }
      } finally {
        await api.close();
      }
    });

    test('connection lost, and the dialogs: axe finds nothing', async () => {
      const api = await startRecordedApi(inject('pages'), eventful(Date.now()));
      try {
        const { page } = await visit(browser, api.url, { reducedMotion: 'reduce' });
        await seeState(page, 'Healthy');
        await page.getByRole('button', { name: 'Pause…' }).click();
        expect(await axe(page)).toEqual([]);
        // The focus stays in the dialog, and returns to where it came from.
        for (let i = 0; i < 8; i += 1) {
          await page.keyboard.press('Tab');
          const behind = () =>
            document.activeElement?.matches('button, [tabindex], a') === true &&
            document.activeElement.closest('dialog') === null;
          expect(await page.evaluate(behind)).toBe(false);
        }
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.waitForFunction(() => document.activeElement?.textContent === 'Pause…');
        api.cut();
        await seeState(page, 'Connection lost');
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await axe(page, ['color-contrast'])).toEqual([]);
        }
        await page.setViewportSize({ width: 360, height: 740 });
        await fits(page);
      } finally {
        await api.close();
      }
    });

    test('no state is told by colour alone: each has a shape, a word, a favicon and a sign of its own', async () => {
      const api = await startRecordedApi(inject('pages'), { bots: [statusOf()] });
      try {
        const { page } = await visit(browser, api.url);
        await seeState(page, 'Healthy');
        const seen = new Map<string, string[]>();
        for (const health of ['healthy', 'degraded', 'stuck', 'stale', 'stopped', 'unknown', 'lost']) {
          if (health === 'lost') api.cut();
          else api.send('status', statusOf({ health }));
          await page.locator(`.hero.is-${health}`).waitFor();
          // Title and favicon follow the page, a moment later.
          await page.locator(`#favicon[href$="/${health}.svg"]`).waitFor({ state: 'attached' });
          seen.set(health, [
            await page.locator('.hero-head .glyph').innerHTML(),
            await page.locator('#state').innerText(),
            (await page.locator('#favicon').getAttribute('href')) ?? '',
            (await page.title()).slice(0, 1),
          ]);
        }
        for (const way of [0, 1, 2, 3])
          expect(new Set([...seen.values()].map((each) => each[way])).size).toBe(seen.size);
        api.mend();
        // The favicons are pictures that differ, and not only addresses that do.
        const icons = await Promise.all(
          [...seen.keys()].map(async (face) => (await fetch(`${api.url}favicons/${face}.svg`)).text()),
        );
        const shapes = icons.map((icon) => icon.replace(/#[0-9a-f]{3,8}/gi, ''));
        expect(new Set(shapes).size).toBe(seen.size);
      } finally {
        await api.close();
      }
    });

    test('a mark moves once for each beat, and never where reduced motion is asked for', async () => {
      const api = await startRecordedApi(inject('pages'), { bots: [statusOf({ age_seconds: 90 })] });
      try {
        for (const reducedMotion of ['no-preference', 'reduce'] as const) {
          const { page } = await visit(browser, api.url, { reducedMotion });
          await seeState(page, 'Healthy');
          const moving = () => page.evaluate(() => document.getAnimations().length);
          expect(await moving()).toBe(0);
          api.send('status', statusOf({ age_seconds: 0 }));
          await page.locator('.pulse.beaten').waitFor();
          if (reducedMotion === 'reduce') expect(await moving()).toBe(0);
          else await page.waitForFunction(() => document.getAnimations().length > 0);
          await page.waitForFunction(() => document.getAnimations().length === 0);
        }
      } finally {
        await api.close();
      }
    });

    test('on a phone the state stands in the first view, and what is touched is large enough', async () => {
      const long = 'Validating EURUSD_M15_breakout_confirmed_by_volume_and_by_news_filter_v2_retry_3 '.repeat(
        6,
      );
      const name = 'trading-sentinel-production-eu-west-1-primary-account-0042';
      const bots = [statusOf({ bot: name, status: `⏳ ${long}` }), statusOf({ bot: 'bravo' })];
      const api = await startRecordedApi(inject('pages'), { ...eventful(Date.now(), bots), bots });
      try {
        const viewport = { width: 390, height: 844 };
        const { page } = await visit(browser, api.url, { viewport, hasTouch: true, isMobile: true });
        await seeState(page, 'Healthy');
        await fits(page);
        const state = await page.locator('#state').boundingBox();
        expect(state && state.y + state.height).toBeLessThan(844);
        for (const button of await page.getByRole('button').all()) {
          const box = await button.boundingBox();
          expect(box?.height, await button.innerText()).toBeGreaterThanOrEqual(40);
          expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
        }
      } finally {
        await api.close();
      }
    });

    test('several bots are rows; the keyboard alone chooses one and reads a chart', async () => {
      const api = await startRecordedApi(inject('pages'), eventful(Date.now(), fleet()));
      try {
        const { page, complaints } = await visit(browser, api.url);
        await seeState(page, 'Stale');
        expect(await page.locator('.bot').count()).toBe(4);
        // The list is one stop of the Tab key, whatever its length.
        expect(await page.locator('.bot[tabindex="0"]').count()).toBe(1);
        await page.locator('.bot[tabindex="0"]').focus();
        const focused = () => page.evaluate('document.activeElement.dataset.bot');
        const names = await page.locator('.bot-name').allTextContents();
        await page.keyboard.press('End');
        expect(await focused()).toBe(names.at(-1));
        await page.keyboard.press('ArrowUp');
        expect(await focused()).toBe(names.at(-2));
        await page.keyboard.press('Home');
        expect(await focused()).toBe(names[0]);
        for (let at = names.indexOf('alpha'); at > 0; at -= 1) await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await seeState(page, 'Healthy');
        await page.getByRole('link', { name: 'Skip to the chosen bot' }).focus();
        await page.keyboard.press('Enter');
        expect(await page.evaluate('document.activeElement.id')).toBe('panel');
        expect(page.url()).toMatch(/#bot=alpha$/);
        expect(await page.title()).toBe('✕ 1 of 4 stale – Sentinel');
        const days = page.getByRole('slider', { name: 'Uptime of the last 90 days' });
        await days.focus();
        await page.keyboard.press('Home');
        expect(await days.getAttribute('aria-valuetext')).toContain('nothing watched yet');
        await page.keyboard.press('End');
        expect(await days.getAttribute('aria-valuetext')).toContain('100 % up');
        expectNone(complaints);
      } finally {
        await api.close();
      }
    });

    test('each bot has its own address, those in trouble come first, and a search finds them', async () => {
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const bots = names.map((bot) =>
        statusOf({ bot, ...(bot === 'f' ? { health: 'down', phase: 'exhausted' } : {}) }),
      );
      const api = await startRecordedApi(inject('pages'), { ...eventful(Date.now(), bots), bots });
      try {
        const { page, complaints } = await visit(browser, `${api.url}#bot=c`);
        await seeState(page, 'Healthy');
        expect(await page.locator('[aria-current] .bot-name').innerText()).toBe('c');
        await page.goto(`${api.url}#incident=nope%402026-01-05T00%3A00%3A00.000Z`);
        await seeState(page, 'Unknown');
        expect(await page.locator('.hero').innerText()).toMatch(
          /nope\s+Nothing is known of a bot of that name\s+Known: a b/,
        );
        await page.goto(`${api.url}#bot=c`);
        await seeState(page, 'Healthy');
        expect(await page.locator('.bots-summary').innerText()).toBe('7 up, 1 down');
        expect(await page.locator('.bot').first().innerText()).toMatch(/^f\s+Down\s+given up/);
        await page.locator('.bot').first().click();
        await seeState(page, 'Down');
        expect(page.url()).toMatch(/#bot=f$/);
        await page.goBack();
        await seeState(page, 'Healthy');
        await page.getByRole('searchbox', { name: 'Search bots' }).fill('down');
        await page.waitForFunction('document.querySelectorAll(".bot").length === 1');
        await page.getByRole('searchbox', { name: 'Search bots' }).fill('');
        await page.getByRole('combobox', { name: 'Order of the bots' }).selectOption('by name');
        expect(await page.locator('.bot-name').allTextContents()).toEqual(names);
        await page.getByRole('link', { name: 'Wall view' }).click();
        await page.locator('.hero').waitFor({ state: 'detached' });
        expect(await axe(page)).toEqual([]);
        await page.locator('.bot', { hasText: 'Down' }).click();
        await seeState(page, 'Down');
        expectNone(complaints);
      } finally {
        await api.close();
      }
    });

    test('other hosts and those of a fleet are shown; a search and a state go to the API', async () => {
      const asked: string[] = [];
      const api = await startRecordedApi(inject('pages'), {
        ...eventful(Date.now()),
        peers: [{ name: 'ams', state: 'up' }],
        fleetOf: (search, state) => {
          asked.push(`${search} ${state}`);
          const [bots, hosts] = [
            [{ name: 'alpha', host: 'fra', state: 'stale' }],
            [{ host: 'fra', state: 'up' }],
          ];
          return { observer: 'o1', current: true, hears: true, counts: { up: 1 }, hosts, bots };
        },
      });
      try {
        const { page, complaints } = await visit(browser, api.url);
        await page.getByText('ams', { exact: true }).waitFor();
        await page.getByText('on fra: stale').waitFor();
        await page.getByRole('searchbox', { name: 'Search hosts and bots' }).fill('alpha');
        await page.getByRole('combobox', { name: 'State of the bots' }).selectOption('stale');
        await expect.poll(() => asked.at(-1)).toBe('alpha stale');
        expect(await axe(page)).toEqual([]);
        expectNone(complaints);
      } finally {
        await api.close();
      }
    });

    test('an incident has its own address: what was said, done and told stands in its order', async () => {
      const api = await startRecordedApi(inject('pages'), eventful(Date.now()));
      try {
        const { page, complaints } = await visit(browser, api.url, { reducedMotion: 'reduce' });
        await seeState(page, 'Healthy');
        await page.locator('.incident a').first().click();
        await page.locator('.timeline').waitFor();
        expect(page.url()).toMatch(/#incident=bot%40/);
        expect(await page.locator('.timeline').innerText()).toMatch(
          /Login attempt 2 of 3.*The incident begins.*slack: delivered after 0\.8 s.*ModuleNotFoundError.*The incident ends/s,
        );
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await axe(page)).toEqual([]);
        }
        await page.setViewportSize({ width: 360, height: 740 });
        await fits(page);
        await page.goBack();
        await page.locator('.incidents').waitFor();
        expectNone(complaints);
      } finally {
        await api.close();
      }
    });

    test('the page of the description: axe finds nothing, a phone needs no sideways scroll, the console is quiet', async () => {
      const api = await startRealApi(inject('pages'));
      try {
        const { page, complaints } = await visit(browser, `${api.url}docs`);
        await page.getByRole('heading', { name: 'Sentinel API' }).waitFor();
        for (const [width, colorScheme] of [
          [1280, 'light'],
          [390, 'dark'],
        ] as const) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          await fits(page);
          expect(await axe(page)).toEqual([]);
        }
        expectNone(complaints);
      } finally {
        await api.close();
      }
    });

    test('the bell is off at first; switched on, a bot that falls ill is notified of, once', async () => {
      const api = await startRecordedApi(inject('pages'), { bots: [statusOf()] });
      try {
        const { page, complaints } = await visit(browser, api.url);
        await page.evaluate(() => {
          const told: string[] = [];
          class Stub {
            static permission = 'granted';
            static requestPermission = async () => 'granted';
            constructor(_title: string, { body }: { body: string }) {
              told.push(body);
            }
          }
          Object.assign(globalThis, { Notification: Stub, told });
        });
        const told = () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
        await seeState(page, 'Healthy');
        api.send('status', statusOf({ health: 'down' }));
        await seeState(page, 'Down');
        expect(await told()).toEqual([]);
        api.send('status', statusOf());
        await seeState(page, 'Healthy');
        await page.getByRole('button', { name: /^Sound and notification/ }).click();
        api.send('status', statusOf({ health: 'down' }));
        await seeState(page, 'Down');
        await page.waitForFunction(() => (globalThis as unknown as { told: string[] }).told.length > 0);
        api.send('status', statusOf({ health: 'down', age_seconds: 20 }));
        await page.waitForTimeout(1200);
        expect(await told()).toEqual(['bot: Down']);
        expectNone(complaints);
      } finally {
        await api.close();
      }
    });

    test('the chosen theme outlives a reload', async () => {
      const api = await startRecordedApi(inject('pages'), { bots: [statusOf()] });
      try {
        const { page } = await visit(browser, api.url, { colorScheme: 'light' });
        await page.getByRole('button', { name: /Change to light/ }).click();
        await page.getByRole('button', { name: /Change to dark/ }).click();
        await page.reload();
        await page.getByRole('button', { name: /^Theme: dark/ }).waitFor();
        expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
      } finally {
        await api.close();
      }
    });
  },
);
