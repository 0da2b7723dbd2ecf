import { findBrowser } from '../../src/login/browser.ts';

/** The Chromium of this machine; `null` when there is none, and then it is said why tests are skipped. */
export const chromium: string | null = findBrowser(process.env.CHROME_PATH) ?? null;

/** The same engine without a window, where it is installed: it takes less than half the time to start. */
export const headlessChromium: string | null = findBrowser('/usr/bin/chromium-headless-shell') ?? chromium;

if (chromium === null)
  process.stderr.write(
    'No Chromium or Chrome here: the tests with a real browser are skipped (CHROME_PATH)\n',
  );
