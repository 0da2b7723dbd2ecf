import type { Page, Request } from 'playwright-core';
import { unlessFault } from '../core/faults.ts';
import { type Broker, type Closed, type Held, type Order, type Placed, SessionGoneError } from './broker.ts';

type WebBrokerOptions = {
  /** The signed-in page. Throws when there is none. */
  readonly page: () => Page;
  /** Any address of the broker's site. */
  readonly url: string;
  readonly timeoutMs: number;
  /** See {@link Broker.account}. */
  readonly account: string;
};

/**
 * Trades through the signed-in browser on the shipped broker site: fills in the order ticket and reads the blotter.
 * An order that the site knows is never placed again; the site itself takes an order id once, too.
 */
export const createWebBroker = ({ page, url, timeoutMs, account }: WebBrokerOptions): Broker => {
  const open = async (query = ''): Promise<Page> => {
    const on = page();
    await on.goto(new URL(`/trade${query}`, url).href, { waitUntil: 'domcontentloaded', timeout: timeoutMs });
    if (!(await on.locator('#account').isVisible()))
      throw new SessionGoneError(
        "Expected the broker's trading page, found another one: the session is gone, sign in again",
      );
    return on;
  };

  const readOrder = async (on: Page, orderId: string): Promise<Placed | null> => {
    const row = on.locator(`#blotter tr[data-order-id=${JSON.stringify(orderId)}]`);
    if ((await row.count()) === 0) return null;
    const read = async (name: string) =>
      (await row.getAttribute(`data-${name}`, { timeout: timeoutMs })) ?? '';
    return (await read('state')) === 'filled'
      ? { kind: 'filled', price: Number(await read('price')), fee: Number(await read('detail')) }
      : { kind: 'rejected', reason: await read('detail') };
  };

  // A broken connection is told at once, and not after the time that a slow broker is given.
  const connectionBreaks = async (on: Page): Promise<void> => {
    const predicate = (request: Request) => request.isNavigationRequest();
    const failed = await on
      .waitForEvent('requestfailed', { predicate, timeout: timeoutMs })
      .catch(unlessFault(null));
    if (failed === null) return new Promise(() => undefined);
    // The browser is still on its way to its own error page, and would break off the next navigation for it.
    await on.waitForURL(/^chrome-error:/, { timeout: 5000 }).catch(unlessFault(undefined));
    throw new Error("The connection broke before the broker's answer came");
  };

  const find = async (orderId: string) =>
    readOrder(await open(`?order=${encodeURIComponent(orderId)}`), orderId);

  const place = async (order: Order): Promise<Placed> => {
    const known = await find(order.id);
    if (known !== null) return known;
    const on = page();
    if (!(await on.locator('#place-order').isVisible()))
      throw new Error("Expected the broker's order ticket on its trading page, found none");
    const fields = { symbol: order.symbol, quantity: order.quantity, target: order.target, stop: order.stop };
    for (const [id, value] of Object.entries(fields))
      await on.fill(`#${id}`, String(value), { timeout: timeoutMs });
    await on.fill('#order-id', order.id, { timeout: timeoutMs });
    await on.selectOption('#side', order.side, { timeout: timeoutMs });
    const broken = connectionBreaks(on);
    // Where the click fails first nobody waits for it any more.
    broken.catch(unlessFault(undefined));
    await on.click('#place-order', { timeout: timeoutMs });
    await Promise.race([on.locator('#blotter tr[data-order-id]').waitFor({ timeout: timeoutMs }), broken]);
    const placed = await readOrder(on, order.id);
    if (placed === null) throw new Error(`Expected order ${order.id} in the blotter after it was placed`);
    return placed;
  };

  return {
    account,
    // A page that ran out of time may have been slow to take the order, not only to answer.
    inFlightMs: 2 * timeoutMs,
    place,
    find,
    price: async (symbol) => {
      const text = await (await open())
        .locator(`#price[data-symbol=${JSON.stringify(symbol)}]`)
        .allTextContents();
      return text[0] === undefined ? null : Number(text[0]);
    },
    openPositions: async () => Number(await (await open()).locator('#open-positions').textContent()),
    positions: async () => {
      const on = await open();
      // A page that shows no such table may hold anything.
      if ((await on.locator('#positions').count()) === 0) return null;
      const rows = await on.locator('#positions tr[data-position]').all();
      const texts = await Promise.all(rows.map((row) => row.getAttribute('data-position')));
      return texts.map((text) => JSON.parse(text ?? 'null') as Held);
    },
    closedAfter: async (seq) => {
      const rows = await (await open(`?after=${seq}`)).locator('#closed tr[data-closed]').all();
      const texts = await Promise.all(rows.map((row) => row.getAttribute('data-closed')));
      return texts.map((text) => JSON.parse(text ?? 'null') as Closed);
    },
  };
};
