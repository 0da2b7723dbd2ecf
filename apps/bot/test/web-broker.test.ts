import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Order, SessionGoneError } from '../src/broker/broker.ts';
import { createWebBroker } from '../src/broker/web-broker.ts';
import { browserEnvironment } from '../src/login/browser-environment.ts';
import { createBrowserLogin } from '../src/login/browser-login.ts';
import { selectorsSchema } from '../src/login/selectors.ts';
import { headlessChromium } from './support/browser.ts';
import { account, startTestSite, type TestSite, tempFolder } from './support/site.ts';

describe.runIf(headlessChromium !== null)('trading through a real browser', () => {
  const temp = tempFolder();
  const forever = new AbortController().signal;
  let site: TestSite;
  let login: ReturnType<typeof createBrowserLogin>;
  const broker = (timeoutMs = 60_000) =>
    createWebBroker({ page: login.page, url: site.url, timeoutMs, account: 'web' });
  const order = (id: string, more: Partial<Order> = {}): Order => ({
    id,
    symbol: 'MCL',
    side: 'buy',
    quantity: 1,
    target: 52,
    stop: 48,
    ...more,
  });

  beforeAll(async () => {
    site = await startTestSite();
    login = createBrowserLogin({
      environment: browserEnvironment(process.env),
      executablePath: headlessChromium ?? '',
      profilePath: join(temp.folder, 'profile'),
      headless: true,
      url: `${site.url}/login`,
      credentials: account,
      selectors: selectorsSchema.parse(undefined),
      stageTimeoutMs: 60_000,
      screenshots: join(temp.folder, 'screenshots'),
      now: Date.now,
      warn: () => undefined,
    });
    expect(await login.signIn(() => undefined, forever)).toEqual({ kind: 'signed-in' });
  }, 120_000);
  afterAll(async () => {
    await login.close();
    await site.stop();
    temp.remove();
  });
  afterEach(() => {
    Object.assign(site.faults, { dropAnswers: 0, delayMs: 0 });
  });

  test('an order is filled as the blotter says, with price, fee and position', async () => {
    expect(await broker().price('MCL')).toBe(50);
    expect(await broker().price('GC')).toBeNull();
    const open = await broker().openPositions();
    expect(await broker().place(order('w-1', { quantity: 2 }))).toEqual({
      kind: 'filled',
      price: 50.01,
      fee: 1,
    });
    expect(await broker().openPositions()).toBe(open + 1);
    expect(await broker().positions()).toContainEqual({
      symbol: 'MCL',
      side: 'buy',
      quantity: 2,
      hasStop: true,
    });
    expect(await broker().find('w-1')).toEqual({ kind: 'filled', price: 50.01, fee: 1 });
  });

  test('the same order again is not sent: the blotter is looked at first', async () => {
    const open = await broker().openPositions();
    const placed = await broker().place(order('w-2'));
    expect(await broker().place(order('w-2'))).toEqual(placed);
    expect(await broker().openPositions()).toBe(open + 1);
  });

  test('an order whose answer is lost stands in the blotter, and is not placed a second time', async () => {
    const open = await broker().openPositions();
    site.faults.dropAnswers = 10;
    await expect(broker().place(order('w-3'))).rejects.toThrow();
    site.faults.dropAnswers = 0;
    expect(await broker().find('w-3')).toMatchObject({ kind: 'filled' });
    expect(await broker().place(order('w-3'))).toMatchObject({ kind: 'filled' });
    expect(await broker().openPositions()).toBe(open + 1);
  });

  test('a rejected order is told with its reason', async () => {
    expect(await broker().place(order('w-4', { symbol: 'GC' }))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('GC'),
    });
  });

  test('an order id with quotes in it is found again', async () => {
    const id = `a "quoted" one's & <b>`;
    const placed = await broker().place(order(id));
    expect(await broker().find(id)).toEqual(placed);
  });

  test('a page that hangs is an error within its time, and nothing was sent', async () => {
    const open = await broker().openPositions();
    site.faults.delayMs = 600_000;
    await expect(broker(500).place(order('w-5'))).rejects.toThrow(/[Tt]imeout/);
    site.faults.delayMs = 0;
    // A navigation that was given up may break off the next one: the loop then asks again.
    await expect
      .poll(() => broker().find('w-5').catch(String), { timeout: 60_000, interval: 200 })
      .toBeNull();
    expect(await broker().openPositions()).toBe(open);
  });

  test('without a session no order is sent, and it is said that the session is gone', async () => {
    site.sessions.dropAll();
    await expect(broker().place(order('w-6'))).rejects.toThrow(SessionGoneError);
    expect(await site.broker.find('w-6')).toBeNull();
  });
});
