import type { Page } from 'playwright-core';
import { firstLineOf, unlessFault } from '../core/faults.ts';
import type { LoginOutcome } from '../core/login-policy.ts';
import type { BrowserOptions } from './browser.ts';
import { type Credentials, type LoginMethod, stages } from './login-method.ts';
import { createLoginPage, type LoginPage } from './login-page.ts';
import { alertsOn, firstVisible, look, type PageState, waitForState } from './page-state.ts';
import { takeScreenshot } from './screenshots.ts';
import type { Selectors } from './selectors.ts';

type BrowserLoginOptions = BrowserOptions & {
  readonly url: string;
  readonly credentials: Credentials;
  /** The longest time for one stage: a page to load, an answer to the password. */
  readonly stageTimeoutMs: number;
  readonly selectors: Selectors;
  readonly screenshots: string;
  readonly now: () => number;
  /** Takes what went wrong beside the login. */
  readonly warn: (line: string) => void;
};

export type BrowserLogin = LoginMethod & {
  /** The page on which the session is, for the broker that trades through it. Throws when there is none. */
  readonly page: () => Page;
};

const outcomeOf = (state: PageState | null, during: string): LoginOutcome => {
  switch (state) {
    case 'signedIn':
      return { kind: 'signed-in' };
    case 'captcha':
      return { kind: 'needs-person', what: 'captcha' };
    case 'secondFactor':
      return { kind: 'needs-person', what: 'second factor' };
    case 'wrongPassword':
      return { kind: 'wrong-password' };
    default:
      return { kind: 'timed-out', during };
  }
};

/** What the page may be, once it has been loaded. */
const starts = ['signedIn', 'captcha', 'secondFactor', 'username'] as const;

type Parts = { readonly options: BrowserLoginOptions; readonly loginPage: LoginPage };

const authenticate = async (
  { selectors, credentials, stageTimeoutMs }: BrowserLoginOptions,
  on: Page,
  signal: AbortSignal,
): Promise<LoginOutcome> => {
  await firstVisible(on, selectors.username).fill(credentials.username);
  await firstVisible(on, selectors.password).fill(credentials.password);
  const before = await alertsOn(on, selectors);
  await firstVisible(on, selectors.submit).click();
  const ends = ['signedIn', 'captcha', 'secondFactor', 'wrongPassword'] as const;
  const end = await waitForState(on, selectors, ends, stageTimeoutMs, signal, before);
  return outcomeOf(end, stages.authentication);
};

const attempt = async (
  { options, loginPage }: Parts,
  step: (name: string) => void,
  signal: AbortSignal,
): Promise<LoginOutcome> => {
  const { selectors, stageTimeoutMs } = options;
  step(stages.browser);
  const on = await loginPage.open(signal);
  step(stages.navigation);
  await on.goto(options.url, { waitUntil: 'domcontentloaded', timeout: stageTimeoutMs });
  const first = await waitForState(on, selectors, starts, stageTimeoutMs, signal);
  if (first === 'signedIn') return { kind: 'already-signed-in' };
  if (first !== 'username') return outcomeOf(first, stages.navigation);
  step(stages.authentication);
  return authenticate(options, on, signal);
};

// What covers the form makes a click run out of time: it is the captcha that has to be told, not the time-out.
const explain = async (
  { options, loginPage }: Parts,
  error: unknown,
  during: string,
): Promise<LoginOutcome> => {
  const needs = ['captcha', 'secondFactor'] as const;
  const page = loginPage.there();
  const seen =
    page === undefined ? null : await look(page, options.selectors, needs).catch(unlessFault(null));
  if (seen !== null) return outcomeOf(seen, during);
  return error instanceof Error && error.name === 'TimeoutError'
    ? { kind: 'timed-out', during }
    : { kind: 'failed', during, why: firstLineOf(error) };
};

/** Signs in to the broker's login page with a real browser. */
export const createBrowserLogin = (options: BrowserLoginOptions): BrowserLogin => {
  const { selectors, stageTimeoutMs } = options;
  const loginPage = createLoginPage(options, stageTimeoutMs);
  const { there, close } = loginPage;
  const parts = { options, loginPage };

  const signIn: LoginMethod['signIn'] = async (beat, signal) => {
    let during: string = stages.start;
    const step = (name: string) => {
      during = name;
      beat(name);
    };
    step(stages.start);
    // A page that hangs is waited for as long as a stage lasts: whoever stops the bot must not wait for it, too.
    const abandon = () => void close();
    signal.addEventListener('abort', abandon, { once: true });
    const outcome = await attempt(parts, step, signal).catch((error: unknown) =>
      explain(parts, error, during),
    );
    const failed = outcome.kind !== 'signed-in' && outcome.kind !== 'already-signed-in';
    const page = there();
    if (failed && !signal.aborted && page !== undefined)
      await takeScreenshot(page, options.screenshots, during, options.now(), options.warn);
    signal.removeEventListener('abort', abandon);
    // A browser that failed is not trusted with the next attempt; one with a captcha keeps it for the person.
    if (outcome.kind === 'timed-out' || outcome.kind === 'failed') await close();
    return outcome;
  };

  const current = (): Page => {
    const page = there();
    if (page === undefined) throw new Error('The browser is closed: sign in before using its page');
    return page;
  };

  return {
    signIn,
    page: current,
    signedIn: async () => {
      await current().reload({ waitUntil: 'domcontentloaded', timeout: stageTimeoutMs });
      const signal = AbortSignal.timeout(stageTimeoutMs);
      const seen = await waitForState(current(), selectors, starts, stageTimeoutMs, signal);
      return seen === 'signedIn';
    },
    signOut: async () => {
      const page = there();
      if (page === undefined) return;
      if ((await look(page, selectors, ['captcha', 'secondFactor', 'username'])) !== null) return;
      await firstVisible(page, selectors.signOut).click();
      const limit = AbortSignal.timeout(stageTimeoutMs);
      const seen = await waitForState(page, selectors, ['username'], stageTimeoutMs, limit);
      if (seen === null) throw new Error('Expected the login page after signing out, it did not come');
    },
    close,
  };
};
