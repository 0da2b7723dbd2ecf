import type { Page, Request } from 'playwright-core';
import { unlessFault } from '../core/faults.ts';
import type { Order, Placed } from './broker.ts';

/** What the blotter says of an order; `null`: nothing. */
export const readOrder = async (on: Page, orderId: string, timeoutMs: number): Promise<Placed | null> => {
  const row = on.locator(`#blotter tr[data-order-id=${JSON.stringify(orderId)}]`);
  if ((await row.count()) === 0) return null;
  const read = async (name: string) => (await row.getAttribute(`data-${name}`, { timeout: timeoutMs })) ?? '';
  return (await read('state')) === 'filled'
    ? { kind: 'filled', price: Number(await read('price')), fee: Number(await read('detail')) }
    : { kind: 'rejected', reason: await read('detail') };
};

// A broken connection is told at once, and not after the time that a slow broker is given.
const connectionBreaks = async (on: Page, timeoutMs: number): Promise<void> => {
  const predicate = (request: Request) => request.isNavigationRequest();
  const failed = await on
    .waitForEvent('requestfailed', { predicate, timeout: timeoutMs })
    .catch(unlessFault(null));
  if (failed === null) return new Promise(() => undefined);
  // The browser is still on its way to its own error page, and would break off the next navigation for it.
  await on.waitForURL(/^chrome-error:/, { timeout: 5000 }).catch(unlessFault(undefined));
  throw new Error("The connection broke before the broker's answer came");
};

const fill = async (on: Page, order: Order, timeoutMs: number): Promise<void> => {
  const fields = { symbol: order.symbol, quantity: order.quantity, target: order.target, stop: order.stop };
  for (const [id, value] of Object.entries(fields))
    await on.fill(`#${id}`, String(value), { timeout: timeoutMs });
  await on.fill('#order-id', order.id, { timeout: timeoutMs });
  await on.selectOption('#side', order.side, { timeout: timeoutMs });
};

/** Fills in the order ticket, sends it, and reads what became of it. */
export const placeOnTicket = async (on: Page, order: Order, timeoutMs: number): Promise<Placed> => {
  if (!(await on.locator('#place-order').isVisible()))
    throw new Error("Expected the broker's order ticket on its trading page, found none");
  await fill(on, order, timeoutMs);
  const broken = connectionBreaks(on, timeoutMs);
  // Where the click fails first nobody waits for it any more.
  broken.catch(unlessFault(undefined));
  await on.click('#place-order', { timeout: timeoutMs });
  await Promise.race([on.locator('#blotter tr[data-order-id]').waitFor({ timeout: timeoutMs }), broken]);
  const placed = await readOrder(on, order.id, timeoutMs);
  if (placed === null) throw new Error(`Expected order ${order.id} in the blotter after it was placed`);
  return placed;
};
