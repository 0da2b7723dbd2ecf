import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Selectors } from './selectors.ts';

/** What a page of the broker shows. The order matters: a page with a captcha often shows the form beneath it too. */
const states = ['signedIn', 'captcha', 'secondFactor', 'wrongPassword', 'username'] as const;

export type PageState = (typeof states)[number];

const pollMs = 100;
const mostMs = 3000;

const see = async (
  page: Page,
  selectors: Selectors,
  wanted: readonly PageState[],
): Promise<PageState | null> => {
  for (const state of states)
    if (wanted.includes(state) && (await page.locator(selectors[state]).first().isVisible())) return state;
  return null;
};

/** The first of the wanted states that can be seen now, `null` when none. Rejects when the page is gone. */
export const look: typeof see = (...about) => {
  // A page that never came up does not answer at all, not even that nothing is to be seen.
  const limit = new Promise<null>((resolve) => setTimeout(resolve, mostMs, null).unref());
  return Promise.race([see(...about), limit]);
};

/** The first of the wanted states to be seen, `null` when none is within the time. Rejects when the page is gone. */
export const waitForState = async (
  page: Page,
  selectors: Selectors,
  wanted: readonly PageState[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<PageState | null> => {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    // Between two pages there is nothing to look at: that is no failure, the next look sees the new page.
    const seen = await look(page, selectors, wanted).catch((error: unknown) => {
      if (page.isClosed()) throw error;
      return null;
    });
    if (seen !== null) return seen;
    await sleep(pollMs, undefined, { signal });
  }
  return null;
};
