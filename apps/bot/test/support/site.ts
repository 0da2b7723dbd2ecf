import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPaperBroker } from '../../src/broker/paper-broker.ts';
import { startBrokerSite } from '../../src/site/server.ts';

export const account = { username: 'trader-jo@example.org', password: 'Correct-Horse&Battery "9"' };

export const tempFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-bot-'));
  return {
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
};

/** The shipped site over a paper account whose price stands still at 50. */
export const startTestSite = async () => {
  const { folder, remove } = tempFolder();
  const broker = createPaperBroker({
    file: join(folder, 'site.db'),
    symbol: 'MCL',
    multiplier: 100,
    series: Array.from({ length: 1000 }, () => 50),
    barMs: 3_600_000,
    costs: { slippageBps: 2, feePerContract: 0.5 },
    now: Date.now,
  });
  const site = await startBrokerSite({ account, broker, symbol: 'MCL' });
  const stop = async () => {
    await site.stop();
    broker.close();
    remove();
  };
  return { ...site, broker, stop };
};

export type TestSite = Awaited<ReturnType<typeof startTestSite>>;
