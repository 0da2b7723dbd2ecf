import { openRecords } from '@sentinel/history';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { closePages, launch, noBrowser } from './fixtures/browser.ts';
import { expectNone, seeState, text, visit } from './fixtures/page.ts';
import { startRealApi } from './fixtures/real-api.ts';
import { startRecordedApi } from './fixtures/recorded-api.ts';
import { statusOf } from './fixtures/recordings.ts';

const stored = (page: Page) =>
  page.evaluate(() => ({
    session: { ...sessionStorage },
    local: { ...localStorage },
    cookie: document.cookie,
  }));

const enter = async (page: Page, token: string) => {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Use token' }).click();
};

describe.skipIf(noBrowser !== null)(`tokens${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  // A page left open goes on drawing, beside the next test.
  afterEach(() => closePages(browser));
  afterAll(() => browser?.close());

  test('an order asks for the token, says when it is wrong, and keeps the right one for the tab only', async () => {
    const api = await startRealApi(inject('pages'), { apiToken: 'right-token' });
    try {
      api.beat('✅ Heartbeat active');
      const { page } = await visit(browser, api.url);
      await seeState(page, 'Healthy');
      await page.getByRole('button', { name: 'Test alert' }).click();
      await enter(page, 'wrong-token');
      await page.getByRole('alert').getByText('not accepted').waitFor();
      expect(JSON.stringify(await stored(page))).not.toContain('wrong-token');
      await enter(page, 'right-token');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.locator('.order-result', { hasText: 'no monitor is running' }).waitFor();
      const journal = openRecords(api.historyFile, { readOnly: true });
      expect(journal.pendingOrders('bot')).toMatchObject([{ kind: 'test-alert', bot: 'bot' }]);
      journal.close();
      expect(await stored(page)).toEqual({
        session: { 'sentinel.order-token': 'right-token' },
        local: {},
        cookie: '',
      });
    } finally {
      await api.close();
    }
  });

  test('without a token in the API the page says that nothing can be ordered', async () => {
    const api = await startRealApi(inject('pages'));
    try {
      api.beat('✅ Heartbeat active');
      const { page } = await visit(browser, api.url);
      await seeState(page, 'Healthy');
      await page.getByRole('button', { name: 'Test alert' }).click();
      await enter(page, 'any');
      await page.locator('.order-result', { hasText: 'SENTINEL_API_TOKEN' }).waitFor();
    } finally {
      await api.close();
    }
  });

  test('a protected page asks for the token to read, then streams with it', async () => {
    const api = await startRealApi(inject('pages'), { readToken: 'reader' });
    try {
      api.beat('✅ Heartbeat active');
      const { page } = await visit(browser, api.url);
      await page.getByRole('dialog').getByText('SENTINEL_READ_TOKEN').waitFor();
      await enter(page, 'wrong');
      await page.getByRole('alert').getByText('not accepted').waitFor();
      await enter(page, 'reader');
      await seeState(page, 'Healthy');
      expect(await page.getByRole('dialog').count()).toBe(0);
    } finally {
      await api.close();
    }
  });

  test('pause, resume and restart are sent as ordered', async () => {
    const api = await startRecordedApi(inject('pages'), { bots: [statusOf()] });
    try {
      const { page, complaints } = await visit(browser, api.url);
      await seeState(page, 'Healthy');
      await page.getByRole('button', { name: 'Pause…' }).click();
      await page.getByLabel('For').selectOption({ label: '1 h' });
      await page.getByLabel('Reason').fill('Broker maintenance');
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await enter(page, 'secret');
      await page.locator('.order-result', { hasText: 'Pause ordered' }).waitFor();

      const paused = statusOf({ paused_until: new Date(Date.now() + 3_600_000).toISOString() });
      api.send('status', paused);
      await page.locator('.notice', { hasText: 'Paused until' }).waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.locator('.order-result', { hasText: 'Resume ordered' }).waitFor();
      await page.getByRole('button', { name: 'Restart…' }).click();
      await page.getByRole('button', { name: 'Restart now' }).click();
      await page.locator('.order-result', { hasText: 'Restart ordered' }).waitFor();
      expect(api.orders).toEqual([
        {
          path: '/api/heartbeat/pause?bot=bot',
          token: 'Bearer secret',
          body: { minutes: 60, reason: 'Broker maintenance' },
        },
        { path: '/api/heartbeat/resume?bot=bot', token: 'Bearer secret', body: {} },
        { path: '/api/heartbeat/restart?bot=bot', token: 'Bearer secret', body: {} },
      ]);
      expect(await text(page, '#state')).toContain('Healthy');
      expectNone(complaints);
    } finally {
      await api.close();
    }
  });
});
