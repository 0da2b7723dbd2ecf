import { openRecords } from '@sentinel/history';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { closePages, launch, noBrowser } from './fixtures/browser.ts';
import { expectNone, seeState, seeTitle, text, visit } from './fixtures/page.ts';
import { startRealApi } from './fixtures/real-api.ts';

// With the real API over a real status file.
describe.skipIf(noBrowser !== null)(
  `the page follows a bot${noBrowser ? ` (skipped: ${noBrowser})` : ''}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch();
    });
    // A page left open goes on drawing, beside the next test.
    afterEach(() => closePages(browser));
    afterAll(() => browser?.close());

    test('a bot that dies, is restarted and recovers', async () => {
      const api = await startRealApi(inject('pages'));
      try {
        api.beat('✅ Heartbeat active - Waiting for signals');
        const { page, complaints } = await visit(browser, api.url);
        await seeState(page, 'Healthy');
        expect(await text(page, '.hero-status')).toContain('Heartbeat active - Waiting for signals');
        await seeTitle(page, '✓ Healthy');
        expect(await page.locator('#favicon').getAttribute('href')).toBe('./favicons/healthy.svg');

        api.stopBeating();
        await seeState(page, 'Stale');
        await seeTitle(page, '✕ Stale');
        expect(await page.locator('#favicon').getAttribute('href')).toBe('./favicons/stale.svg');
        expect(await text(page, '.hero-status')).toMatch(/^No beat for \d+ s$/);
        // What it said last is no news, and is called that.
        expect(await text(page, '.hero-last')).toMatch(/^Last said \d+ s ago: +Heartbeat active/);
        await page.locator('.ruler.is-over').waitFor();
        expect(await text(page, '.unseen[role=status]')).toContain('bot: Stale');
        // Its age goes on by itself: nothing more is sent of a bot that is silent.
        const age = await text(page, '.age-number');
        await page.waitForFunction((was) => document.querySelector('.age-number')?.textContent !== was, age);

        api.beat('🔄 Restarted - Login attempt');
        await seeState(page, 'Healthy');
        await page.locator('.hero-status', { hasText: 'Restarted - Login attempt' }).waitFor();
        await page.locator('.log', { hasText: 'Restarted - Login attempt' }).waitFor();
        await seeTitle(page, '✓ Healthy');
        expectNone(complaints);
      } finally {
        await api.close();
      }
    });

    test('without a status file the bot is unknown, and never well', async () => {
      const api = await startRealApi(inject('pages'));
      try {
        const { page, complaints } = await visit(browser, api.url);
        await seeState(page, 'Unknown');
        await seeTitle(page, '? Unknown');
        await page.locator('.notice', { hasText: 'Not watched' }).waitFor();
        expectNone(complaints);
      } finally {
        await api.close();
      }
    });

    test('a webhook that died is said above everything, and goes once it works again', async () => {
      const api = await startRealApi(inject('pages'));
      const records = openRecords(api.historyFile);
      try {
        const slack = { name: 'slack', urlHash: 'x', nextAt: 0, lastSentAt: null, lastFailure: null };
        api.beat('✅ Heartbeat active');
        const { page, complaints } = await visit(browser, api.url);
        await seeState(page, 'Healthy');
        records.setChannel({ ...slack, deadSince: Date.now(), deadReason: 'HTTP 404 no_service' });
        const notice = page.locator('.notice', { hasText: 'The webhook of slack is dead' });
        await notice.waitFor();
        records.setChannel({ ...slack, deadSince: null, deadReason: null });
        await notice.waitFor({ state: 'detached' });
        expectNone(complaints);
      } finally {
        records.close();
        await api.close();
      }
    });

    test('old data is never shown as current: connection lost and regained', async () => {
      const api = await startRealApi(inject('pages'));
      try {
        api.beat('✅ Heartbeat active');
        const { page } = await visit(browser, api.url);
        await seeState(page, 'Healthy');
        await api.cut();
        await seeState(page, 'Connection lost');
        await seeTitle(page, '⌁ Connection lost');
        expect(await page.locator('#favicon').getAttribute('href')).toBe('./favicons/lost.svg');
        await page.getByRole('alert').getByText('Connection lost').waitFor();
        expect(await page.locator('.age-number').count()).toBe(0);
        expect(await page.locator('.fact-value').allInnerTexts()).toEqual(['–', '–', '–', '–']);
        expect(await text(page, '.hero-reason')).toMatch(
          /^Last heard \d\d:\d\d:\d\d, .* ago: it was healthy then$/,
        );
        expect(await page.getByRole('button', { name: 'Restart…' }).isDisabled()).toBe(true);

        api.stopBeating();
        await api.mend();
        await seeState(page, 'Stale');
        expect(await page.getByRole('alert').count()).toBe(0);
      } finally {
        await api.close();
      }
    });
  },
);
