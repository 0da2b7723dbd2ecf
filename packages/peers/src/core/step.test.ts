import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fleet } from '../../test/fleet.ts';

const names = ['ams', 'fra', 'nyc', 'sgp', 'tyo'];

/** The alerts of one kind about one host. */
const about = (fleet: Fleet, kind: string, host: string) =>
  fleet.told.filter(({ note }) => note.kind === kind && note.bot === host);

describe('a host that dies', () => {
  test.each([3, 5])('is told once, with its bots, within the maximum age and a second: %i hosts', (size) => {
    const fleet = new Fleet(names.slice(0, size));
    fleet.run(60_000);
    fleet.kill('ams');
    const diedAt = fleet.now;
    fleet.run(120_000);
    const [alert, ...more] = about(fleet, 'host-silent', 'ams');
    expect(more).toEqual([]);
    expect(alert?.note).toMatchObject({ finding: 'down', bots: [{ name: 'bot-ams', health: 'healthy' }] });
    expect((alert?.at ?? 0) - diedAt).toBeLessThanOrEqual(21_000);
    expect(fleet.told).toHaveLength(1);
  });

  test('is told to be back once, by the one that told of it', () => {
    const fleet = new Fleet(names.slice(0, 3));
    fleet.run(60_000);
    fleet.kill('nyc');
    fleet.run(60_000);
    fleet.start('nyc');
    fleet.run(60_000);
    expect(fleet.told.map(({ note }) => note.kind)).toEqual(['host-silent', 'host-back']);
    expect(fleet.told[0]?.by).toBe(fleet.told[1]?.by);
    expect(fleet.told[0]?.note.incident).toBe(fleet.told[1]?.note.incident);
  });

  test('for the second time has another incident', () => {
    const fleet = new Fleet(names.slice(0, 3));
    for (let outage = 0; outage < 3; outage += 1) {
      fleet.run(60_000);
      fleet.kill('nyc');
      fleet.run(60_000);
      fleet.start('nyc');
    }
    fleet.run(30_000);
    const alerts = about(fleet, 'host-silent', 'nyc');
    expect(alerts).toHaveLength(3);
    expect(new Set(alerts.map(({ note }) => note.incident)).size).toBe(3);
    expect(about(fleet, 'host-back', 'nyc')).toHaveLength(3);
  });

  test('with the one that would tell is told by the next one', () => {
    const fleet = new Fleet(names);
    fleet.run(60_000);
    fleet.kill('ams');
    fleet.kill('fra');
    fleet.run(120_000);
    expect(about(fleet, 'host-silent', 'ams')).toHaveLength(1);
    expect(about(fleet, 'host-silent', 'fra')).toHaveLength(1);
    expect(fleet.told).toHaveLength(2);
  });
});

describe('two hosts', () => {
  test('without a canary the other one is unreachable, never down', () => {
    const fleet = new Fleet(names.slice(0, 2));
    fleet.run(30_000);
    fleet.kill('fra');
    fleet.run(60_000);
    expect(fleet.told.map(({ note }) => note)).toMatchObject([
      { kind: 'host-silent', bot: 'fra', finding: 'unreachable', observers: ['ams'] },
    ]);
  });

  test('with a canary that answers it is down', () => {
    const fleet = new Fleet(names.slice(0, 2), { canary: true });
    fleet.run(30_000);
    fleet.kill('fra');
    fleet.run(60_000);
    expect(fleet.told.map(({ note }) => note)).toMatchObject([{ finding: 'down', canary: true }]);
  });

  test('the one that is cut off from its canary too is deaf', () => {
    const fleet = new Fleet(names.slice(0, 2), { canary: true });
    fleet.run(30_000);
    fleet.cut(['ams']);
    fleet.run(60_000);
    expect(fleet.told.filter(({ by }) => by === 'ams').map(({ note }) => note.kind)).toEqual(['deaf']);
    expect(about(fleet, 'host-silent', 'ams')).toHaveLength(1);
  });
});

describe('a cut', () => {
  test('of one host: it is deaf, and the others call it down once', () => {
    const fleet = new Fleet(names);
    fleet.run(60_000);
    fleet.cut(['ams']);
    fleet.run(60_000);
    fleet.heal();
    fleet.run(60_000);
    expect(about(fleet, 'deaf', 'ams')).toHaveLength(1);
    expect(about(fleet, 'host-silent', 'ams').map(({ note }) => note)).toMatchObject([{ finding: 'down' }]);
    expect(about(fleet, 'host-back', 'ams')).toHaveLength(1);
    expect(about(fleet, 'hears-again', 'ams')).toHaveLength(1);
    expect(fleet.told).toHaveLength(4);
  });

  test('that is healed path by path: those that are heard last are not called unreachable', () => {
    const fleet = new Fleet(names);
    fleet.run(60_000);
    fleet.cut(['ams']);
    fleet.run(60_000);
    fleet.break('ams', 'sgp');
    fleet.break('ams', 'tyo');
    fleet.cut([]);
    fleet.run(6000);
    fleet.heal();
    fleet.run(60_000);
    for (const host of ['sgp', 'tyo']) expect(about(fleet, 'host-silent', host)).toEqual([]);
    expect(about(fleet, 'host-back', 'ams')).toHaveLength(1);
    expect(fleet.told).toHaveLength(4);
  });

  test('of the minority: both are deaf and call nobody down', () => {
    const fleet = new Fleet(names);
    fleet.run(60_000);
    fleet.cut(['ams', 'fra']);
    fleet.run(60_000);
    for (const { by, note } of fleet.told) if (by === 'ams' || by === 'fra') expect(note.kind).toBe('deaf');
    for (const host of ['nyc', 'sgp', 'tyo']) expect(about(fleet, 'host-silent', host)).toEqual([]);
    expect(about(fleet, 'host-silent', 'ams')).toHaveLength(1);
    expect(about(fleet, 'host-silent', 'fra')).toHaveLength(1);
  });

  test('between two hosts only: each says that the other one is unreachable from it, and nobody is down', () => {
    const fleet = new Fleet(names.slice(0, 3));
    fleet.run(60_000);
    fleet.break('ams', 'fra');
    fleet.run(60_000);
    expect(
      fleet.told.map(({ by, note }) => [by, note.bot, note.kind === 'host-silent' && note.finding]),
    ).toEqual(
      expect.arrayContaining([
        ['ams', 'fra', 'unreachable'],
        ['fra', 'ams', 'unreachable'],
      ]),
    );
    expect(fleet.told).toHaveLength(2);
  });
});

describe('a monitor', () => {
  test('that stands still for thirty seconds calls nobody silent afterwards', () => {
    const fleet = new Fleet(names.slice(0, 3));
    fleet.run(60_000);
    fleet.freeze('ams', 30_000);
    fleet.run(120_000);
    expect(fleet.told.filter(({ by }) => by === 'ams')).toEqual([]);
    // Its machine answers, and it did not work for longer than the maximum age.
    expect(about(fleet, 'host-silent', 'ams').map(({ note }) => note)).toMatchObject([
      { finding: 'unwatched' },
    ]);
    expect(about(fleet, 'host-back', 'ams')).toHaveLength(1);
  });

  test.each(names.slice(0, 4))(
    'that stands still while another host dies tells nothing that was told: %s',
    (frozen) => {
      for (let seed = 0; seed < 20; seed += 1) {
        const fleet = new Fleet(names, { seed, oneByOne: true });
        fleet.run(60_000);
        fleet.freeze(frozen, 30_000);
        fleet.kill('tyo');
        fleet.run(90_000);
        expect(about(fleet, 'host-silent', 'tyo')).toHaveLength(1);
      }
    },
  );

  test('that is started again during an outage tells nothing twice, and still tells its end', () => {
    const fleet = new Fleet(names.slice(0, 3));
    fleet.run(60_000);
    fleet.kill('nyc');
    fleet.run(40_000);
    for (const name of ['ams', 'fra']) {
      fleet.restart(name);
      fleet.run(40_000);
    }
    expect(about(fleet, 'host-silent', 'nyc')).toHaveLength(1);
    fleet.start('nyc');
    fleet.run(60_000);
    expect(about(fleet, 'host-back', 'nyc')).toHaveLength(1);
    expect(fleet.told).toHaveLength(2);
  });

  test.each([2, 8, 14, 19])(
    'that is started again %i s after another host died agrees as soon as it has asked in vain',
    (afterS) => {
      for (let seed = 0; seed < 10; seed += 1) {
        const fleet = new Fleet(names.slice(0, 3), { seed });
        fleet.run(60_000);
        fleet.kill('ams');
        const diedAt = fleet.now;
        fleet.run(afterS * 1000);
        fleet.restart('fra');
        fleet.run(60_000);
        const alerts = about(fleet, 'host-silent', 'ams');
        expect(alerts.map(({ note }) => note)).toMatchObject([{ finding: 'down' }]);
        // It listened for the maximum age before it agreed, once: 39 s.
        expect((alerts[0]?.at ?? 0) - diedAt).toBeLessThanOrEqual(25_000);
      }
    },
  );

  test('that is started again with all others calls nobody down who takes longer to start', () => {
    const fleet = new Fleet(names.slice(0, 3));
    fleet.run(60_000);
    fleet.kill('ams');
    for (const name of ['fra', 'nyc']) fleet.restart(name);
    fleet.run(15_000);
    fleet.start('ams');
    fleet.run(60_000);
    expect(fleet.told).toEqual([]);
  });

  test('that stands still as the first in line is waited for by the next one only: told once', () => {
    for (let seed = 0; seed < 40; seed += 1)
      for (const frozen of ['ams', 'fra', 'nyc', 'sgp']) {
        const fleet = new Fleet(names, { seed });
        fleet.run(60_000);
        fleet.kill('tyo');
        fleet.run(12_000);
        fleet.freeze(frozen, 30_000);
        fleet.run(90_000);
        expect(about(fleet, 'host-silent', 'tyo')).toHaveLength(1);
      }
  });

  test('that is ended just after it told of a death has said what the other one needs: nothing else is told', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const fleet = new Fleet(names.slice(0, 3), { seed });
      fleet.run(60_000);
      fleet.kill('nyc');
      while (fleet.told.length === 0) fleet.run(250);
      fleet.end(fleet.told[0]?.by ?? '');
      fleet.run(15_000);
      expect(fleet.told.map(({ note }) => note)).toMatchObject([{ bot: 'nyc', finding: 'down' }]);
    }
  });

  test('whose whole machine stands still for less than the maximum age is not called down by those that had asked it long before', () => {
    for (let seed = 0; seed < 12; seed += 1)
      for (const name of names) {
        const fleet = new Fleet(names, { seed });
        fleet.run(60_000);
        fleet.stall(name, 17_000);
        fleet.run(60_000);
        expect(fleet.told).toEqual([]);
      }
  });

  test('that was ended on purpose is no alert', () => {
    const fleet = new Fleet(names.slice(0, 3));
    fleet.run(60_000);
    fleet.end('nyc');
    fleet.run(120_000);
    expect(fleet.told).toEqual([]);
  });
});

test('whatever dies and whenever: each death is told once, nobody who lives is called down', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 5 }),
      fc.array(
        fc.record({
          host: fc.nat(4),
          atMs: fc.integer({ min: 100, max: 20_000 }),
          what: fc.constantFrom('kill' as const, 'freeze' as const, 'restart' as const),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      fc.integer({ min: 0, max: 10_000 }),
      (size, faults, seed) => {
        const fleet = new Fleet(names.slice(0, size), { seed });
        fleet.run(40_000);
        const dead: string[] = [];
        for (const { host, atMs, what } of faults) {
          fleet.run(atMs);
          const name = names[host % size] ?? '';
          if (fleet.isDead(name)) continue;
          if (what === 'freeze') fleet.freeze(name, 30_000);
          else if (what === 'restart') fleet.restart(name);
          // One after the other: what dies at once makes the rest deaf.
          else if (dead.length === 0) {
            fleet.kill(name);
            dead.push(name);
          }
        }
        fleet.run(120_000);
        const downs = fleet.told.filter(({ note }) => note.kind === 'host-silent' && note.finding === 'down');
        expect(downs.map(({ note }) => note.bot)).toEqual(
          size > 3 ? dead : downs.map(({ note }) => note.bot),
        );
        for (const { note } of downs) expect(dead).toContain(note.bot);
        expect(new Set(downs.map(({ note }) => note.bot)).size).toBe(downs.length);
        // Among three the only other observer may be the one that stands still.
        for (const host of dead)
          expect(fleet.told.some(({ note }) => note.bot === host || note.kind === 'deaf')).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
