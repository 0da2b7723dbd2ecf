import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { browserEnvironment } from '../src/login/browser-environment.ts';
import { createBrowserLogin } from '../src/login/browser-login.ts';
import { selectorsSchema } from '../src/login/selectors.ts';
import { headlessChromium } from './support/browser.ts';
import { startRawPage } from './support/raw-page.ts';
import { tempFolder } from './support/site.ts';

const hidden = (html: string) => `<div style="display:none">${html}</div>`;
const banner = '<p role="alert">Maintenance on Saturday</p>';
const forever = new AbortController().signal;

describe.runIf(headlessChromium !== null)('login pages as brokers have them', () => {
  let temp: ReturnType<typeof tempFolder>;
  let login: ReturnType<typeof createBrowserLogin> | undefined;
  beforeEach(() => {
    temp = tempFolder();
  });
  afterEach(async () => {
    await login?.close();
    temp.remove();
  });
  const signIn = (url: string) => {
    login = createBrowserLogin({
      environment: browserEnvironment(process.env),
      executablePath: headlessChromium ?? '',
      profilePath: join(temp.folder, 'profile'),
      headless: true,
      url,
      credentials: { username: 'jo', password: 'a-password' },
      selectors: selectorsSchema.parse(undefined),
      stageTimeoutMs: 60_000,
      screenshots: join(temp.folder, 'screenshots'),
      now: Date.now,
      warn: () => undefined,
    });
    return login.signIn(() => undefined, forever);
  };

  test('a captcha is seen also where an invisible one stands before it, and one password is sent', async () => {
    using page = await startRawPage({
      before: '<div class="g-recaptcha" data-size="invisible"></div>',
      afterPassword: '<iframe title="challenge" width="400" height="500" srcdoc="bikes"></iframe>',
    });
    expect(await signIn(page.url)).toEqual({ kind: 'needs-person', what: 'captcha' });
    expect(page.posts()).toBe(1);
  });

  test('a form is filled in where a hidden one stands before it', async () => {
    const form = '<input id="username"><input type="password"><button type="submit">hidden</button>';
    using page = await startRawPage({ before: hidden(form) });
    expect(await signIn(page.url)).toEqual({ kind: 'signed-in' });
    expect(page.posts()).toBe(1);
  });

  test('a sign-out is clicked where a hidden one stands before it', async () => {
    const clicked = "document.body.innerHTML = '<input id=username>'";
    const whole = `<p id="account">me</p>${hidden('<button id="sign-out">menu</button>')}
      <button id="sign-out" onclick="${clicked}">out</button>`;
    using page = await startRawPage({ whole });
    expect(await signIn(page.url)).toEqual({ kind: 'already-signed-in' });
    await login?.signOut();
  });

  test('an alert that stood there before the password refuses nothing', async () => {
    using page = await startRawPage({ before: banner, byFetch: true });
    expect(await signIn(page.url)).toEqual({ kind: 'signed-in' });
    expect(page.posts()).toBe(1);
  });

  test('an alert that changes its text after the password refuses it', async () => {
    using page = await startRawPage({ before: banner, byFetch: true });
    page.refuse();
    expect(await signIn(page.url)).toEqual({ kind: 'wrong-password' });
  });

  test('an alert that comes beside the old one refuses the password', async () => {
    using page = await startRawPage({ before: banner, afterPassword: '<p role="alert">Refused</p>' });
    expect(await signIn(page.url)).toEqual({ kind: 'wrong-password' });
  });
});
