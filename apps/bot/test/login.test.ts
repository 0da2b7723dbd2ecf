import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as driver } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserEnvironment } from '../src/login/browser-environment.ts';
import { createBrowserLogin } from '../src/login/browser-login.ts';
import { takeScreenshot } from '../src/login/screenshots.ts';
import { selectorsSchema } from '../src/login/selectors.ts';
import { noFaults } from '../src/site/faults.ts';
import { headlessChromium } from './support/browser.ts';
import { startOtherBroker } from './support/other-broker.ts';
import { account, startTestSite, type TestSite, tempFolder } from './support/site.ts';

describe.runIf(headlessChromium !== null)('signing in with a real browser', () => {
  const temp = tempFolder();
  const forever = new AbortController().signal;
  let site: TestSite;
  let time = Date.UTC(2026, 0, 1);
  type Changes = { stageTimeoutMs?: number; selectors?: object; url?: string; executablePath?: string };
  const doorWith = (changes: Changes = {}) =>
    createBrowserLogin({
      environment: browserEnvironment(process.env),
      executablePath: changes.executablePath ?? headlessChromium ?? '',
      profilePath: join(temp.folder, 'profile'),
      headless: true,
      url: changes.url ?? `${site.url}/login`,
      credentials: account,
      selectors: selectorsSchema.parse(changes.selectors),
      stageTimeoutMs: changes.stageTimeoutMs ?? 60_000,
      screenshots: join(temp.folder, 'screenshots'),
      now: () => {
        time += 1000;
        return time;
      },
      warn: () => undefined,
    });
  type LoginMethod = ReturnType<typeof doorWith>;
  let login: LoginMethod;
  let opened: LoginMethod | undefined;

  beforeAll(async () => {
    site = await startTestSite();
    login = doorWith();
  });
  afterAll(async () => {
    await login.close();
    await site.stop();
    temp.remove();
  });
  beforeEach(async () => {
    Object.assign(site.faults, noFaults());
    await login.signOut();
  });
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  test('a right password signs in, and every stage is told', async () => {
    const steps: string[] = [];
    expect(await login.signIn((step) => steps.push(step), forever)).toEqual({ kind: 'signed-in' });
    expect(steps).toEqual(['Initialization', 'Chrome setup', 'Navigation', 'Authentication']);
    expect(await login.signedIn()).toBe(true);
  });

  test('a session that is still there is found, also by the browser of the next start', async () => {
    await login.signIn(() => undefined, forever);
    await login.close();
    const attempts = site.sessions.attempts();
    expect(await login.signIn(() => undefined, forever)).toEqual({ kind: 'already-signed-in' });
    expect(site.sessions.attempts()).toBe(attempts);
  });

  test('a session that the broker has ended is seen as gone', async () => {
    await login.signIn(() => undefined, forever);
    site.sessions.dropAll();
    expect(await login.signedIn()).toBe(false);
  });

  test('signing out ends the session at the broker', async () => {
    await login.signIn(() => undefined, forever);
    await login.signOut();
    expect(site.sessions.count()).toBe(0);
  });

  test('a refused password is told apart', async () => {
    site.faults.rejectLogins = 1;
    expect(await login.signIn(() => undefined, forever)).toEqual({ kind: 'wrong-password' });
  });

  test.each([
    ['captcha', { kind: 'needs-person', what: 'captcha' }],
    ['captchaAfterPassword', { kind: 'needs-person', what: 'captcha' }],
    ['secondFactor', { kind: 'needs-person', what: 'second factor' }],
  ] as const)('a %s is left to a person', async (fault, outcome) => {
    site.faults[fault] = true;
    expect(await login.signIn(() => undefined, forever)).toEqual(outcome);
    expect(site.sessions.count()).toBe(0);
  });

  test('pictures of failures are bounded, and named by time and stage alone', () => {
    const names = readdirSync(join(temp.folder, 'screenshots'));
    expect(names.length).toBeGreaterThanOrEqual(3);
    for (const name of names) expect(name).toMatch(/^[\dTZ-]+-(navigation|authentication)\.png$/);
  });

  // The profile is one browser's at a time.
  const doorAt = async (changes: Changes) => {
    await login.close();
    opened = doorWith(changes);
    return opened;
  };

  test('a page that does not answer is a time-out', async () => {
    site.faults.delayMs = 600_000;
    const outcome = await (await doorAt({ stageTimeoutMs: 5000 })).signIn(() => undefined, forever);
    expect(outcome).toEqual({ kind: 'timed-out', during: 'Navigation' });
  });

  test('a broker that is not there is a failed navigation', async () => {
    const outcome = await (await doorAt({ url: 'http://127.0.0.1:9/login' })).signIn(
      () => undefined,
      forever,
    );
    expect(outcome).toMatchObject({ kind: 'failed', during: 'Navigation' });
  });

  test('a browser that does not come up is a failed Chrome setup', async () => {
    const outcome = await (await doorAt({ executablePath: '/bin/false' })).signIn(() => undefined, forever);
    expect(outcome).toMatchObject({ kind: 'failed', during: 'Chrome setup' });
  });

  test('an answer to the password that nobody knows is a time-out of the authentication', async () => {
    site.faults.unknownPage = true;
    const outcome = await (await doorAt({ stageTimeoutMs: 5000 })).signIn(() => undefined, forever);
    expect(outcome).toEqual({ kind: 'timed-out', during: 'Authentication' });
  });

  test('a page that looks different is used by its own selectors', async () => {
    const { url, stop } = await startOtherBroker();
    const selectors = {
      username: '[name=kunde]',
      password: '[name=kennwort]',
      submit: 'text=Anmelden',
      signedIn: '.konto',
      signOut: 'text=Abmelden',
    };
    const other = await doorAt({ url, selectors });
    expect(await other.signIn(() => undefined, forever)).toEqual({ kind: 'signed-in' });
    expect(await other.signedIn()).toBe(true);
    await other.signOut();
    expect(await other.signedIn()).toBe(false);
    stop();
  });

  test('a stop does not wait for a page that hangs', async () => {
    site.faults.delayMs = 600_000;
    const stop = new AbortController();
    const outcome = login.signIn((step) => step === 'Navigation' && stop.abort(), stop.signal);
    expect((await outcome).kind).toMatch(/failed|timed-out/);
  });

  test('of many failures twenty pictures are kept, the latest', async () => {
    const folder = join(temp.folder, 'many');
    mkdirSync(folder, { recursive: true });
    for (const name of ['holiday.png', 'a-login.png']) writeFileSync(join(folder, name), '');
    for (let n = 10; n < 40; n += 1) writeFileSync(join(folder, `2025-01-01T00-00-${n}-000Z-login.png`), '');
    const browser = await driver.launch({
      executablePath: headlessChromium ?? '',
      headless: true,
      args: ['--no-sandbox'],
    });
    try {
      const file = await takeScreenshot(
        await browser.newPage(),
        folder,
        'Authentication',
        Date.UTC(2026, 0, 2),
        () => undefined,
      );
      const all = readdirSync(folder);
      expect(all, 'what somebody else laid there stays').toEqual(
        expect.arrayContaining(['holiday.png', 'a-login.png']),
      );
      expect(statSync(folder).mode & 0o777, 'an account is to be seen in them').toBe(0o700);
      expect(statSync(file ?? '').mode & 0o777).toBe(0o600);
      const warned: string[] = [];
      const linked = join(temp.folder, 'linked');
      symlinkSync(folder, linked);
      const warn = (line: string) => void warned.push(line);
      expect(await takeScreenshot(await browser.newPage(), linked, 'Start', 1, warn)).toBeNull();
      expect(warned.join()).toContain('is a link, which is not followed');
      const names = all.filter((name) => /^2/.test(name)).sort();
      expect(names).toHaveLength(20);
      expect(names[0]).toBe('2025-01-01T00-00-21-000Z-login.png');
      expect(file).toBe(join(folder, names.at(-1) ?? ''));
    } finally {
      await browser.close();
    }
  });
});
