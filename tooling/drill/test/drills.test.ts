import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Drill, type Kind, kinds } from '../src/drill.ts';
import { drills } from '../src/drills/index.ts';
import { whyNot } from '../src/needs.ts';
import { withTables } from '../src/page.ts';
import { play } from '../src/play.ts';
import { closingLine, tableOf } from '../src/table.ts';
import { doubledAmong } from '../src/world/figures.ts';

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

describe('the page with the figures', () => {
  const drill = named('seed-hung');
  const figures = { toAlert: 5.94, most: 1, lost: 0, doubled: 0 };
  const page = [
    'above',
    '<!-- drills: written by pnpm drill --write -->',
    '### seed: before',
    '| `seed-hung` | before | held | 1.0 | 1 | 0 | 0 |',
    '### identity: as it was',
    '| `first-start` | as it was |',
    '<!-- end of drills -->',
    'after',
  ].join('\n\n');

  test('gets those of the kinds that were played, and keeps the others', () => {
    const written = withTables(page, [{ drill, outcome: 'held', seconds: 9, figures }]);
    expect(written).toContain(`| \`seed-hung\` | ${drill.expects} | held | 5.9 | 1 | 0 | 0 |`);
    expect(written).toContain('### identity: as it was\n\n| `first-start` | as it was |');
    expect(written).toMatch(/^above\n[\s\S]*\nafter$/);
    expect(written).not.toContain('before |');
  });

  test('keeps what this machine cannot play', () => {
    const written = withTables(page, [{ drill, outcome: 'skipped', why: 'no engine', seconds: 0 }]);
    expect(written).toContain('| `seed-hung` | before | held | 1.0 | 1 | 0 | 0 |');
  });

  test('in the documentation holds for every drill', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/operation/drill.md'), 'utf8');
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    const ofDrill = (name: string) => rows.find((row) => row.startsWith(`| \`${name}\` |`)) ?? '';
    expect(drills.filter(({ name }) => !ofDrill(name).includes('| held |')).map(({ name }) => name)).toEqual(
      [],
    );
    for (const [kind, meaning] of Object.entries(kinds)) expect(text).toContain(`### ${kind}: ${meaning}`);
  });
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

  test('when a message is taken twice, but for the last one before a monitor was killed', () => {
    const post = (at: number, key: string | null) => ({ at, key, text: '', taken: true });
    const twice = [post(1, 'a'), post(2, 'b'), post(3, null), post(5, 'b'), post(6, 'c')];
    expect(doubledAmong(twice, [])).toBe(1);
    expect(doubledAmong(twice.toSpliced(2, 1), [4])).toBe(0);
    expect(doubledAmong(twice, [1.5])).toBe(1);
    expect(doubledAmong([...twice.toSpliced(2, 1), post(7, 'b')], [4])).toBe(1);
    expect(doubledAmong([post(1, 'a'), post(2, 'a')], [0])).toBe(1);
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
