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
      api.watch('done');
      const { page } = await visit(browser, api.url);
      await seeState(page, 'Healthy');
      await page.getByRole('button', { name: 'Restart…' }).click();
      await page.getByRole('button', { name: 'Restart now' }).click();
      await enter(page, 'wrong-token');
      await page.getByRole('alert').getByText('not accepted').waitFor();
      expect(JSON.stringify(await stored(page))).not.toContain('wrong-token');
      await enter(page, 'right-token');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.locator('.order-result.done', { hasText: 'The monitor restarts the bot' }).waitFor();
      expect(await stored(page)).toEqual({
        session: { 'sentinel.order-token': 'right-token' },
        local: {},
        cookie: '',
      });
    } finally {
      await api.close();
    }
  });

  test('what cannot be done is greyed out, with the reason beside it', async () => {
    const api = await startRealApi(inject('pages'));
    try {
      api.beat('✅ Heartbeat active');
      const { page } = await visit(browser, api.url);
      await seeState(page, 'Healthy');
      await page.locator('.order-why', { hasText: 'SENTINEL_API_TOKEN' }).waitFor();
      for (const name of ['Test alert', 'Pause…', 'Restart…'])
        expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
    } finally {
      await api.close();
    }
  });

  test('without a monitor nothing can be ordered, and one that refuses is shown as it says', async () => {
    const api = await startRealApi(inject('pages'), { apiToken: 'right-token' });
    try {
      api.beat('✅ Heartbeat active');
      const { page } = await visit(browser, api.url);
      await seeState(page, 'Healthy');
      await page.locator('.order-why', { hasText: 'No monitor runs' }).waitFor();
      expect(await page.getByRole('button', { name: 'Restart…' }).isDisabled()).toBe(true);
      api.watch('refused: it was just restarted');
      await page.getByRole('button', { name: 'Restart…' }).click();
      await page.getByRole('button', { name: 'Restart now' }).click();
      await enter(page, 'right-token');
      await page.locator('.order-result.failed', { hasText: 'refused: it was just restarted' }).waitFor();
    } finally {
      await api.close();
    }
  });

  test('a test alert shows what became of it on each channel', async () => {
    const lines = ['slack: delivered in 0.3 s', 'fallback: refused, HTTP 404 no_service'];
    const outcome = { state: 'failed', settled: true, lines };
    const api = await startRecordedApi(inject('pages'), { bots: [statusOf()], outcome });
    try {
      const { page } = await visit(browser, api.url);
      await page.getByRole('button', { name: 'Test alert' }).click();
      await enter(page, 'secret');
      for (const line of lines) await page.locator('.order-result.failed', { hasText: line }).waitFor();
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

  test('pause, resume, halt, unhalt and restart are sent as ordered', async () => {
    const api = await startRecordedApi(inject('pages'), { bots: [statusOf()] });
    try {
      const { page, complaints } = await visit(browser, api.url);
      await seeState(page, 'Healthy');
      await page.getByRole('button', { name: 'Pause…' }).click();
      await page.getByLabel('For').selectOption({ label: '1 h' });
      await page.getByLabel('Reason').fill('Broker maintenance');
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await enter(page, 'secret');
      await page.locator('.order-result', { hasText: 'Paused: the monitor' }).waitFor();

      const paused = statusOf({ paused_until: new Date(Date.now() + 3_600_000).toISOString() });
      api.send('status', paused);
      await page.locator('.notice', { hasText: 'Paused until' }).waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.locator('.order-result', { hasText: 'Resumed:' }).waitFor();
      api.send('status', statusOf());
      await page.getByRole('button', { name: 'Halt…' }).click();
      await page.getByLabel('Reason').fill('Daily loss');
      await page.getByRole('button', { name: 'Halt', exact: true }).click();
      await page.locator('.order-result', { hasText: 'Halted: the monitor' }).waitFor();
      api.send('status', statusOf({ halted: 'Daily loss (halted by ann)', halted_by_person: true }));
      await page.locator('.notice', { hasText: 'It is not restarted until a person ends that' }).waitFor();
      await page.getByRole('button', { name: 'Unhalt' }).click();
      await page.locator('.order-result', { hasText: 'Halted no more:' }).waitFor();
      api.send('status', statusOf());
      await page.getByRole('button', { name: 'Halt…' }).waitFor();
      await page.getByRole('button', { name: 'Restart…' }).click();
      await page.getByRole('button', { name: 'Restart now' }).click();
      await page.locator('.order-result', { hasText: 'The monitor restarts the bot' }).waitFor();
      expect(api.orders).toEqual([
        {
          path: '/api/heartbeat/pause?bot=bot',
          token: 'Bearer secret',
          body: { minutes: 60, reason: 'Broker maintenance' },
        },
        { path: '/api/heartbeat/resume?bot=bot', token: 'Bearer secret', body: {} },
        {
          path: '/api/heartbeat/halt?bot=bot',
          token: 'Bearer secret',
          body: { reason: 'Daily loss' },
        },
        { path: '/api/heartbeat/unhalt?bot=bot', token: 'Bearer secret', body: {} },
        { path: '/api/heartbeat/restart?bot=bot', token: 'Bearer secret', body: {} },
      ]);
      expect(await text(page, '#state')).toContain('Healthy');
      expectNone(complaints);
    } finally {
      await api.close();
    }
  });
});
