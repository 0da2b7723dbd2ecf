import { once } from 'node:events';
import { demoAccount, paperBroker } from '../compose.ts';
import type { Env } from '../env.ts';
import { settingsOf } from '../settings.ts';
import { startBrokerSite } from './server.ts';

/** Serves the broker site by itself until the process is told to stop, with an account of its own. */
export const serveSite = async (env: Env, port: number, say: (line: string) => void): Promise<void> => {
  const settings = settingsOf(env);
  const broker = paperBroker(env, settings, Date.now, 'site-broker.db');
  const account = env.demo
    ? demoAccount
    : { username: env.BULENOX_USERNAME ?? '', password: env.BULENOX_PASSWORD ?? '' };
  const site = await startBrokerSite({ account, broker, symbol: settings.symbol, port });
  const who = env.demo
    ? `user name ${account.username}, password ${account.password}`
    : 'user name and password as in the settings';
  say(`The practice broker is at ${site.url}/login: ${who}.`);
  await Promise.race(['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => once(process, signal)));
  await site.stop();
  broker.close();
};
