import { setTimeout as sleep } from 'node:timers/promises';
import { startNtfy, startSlackApi } from '@sentinel/tooling-vitest/will-services';
import { expect, onTestFinished, test } from 'vitest';
import { awaited, kills, openVictim } from '../src/killed.ts';

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
      const asked = service.asked();
      const [bot, monitor] = [victim.bot(), victim.monitor()];
      await awaited('the will is left', () => service.asked() > asked);
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
);
