import type { Broker } from './broker/broker.ts';
import { createPaperBroker, type PaperBroker } from './broker/paper-broker.ts';
import { createWebBroker } from './broker/web-broker.ts';
import { recordedPrices } from './demo/recorded.ts';
import { dataIn, type Env, fileIn, readBrowserEnvironment } from './env.ts';
import { findBrowser } from './login/browser.ts';
import { type BrowserLogin, createBrowserLogin } from './login/browser-login.ts';
import { createHttpLogin } from './login/http-login.ts';
import type { Credentials, LoginMethod } from './login/login-method.ts';
import { selectorsSchema } from './login/selectors.ts';
import type { Settings } from './settings.ts';
import { createDemoSource } from './signals/demo-source.ts';
import { createFileSource } from './signals/file-source.ts';
import { createHttpSource } from './signals/http-source.ts';
import type { SignalSource } from './signals/source.ts';
import type { BrokerSite } from './site/server.ts';
import type { Memory } from './store/memory.ts';

const bulenox = 'https://bulenox.projectx.com/login';

/** The account of the shipped broker site. It guards paper money. */
export const demoAccount: Credentials = { username: 'demo-trader', password: 'paper-money-only' };

export const paperBroker = (env: Env, settings: Settings, now: () => number, name = 'paper-broker.db') =>
  createPaperBroker({
    ...settings,
    file: dataIn(env, name),
    series: recordedPrices(env.SENTINEL_PRICES_FILE),
    now,
  });

/** The demo's own broker site, which refuses one of three sign-ins so that a rejected login can be seen. */
export const demoSite = async (
  env: Env,
  settings: Settings,
  broker: PaperBroker,
): Promise<BrokerSite | null> => {
  if (!env.demo || env.BULENOX_LOGIN_URL !== undefined) return null;
  // Only who serves something pays for loading a server: a bot with a broker of its own starts faster.
  const { startBrokerSite } = await import('./site/server.ts');
  const site = await startBrokerSite({ account: demoAccount, broker, symbol: settings.symbol });
  site.faults.rejectEvery = 3;
  return site;
};

const noBrowser = 'No Chromium or Chrome was found: install one, or say where it is in CHROME_PATH';

/** The way into the broker. Without a browser the demo signs in to its own site over HTTP. */
export const loginOf = (
  env: Env,
  settings: Settings,
  site: BrokerSite | null,
  now: () => number,
  warn: (line: string) => void,
): LoginMethod | BrowserLogin => {
  const credentials = env.demo
    ? demoAccount
    : { username: env.BULENOX_USERNAME ?? '', password: env.BULENOX_PASSWORD ?? '' };
  const executablePath = findBrowser(env.CHROME_PATH);
  if (executablePath === undefined) {
    if (site === null || env.SENTINEL_BROKER === 'web') throw new Error(noBrowser);
    return createHttpLogin(site.url, credentials);
  }
  return createBrowserLogin({
    executablePath,
    credentials,
    url: site === null ? (env.BULENOX_LOGIN_URL ?? bulenox) : `${site.url}/login`,
    profilePath: env.profile,
    environment: readBrowserEnvironment(),
    ...(env.BULENOX_PROFILE_NAME === undefined ? {} : { profileName: env.BULENOX_PROFILE_NAME }),
    headless: env.CHROME_HEADLESS ?? true,
    selectors: env.BULENOX_SELECTORS ?? selectorsSchema.parse(undefined),
    stageTimeoutMs: settings.stageTimeoutMs,
    screenshots: fileIn(env, 'screenshots'),
    now,
    warn,
  });
};

export const brokerOf = (
  env: Env,
  settings: Settings,
  paper: PaperBroker,
  login: LoginMethod,
  site: BrokerSite | null,
): Broker => {
  if (env.SENTINEL_BROKER === 'paper') return paper;
  if (!('page' in login)) throw new Error(noBrowser);
  const { page } = login as BrowserLogin;
  const url = site?.url ?? env.BULENOX_LOGIN_URL ?? bulenox;
  // The demo's own site shows the paper account, at another address each time.
  const account = site === null ? `web ${new URL(url).host}` : paper.account;
  return createWebBroker({ page, url, timeoutMs: settings.stageTimeoutMs, account });
};

export const sourceOf = async (
  env: Env,
  settings: Settings,
  paper: PaperBroker,
  memory: Memory,
  now: () => number,
  warn: (line: string) => void,
): Promise<SignalSource> => {
  switch (settings.signals) {
    case 'demo':
      return createDemoSource(paper.prices, env.SENTINEL_BOT_NAME, now);
    case 'file':
      return createFileSource(env.SIGNAL_FILE_PATH);
    case 'api': {
      const key = env.SIGNAL_API_KEY === undefined ? {} : { key: env.SIGNAL_API_KEY };
      return createHttpSource({ url: env.SIGNAL_API_URL ?? '', ...key, firstSeen: memory.firstSeen.of, now });
    }
    case 'webhook': {
      const { startWebhookSource } = await import('./signals/webhook-source.ts');
      return startWebhookSource({
        host: env.SIGNAL_WEBHOOK_HOST,
        port: env.SIGNAL_WEBHOOK_PORT,
        token: env.SIGNAL_WEBHOOK_TOKEN ?? '',
        inbox: memory.inbox,
        now,
        warn,
      });
    }
  }
};
