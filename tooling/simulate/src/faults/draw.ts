import { createRandom, type Random } from '../random.ts';
import type { BotSetup, Script } from '../script.ts';
import type { Recipe } from '../world/recipes.ts';
import type { Fault } from './fault.ts';

const minute = 60_000;
type Draw = (random: Random, bot: number) => Fault;

const ofBot =
  (
    kind:
      | 'crash'
      | 'hang'
      | 'stuck'
      | 'error'
      | 'goes-on'
      | 'started-by-hand'
      | 'pid-reused'
      | 'planned-stop',
  ): Draw =>
  (_random, bot) => ({ kind, bot });
const ofFile =
  (
    kind: 'file-removed' | 'file-torn' | 'file-emptied' | 'file-noise' | 'file-restored' | 'file-touched',
  ): Draw =>
  (_random, bot) => ({ kind, bot });
const steps = [-3_600_000, -600_000, -90_000, -20_000, 20_000, 90_000, 600_000, 3_600_000, 86_400_000];
const away = (random: Random) => random.pick([100, 2000, 20_000, 60_000, 200_000]);

type Weighed = readonly (readonly [weight: number, draw: Draw])[];

/** Each with how often it is drawn, by what it befalls. */
const groups = {
  clock: [
    [2, (random) => ({ kind: 'clock-set', byMs: random.pick(steps) })],
    [2, (random) => ({ kind: 'machine-sleeps', ms: random.pick([5000, minute, 8 * 60 * minute]) })],
    [
      1,
      (random, bot) => ({
        kind: 'bot-clock',
        bot,
        aheadMs: random.pick([0, 0, 30_000, 3_600_000, -3_600_000]),
      }),
    ],
  ],
  starts: [
    [
      3,
      (random, bot) => ({ kind: 'slow-start', bot, ms: random.pick([500, 20_000, 39_000, 41_000, 90_000]) }),
    ],
    [3, (random, bot) => ({ kind: 'crashes-again', bot, beats: random.pick([0, 1, 2, null]) })],
    [
      4,
      (random, bot) => ({
        kind: 'command',
        bot,
        outcome: random.pick([
          ...(['works', 'works', 'works', 'fails', 'hangs'] as const),
          ...(['is-not-there', 'starts-two', 'starts-and-fails', 'starts-late'] as const),
        ]),
      }),
    ],
  ],
  bot: [
    [6, ofBot('crash')],
    [6, ofBot('hang')],
    [2, ofBot('stuck')],
    [2, ofBot('error')],
    [6, ofBot('goes-on')],
    [4, ofBot('started-by-hand')],
    [2, ofBot('pid-reused')],
    [2, ofBot('planned-stop')],
    [3, (random, bot) => ({ kind: 'silent', bot, ms: random.pick([20_000, 50_000, 70_000, 130_000]) })],
  ],
  person: [
    [
      6,
      (random, bot) => ({
        kind: 'ordered',
        bot,
        order: random.pick([
          ...(['pause', 'resume', 'resume', 'restart', 'restart', 'reset', 'test-alert'] as const),
          ...(['halt', 'unhalt', 'ack', 'ack', 'snooze', 'note'] as const),
          ...(['stop', 'stop', 'start', 'start'] as const),
        ]),
      }),
    ],
  ],
  file: [
    [2, ofFile('file-removed')],
    [2, ofFile('file-torn')],
    [2, ofFile('file-emptied')],
    [1, ofFile('file-noise')],
    [3, ofFile('file-restored')],
    [2, ofFile('file-touched')],
    [1, (random, bot) => ({ kind: 'file-is-folder', bot, ms: random.pick([5000, 90_000]) })],
    [1, (random, bot) => ({ kind: 'events-lost', bot, ms: random.pick([5000, 5 * minute]) })],
    [
      1,
      (random, bot) => ({
        kind: 'disk',
        bot,
        code: random.pick(['ENOSPC', 'EROFS']),
        ms: random.pick([20_000, 2 * minute]),
      }),
    ],
  ],
  network: [
    [
      7,
      (random) => ({
        kind: 'sink',
        manners: random.pick([
          ...([
            'too-many',
            'fails',
            'a-page',
            'cuts',
            'is-down',
            'is-slow',
            'a-page-200',
            'a-proxy',
            'redirects',
          ] as const),
          ...(['proxy-refuses', 'proxy-refuses-once', 'proxy-is-down', 'proxy-cuts'] as const),
        ]),
        ms: random.pick([2000, 30_000, 3 * minute]),
      }),
    ],
  ],
  journal: [
    [1, () => ({ kind: 'journal-removed' })],
    [1, () => ({ kind: 'journal-log-removed' })],
    [1, () => ({ kind: 'journal-damaged' })],
    [2, (random) => ({ kind: 'journal-locked', ms: random.pick([1000, 20_000, 3 * minute]) })],
    [1, (random) => ({ kind: 'journal-is-folder', ms: random.pick([1000, 60_000]) })],
    [
      2,
      (random) => ({
        kind: 'journal-disk',
        code: random.pick(['ENOSPC', 'EROFS']),
        ms: random.pick([1000, 20_000, 3 * minute]),
      }),
    ],
  ],
  monitor: [
    [2, (random) => ({ kind: 'monitor-frozen', ms: random.pick([3000, 30_000, 2 * minute]) })],
    [1, (random) => ({ kind: 'no-descriptors', ms: random.pick([3000, minute]) })],
    [5, (random) => ({ kind: 'monitor-killed', awayMs: away(random) })],
    [
      6,
      (random) => {
        const of = random.pick(['any', 'any', 'signal', 'command'] as const);
        return {
          kind: 'monitor-killed-within',
          effects: random.between(1, of === 'any' ? 40 : 2),
          when: random.pick(['before', 'after']),
          ...(of === 'any' ? {} : { of }),
          awayMs: away(random),
        };
      },
    ],
    [2, (random) => ({ kind: 'monitor-stopped', awayMs: away(random) })],
    [2, (random) => ({ kind: 'earlier-version', awayMs: away(random) })],
    [1, () => ({ kind: 'second-monitor' })],
  ],
} satisfies Readonly<Record<string, Weighed>>;
const inGroups: readonly Weighed[] = Object.values(groups);
const draws = inGroups.flat();

const drawOf = (random: Random, from: Weighed, bot: number): Fault => {
  let left = random.below(from.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, draw] of from) {
    left -= weight;
    if (left < 0) return draw(random, bot);
  }
  throw new RangeError('no fault was drawn');
};

/** One trouble comes with another: most that was found by chance takes two or three that are of different kinds, and close. */
const drawTogether = (random: Random, bot: number): readonly Fault[] =>
  inGroups.flatMap((group) => (random.chance(0.35) ? [drawOf(random, group, bot)] : []));

/** Faults come in bursts, and then not for minutes. */
const drawGap = (random: Random) =>
  random.chance(0.5) ? random.below(12_000) + random.below(10) / 10 : random.below(150_000);

const recipes: readonly Recipe[] = [
  'in-front',
  'in-front',
  'behind-a-shell',
  'behind-a-shell',
  'daemon',
  'ends-bot',
  'none',
];

const styles: readonly BotSetup['style'][] = [
  ...(['ours', 'ours', 'ours', 'pid-only', 'pid-only', 'no-pid', 'two-lines', 'two-lines'] as const),
  ...(['truncating', 'truncating', 'epoch', 'iso', 'json'] as const),
];
/** Some stories are told in a night in which the clocks of Berlin are put forward, or back. */
const begins = [Date.UTC(2026, 0, 5, 12), Date.UTC(2026, 2, 29, 0, 40), Date.UTC(2026, 9, 25, 0, 40)];

/** Its command stays for as long as the bot runs. */
const isInShell = (recipe: Recipe) => recipe === 'in-front' || recipe === 'behind-a-shell';

const drawBot = (random: Random, index: number, recipe = random.pick(recipes)): BotSetup => ({
  name: `bot${index + 1}`,
  recipe,
  named: random.chance(0.3),
  style: random.pick(styles),
  everyMs: random.pick([5000, 15_000, 25_000]),
  ignoresTerm: random.chance(0.2),
  polite: random.chance(0.3),
  ...(random.chance(0.5) ? { zone: 'Europe/Berlin' } : {}),
  ...(random.chance(0.1) ? { closes: true } : {}),
  ...(random.chance(0.3) ? { escalates: true } : {}),
  ...(isInShell(recipe) && random.chance(0.2) ? { supervise: true } : {}),
});

/** The story of a seed. */
export const drawScript = (seed: number, bots: number, most = 60): Script => {
  const random = createRandom(seed);
  const begin = random.chance(0.7) ? begins[0] : random.pick(begins);
  const setups = Array.from({ length: bots }, (_, index) => drawBot(random, index));
  const faults: Script['faults'][number][] = [];
  let at = 40_000;
  for (let left = random.between(10, most); left > 0; left -= 1) {
    at += drawGap(random);
    const bot = random.below(bots);
    const together = random.chance(0.1) ? drawTogether(random, bot) : [drawOf(random, draws, bot)];
    for (const fault of together) {
      faults.push({ at, fault });
      at += random.below(8000);
    }
  }
  const onlookers = random.chance(0.25) ? { onlookers: true } : {};
  return { seed, ...(begin === undefined ? {} : { begin }), ...onlookers, bots: setups, faults };
};
