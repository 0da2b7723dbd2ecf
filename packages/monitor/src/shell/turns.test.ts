import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const many = Array.from({ length: 20 }, (_, at) => `bot-${at}`);

/** A clock that runs what is due when it is told to go on. */
const testClock = () => {
  let time = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => time,
    after: (ms: number, run: () => void) => {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    goOn: (ms: number) => {
      time += ms;
      const due = timers.filter(({ at }) => at <= time);
      timers = timers.filter(({ at }) => at > time);
      for (const { run } of due) run();
    },
  };
};

test('a few bots are started in one go, the others in the order in which they asked', () => {
  const clock = testClock();
  const turns = createTurns(clock);
  const started: string[] = [];
  const ask = (bot: string) => {
    if (turns.take(bot, () => ask(bot))) started.push(bot);
  };
  many.forEach(ask);
  const perGo = [started.length];
  for (let go = 0; go < 3; go += 1) {
    clock.goOn(20);
    perGo.push(started.length);
  }
  expect(perGo).toEqual([8, 16, 20, 20]);
  expect(started).toEqual(many);
});

test('while more bots are found down the next go waits, at most a second', () => {
  const clock = testClock();
  const turns = createTurns(clock);
  let woken = 0;
  for (let at = 0; at < 99; at += 1) {
    turns.take(`bot-${at}`, () => (woken += 1));
    clock.goOn(10);
  }
  expect(woken).toBe(0);
  clock.goOn(10);
  expect(woken).toBe(8);
});

test('a bot that does not ask again when its turn comes holds up nobody', () => {
  const clock = testClock();
  const turns = createTurns(clock);
  const woken: string[] = [];
  for (const bot of many) turns.take(bot, () => woken.push(bot));
  clock.goOn(20);
  clock.goOn(1000);
  expect(woken).toEqual(many.slice(8));
});
