import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import type { Selectors } from './selectors.ts';

/** What a page of the broker shows. The order matters: a page with a captcha often shows the form beneath it too. */
const states = ['signedIn', 'captcha', 'secondFactor', 'wrongPassword', 'username'] as const;

export type PageState = (typeof states)[number];

const pollMs = 100;
const mostMs = 3000;

// A page often holds the same thing twice, once for another size of screen or for later: the visible one is meant.
const visible = (page: Page, selector: string): Locator => page.locator(selector).filter({ visible: true });

/** The first visible match: the one that a person would use. */
export const firstVisible = (page: Page, selector: string): Locator => visible(page, selector).first();

/** The texts of the alerts that can be seen now, to tell a new one from a banner that stands there always. */
export const alertsOn = (page: Page, selectors: Selectors): Promise<readonly string[]> =>
  visible(page, selectors.wrongPassword).allInnerTexts();

const times = (texts: readonly string[], text: string) => texts.filter((other) => other === text).length;
const hasNew = (now: readonly string[], before: readonly string[]) =>
  now.some((text) => times(now, text) > times(before, text));

const see = async (
  page: Page,
  selectors: Selectors,
  wanted: readonly PageState[],
  alertsBefore: readonly string[] = [],
): Promise<PageState | null> => {
  const shows = async (state: PageState) =>
    state === 'wrongPassword'
      ? hasNew(await alertsOn(page, selectors), alertsBefore)
      : firstVisible(page, selectors[state]).isVisible();
  for (const state of states) if (wanted.includes(state) && (await shows(state))) return state;
  return null;
};

/** The first of the wanted states that can be seen now, `null` when none. Rejects when the page is gone. */
export const look: typeof see = (...about) => {
  // A page that never came up does not answer at all, not even that nothing is to be seen.
  const limit = new Promise<null>((resolve) => setTimeout(resolve, mostMs, null).unref());
  return Promise.race([see(...about), limit]);
};

/**
 * The first of the wanted states to be seen, `null` when none is within the time. Rejects when the page is gone.
 * `alertsBefore`: what {@link alertsOn} gave before the password was sent. Such an alert refuses nothing.
 */
export const waitForState = async (
  page: Page,
  selectors: Selectors,
  wanted: readonly PageState[],
  timeoutMs: number,
  signal: AbortSignal,
  alertsBefore: readonly string[] = [],
): Promise<PageState | null> => {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    // Between two pages there is nothing to look at: that is no failure, the next look sees the new page.
    const seen = await look(page, selectors, wanted, alertsBefore).catch((error: unknown) => {
      if (page.isClosed()) throw error;
      return null;
    });
    if (seen !== null) return seen;
    await sleep(pollMs, undefined, { signal });
  }
  return null;
};
