import type { BrowserContext, Page } from 'playwright-core';
import { unlessFault } from '../core/faults.ts';
import { type BrowserOptions, openBrowser } from './browser.ts';

export type LoginPage = {
  /** The page of the browser, which is opened where it is not. Rejects when `signal` is aborted. */
  readonly open: (signal: AbortSignal) => Promise<Page>;
  /** `undefined`: the browser is closed. */
  readonly there: () => Page | undefined;
  readonly close: () => Promise<void>;
};

/** The one page on which the bot signs in and trades. */
export const createLoginPage = (options: BrowserOptions, stageTimeoutMs: number): LoginPage => {
  let context: BrowserContext | undefined;
  let page: Page | undefined;

  const close = async () => {
    const open = context;
    context = undefined;
    page = undefined;
    await open?.close().catch(unlessFault(undefined));
  };

  const open = async (signal: AbortSignal): Promise<Page> => {
    if (context !== undefined && page !== undefined && !page.isClosed()) return page;
    await close();
    context = await openBrowser(options, signal);
    if (signal.aborted) await close();
    signal.throwIfAborted();
    page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(stageTimeoutMs);
    return page;
  };

  return { open, close, there: () => (page?.isClosed() === false ? page : undefined) };
};
