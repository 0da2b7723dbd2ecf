import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '@sentinel/heartbeat-core';
import type { BrowserContext } from 'playwright-core';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The Chromium or Chrome of this machine: the given one, else where it is usually installed. */
export const findBrowser = (given?: string): string | undefined =>
  given === undefined ? places.find((place) => existsSync(place)) : existsSync(given) ? given : undefined;

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export type BrowserOptions = {
  readonly executablePath: string;
  /** The folder that keeps the session between two runs. Made if missing, for its owner alone. */
  readonly profilePath: string;
  readonly profileName?: string;
  readonly headless: boolean;
  /** Its whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes what is worth a look, and no failure. */
  readonly warn: (line: string) => void;
};

// The browser of a bot that was killed ends a moment after it and holds the profile until then.
const tries = 4;
const betweenMs = 500;
// A busy machine takes long over a browser, whatever is asked of the pages in it.
const launchMs = 60_000;

/** In the words of Chromium, which ends at once, or of its driver. */
const lacksSandbox = (error: unknown): boolean =>
  error instanceof Error && /no usable sandbox|sandboxing failed|SUID sandbox/i.test(error.message);

/** Starts the browser with its persistent profile. It ends with this process, however that ends. */
export const openBrowser = async (options: BrowserOptions, signal: AbortSignal): Promise<BrowserContext> => {
  makeFolder(options.profilePath, 0o700);
  // Chromium's sandbox refuses to run as root.
  let sandbox = process.getuid?.() !== 0;
  const profile = options.profileName === undefined ? [] : [`--profile-directory=${options.profileName}`];
  // Only who opens a browser pays for loading its driver: the command line and the demo without one start faster.
  const { chromium } = await import('playwright-core');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await chromium.launchPersistentContext(options.profilePath, {
        executablePath: options.executablePath,
        headless: options.headless,
        timeout: launchMs,
        env: { ...options.environment },
        // Playwright would leave it out for every user.
        chromiumSandbox: sandbox,
        args: [...flags, ...profile],
        // The bot finishes the order in hand first and then closes the browser itself.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
    } catch (error) {
      signal.throwIfAborted();
      if (sandbox && lacksSandbox(error)) {
        sandbox = false;
        options.warn(
          'This system permits no browser sandbox (usual in a container): the browser runs without it, and a hostile page could do what the bot may',
        );
        continue;
      }
      if (attempt === tries || (error instanceof Error && error.name === 'TimeoutError')) throw error;
      await sleep(betweenMs * attempt, undefined, { signal });
    }
  }
};
