import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeRecords } from '@sentinel/history';
import { startNtfy, startSlackApi } from '@sentinel/tooling-vitest/will-services';
import { expect, onTestFinished, test } from 'vitest';
import { startEveryChannel } from '../src/every-channel.ts';
import { awaited, kills, openVictim } from '../src/killed.ts';

/** For one of these tests, in ms. */
const limitMs = 420_000 + kills(0) * 8000;

/** How far ahead of this machine's clock the service is: it need not be waited for. */
const openService = async (kind: 'ntfy' | 'slack') => {
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const service = await (kind === 'ntfy' ? startNtfy : startSlackApi)({ now });
  onTestFinished(service.close);
  return {
    ...service,
    now,
    wills: () => service.out().filter(({ scheduled }) => scheduled),
    /** Passes over time until this instant. */
    until: (at: number) => {
      aheadMs += Math.max(0, at - now());
    },
  };
};

test.each([
  ['ntfy', 15_000],
  ['slack', 150_000],
] as const)(
  '%s: whenever the power goes, the last will goes out within its horizon, and not before',
  async (kind, horizonMs) => {
    const service = await openService(kind);
    const place = kind === 'ntfy' ? 'ntfy-topic' : 'C0123456789';
    const victim = openVictim(
      {
        LAST_WILL: `${kind}:${service.url}/${place}`,
        LAST_WILL_AFTER: `${horizonMs / 1000}s`,
        SENTINEL_SLACK_TOKEN: 'xoxb-0123456789',
      },
      ['--interval', '1'],
    );
    onTestFinished(victim.clear);
    for (let cut = 1; cut <= kills(3); cut += 1) {
      const [bot, monitor] = [victim.bot(), victim.monitor()];
      // The one before has gone out: without one there nobody could be told.
      await awaited('the will is left', () => service.waiting().length > 0);
      // At any moment: between two renewals, or within one.
      await sleep(Math.random() * 6000);
      expect(service.wills()).toHaveLength(cut - 1);
      await victim.cut(bot, monitor);
      const at = service.now();
      // What was on its way arrives.
      await sleep(50);
      service.until(at + horizonMs + 1000);
      expect(service.wills(), `cut ${cut}`).toHaveLength(cut);
      expect(service.waiting()).toEqual([]);
      expect(service.wills().at(-1)?.text).toMatch(/alpha: \w+, (last heartbeat|no heartbeat known)/);
    }
  },
  limitMs,
);

test(
  'whenever the monitor is killed, no alert is lost on any channel, and what comes twice has the same key',
  async () => {
    const world = await startEveryChannel();
    onTestFinished(world.close);
    const victim = openVictim(world.env, ['--config', 'sentinel.json', '--interval', '1']);
    onTestFinished(victim.clear);
    const bots = [{ name: 'alpha', file: 'logs/alpha.txt' }];
    writeFileSync(join(victim.folder, 'sentinel.json'), JSON.stringify({ channels: world.channels, bots }));
    victim.bot();
    const journal = join(victim.folder, 'logs/sentinel.db');
    const orders = new Map<string, number>();
    /** An alert that says whose it is, in the words of each channel. */
    const order = async () => {
      const by = `mark-${String(orders.size).padStart(4, '0')}x`;
      const given = { bot: 'alpha', at: Date.now(), kind: 'test-alert', by, args: {} };
      orders.set(by, await changeRecords(journal, 5000, (records) => records.addOrder(given)));
    };
    for (let kill = 1; kill <= kills(6); kill += 1) {
      const monitor = victim.monitor();
      await sleep(Math.random() * 1500);
      await order();
      await sleep(Math.random() * 1500);
      await victim.cut(monitor);
    }
    victim.monitor();
    const done = await changeRecords(journal, 5000, () => [...orders]);
    const pending = () =>
      changeRecords(journal, 5000, (records) => {
        const waits = done.some(([, id]) => records.orderResult(id) === null);
        return waits || records.channels().some((channel) => channel.pending > 0);
      });
    // PagerDuty gets one event a second at most: of many kills more waits by now.
    const end = performance.now() + 300_000 + kills(0) * 3000;
    while (await pending()) {
      if (performance.now() > end) throw new Error('not all alerts were delivered in time');
      await sleep(500);
    }
    const results = await changeRecords(journal, 5000, (records) =>
      done.map(([by, id]) => ({ by, result: records.orderResult(id) })),
    );
    const told = results.filter(({ result }) => result === 'done');
    expect(told.length).toBeGreaterThan(0);
    let doubles = 0;
    for (const name of world.names)
      for (const { by } of told) {
        const messages = world.taken(name).filter(({ body }) => body.includes(by));
        expect(messages.length, `${by} on ${name}`).toBeGreaterThan(0);
        // An alarm that is open is repeated to Alertmanager on purpose; its own labels say which one it is.
        expect(new Set(messages.map(({ key }) => key)).size, `the keys of ${by} on ${name}`).toBe(1);
        doubles += messages.length - 1;
      }
    console.log(
      `${kills(6)} kills, ${told.length} alerts on ${world.names.length} channels, ${doubles} came again`,
    );
  },
  limitMs,
);
