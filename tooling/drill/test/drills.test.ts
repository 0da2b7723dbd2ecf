import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Drill, Kind } from '../src/drill.ts';
import { drills } from '../src/drills/index.ts';
import { whyNot } from '../src/needs.ts';
import { play } from '../src/play.ts';
import { closingLine, tableOf } from '../src/table.ts';

/** One of each kind, short ones; `pnpm drill` plays all of them, and so do the system tests. */
const oneOfEachKind: Partial<Record<Kind, string>> = {
  seed: 'seed-hung',
  identity: 'pid-names-the-bot',
  ending: 'deaf-bot-is-killed',
  evidence: 'file-removed-pid',
  ends: 'supervised-bot-exits',
  clocks: 'stamp-goes-back',
  journal: 'budget-survives-the-monitor',
  accepted: 'monitor-ended-with-alerts',
  words: 'webhook-500',
  faults: 'typescript-bot-crashes',
};

const named = (name: string): Drill => {
  const found = drills.find((drill) => drill.name === name);
  if (found === undefined) throw new Error(`There is no drill ${name}`);
  return found;
};

describe.concurrent('one drill of each kind', () => {
  for (const name of Object.values(oneOfEachKind)) {
    const drill = named(name);
    test.skipIf(whyNot(drill) !== null)(
      `${drill.name}: ${drill.expects}`,
      async () => {
        const { why, story } = await play(drill);
        expect(why, story).toBeUndefined();
      },
      300_000,
    );
  }
});

test('the page on reliability names every drill, and none that is not there', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/reliability.md'), 'utf8');
  const named = new Set([...page.matchAll(/`([a-z0-9]+(?:-[a-z0-9]+)+)`/g)].map(([, name]) => name));
  const names = drills.map(({ name }) => name);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  expect([...named].filter((name) => name !== 'test-alert' && !names.includes(name ?? ''))).toEqual([]);
});

describe('a drill fails', () => {
  const failing = (run: Drill['run']): Drill => ({ name: 'fails', kind: 'faults', expects: 'nothing', run });

  test('when two bots are alive at once, whatever else holds', async () => {
    const played = await play(
      failing(async (world) => {
        world.python();
        await world.bot();
        await world.bot();
      }),
    );
    expect(played).toMatchObject({
      outcome: 'failed',
      why: expect.stringContaining('2 bots were alive at once'),
    });
    expect(tableOf([played])).toContain('FAILED');
    expect(closingLine([played])).toBe('0 held, 1 failed');
  });

  test('when what it waits for does not come, and when it breaks', async () => {
    const waits = await play(failing((world) => world.until('the moon', () => false, 0.1).then(() => {})));
    expect(waits.why).toBe('not seen within 0.1 s: the moon');
    const breaks = await play(
      failing(async () => {
        throw new TypeError('its own fault');
      }),
    );
    expect(breaks.why).toContain('the drill itself broke: TypeError: its own fault');
  });

  test('no two drills have one name, and each says what it expects', () => {
    const names = drills.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z0-9-]+$/.test(name))).toBe(true);
    expect(drills.length).toBeGreaterThanOrEqual(80);
  });
});
