import { expect, test } from 'vitest';
import type { Process } from '../../custody/process.ts';
import type { Parts } from './scan.ts';
import { candidateOf } from './writer.ts';

const shell = { pid: 7, group: 7, startedUp: 1000, args: ['bash', 'bot.sh'] } as unknown as Process;

/** A bot that is run as `bash bot.sh`, and beats for the last time at 5 s. */
const candidate = (held: boolean, process = shell) =>
  candidateOf({
    seen: {
      program: { pattern: null, shape: { kind: 'program' } },
      named: () => [],
      kin: () => [],
      get: () => process,
      ownGroup: () => 7,
      searches: true,
      list: () => ({ matches: [process], complete: true }),
    },
    holders: { group: () => ({ group: 7, alive: true, held }) },
    memory: { look: () => ({ sight: { fileUp: 5000 } }) },
  } as unknown as Parts);

test('a shell that runs the script of the command can be the bot once the bot is known to be in its group', () => {
  expect(candidate(false)).toBe(false);
  expect(candidate(true)).toBe(true);
});

test('a shell of another group, and one that began after the beat, are not what has beaten', () => {
  expect(candidate(true, { ...shell, group: 8 })).toBe(false);
  expect(candidate(true, { ...shell, startedUp: 6000 })).toBe(false);
});
