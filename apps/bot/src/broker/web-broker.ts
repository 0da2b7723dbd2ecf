import type { Page } from 'playwright-core';
import { type Broker, type Closed, type Held, type Order, type Placed, SessionGoneError } from './broker.ts';
import { placeOnTicket, readOrder } from './order-ticket.ts';

type WebBrokerOptions = {
  /** The signed-in page. Throws when there is none. */
  readonly page: () => Page;
  /** Any address of the broker's site. */
  readonly url: string;
  readonly timeoutMs: number;
  /** See {@link Broker.account}. */
  readonly account: string;
};

/** What the rows of a table hold, one JSON text each. */
const rowsOf = async <Row>(on: Page, table: string, attribute: string): Promise<readonly Row[]> => {
  const rows = await on.locator(`${table} tr[${attribute}]`).all();
  const texts = await Promise.all(rows.map((row) => row.getAttribute(attribute)));
  return texts.map((text) => JSON.parse(text ?? 'null') as Row);
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

  const find = async (orderId: string) =>
    readOrder(await open(`?order=${encodeURIComponent(orderId)}`), orderId, timeoutMs);

  const place = async (order: Order): Promise<Placed> =>
    (await find(order.id)) ?? placeOnTicket(page(), order, timeoutMs);

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
      return rowsOf<Held>(on, '#positions', 'data-position');
    },
    closedAfter: async (seq) => rowsOf<Closed>(await open(`?after=${seq}`), '#closed', 'data-closed'),
  };
};
