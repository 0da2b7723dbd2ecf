import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandShape } from './command-shape.ts';
import { type CustodyFacts, custodyOf } from './custody.ts';
import { adviceFor, explainDoubt } from './explain-custody.ts';
import type { WriterFacts } from './finding.ts';
import type { Process } from './process.ts';

const machine = { boot: 'boot-1', namespace: 'pid:[1]' };
const process = (over: Partial<Process> = {}): Process => ({
  pid: 500,
  parent: 1,
  group: 500,
  uid: 1000,
  startedUp: 10_000,
  mark: 1000,
  terminal: false,
  args: ['python3', 'heartbeat.py'],
  folder: '/srv/bot',
  exe: null,
  environment: {},
  namespace: 'pid:[1]',
  ...over,
});
const writer = (over: Partial<WriterFacts> = {}): WriterFacts => ({
  isLast: true,
  pid: 500,
  host: 'here',
  machine,
  known: null,
  unplaced: false,
  sight: { seenUp: 20_000, fileUp: 19_000 },
  found: process(),
  fits: 'yes',
  namesake: false,
  ...over,
});
const facts = (over: Partial<CustodyFacts> = {}): CustodyFacts => ({
  memory: 'known',
  shape: commandShape('python3 heartbeat.py'),
  commandEndsBot: false,
  commandFailed: false,
  here: { machine, host: 'here', uid: null, group: null },
  owner: 1000,
  ancestors: [1, 77],
  writers: [writer()],
  everBeat: true,
  group: 'none',
  program: {
    matches: [],
    unverified: [],
    otherWords: [],
    complete: true,
    failed: false,
    search: 'open',
    seen: [],
  },
  relics: [],
  lastBeatUp: 30_000,
  laterThanUp: 40_000,
  ...over,
});
const doubtOf = (over: Partial<CustodyFacts>) => {
  const custody = custodyOf(facts(over));
  return custody.kind === 'unknown' ? custody.doubt.kind : custody.kind;
};
const ofWriter = (over: Partial<WriterFacts>) => doubtOf({ writers: [writer(over)] });

const program = (over: Partial<CustodyFacts['program']>) => ({ ...facts().program, ...over });

test.each<[string, Partial<CustodyFacts>, string]>([
  ['for longer than a grace', { program: program({ matches: [process()] }) }, 'never-beat'],
  ['for a moment', { program: program({ matches: [process({ startedUp: 41_000 })] }) }, 'started'],
  ['at home', { program: program({ atHome: [process()] }) }, 'never-beat'],
  [
    'in the group of the command',
    {
      program: program({ matches: [process()] }),
      here: { machine, host: 'here', uid: null, group: 500 },
    },
    'held',
  ],
  [
    'since the command was run, and outside of its group',
    {
      program: program({ matches: [process()] }),
      group: { group: 9, alive: false, startedUp: 9000, held: false, end: 'well' },
    },
    'held',
  ],
])('where no beat has ever come, what has run the program %s: %s', (_words, over, expected) => {
  expect(doubtOf({ writers: [], everBeat: false, ...over })).toBe(expected);
});

const other = [{ process: process(), name: 'ACCOUNT' }];

test.each<[string, Partial<CustodyFacts>, string]>([
  ['is never ended, and nothing is started beside it', {}, 'other-environment'],
  ['gets its time where it has just begun', {}, 'started'],
  [
    'is another bot beside one that is found',
    { program: program({ matches: [process({ pid: 501 })] }) },
    'held',
  ],
  [
    'is another bot where the bot was found by its process',
    { program: program({ search: 'finds', seen: [{ known: { pid: 9, mark: 9 }, alive: false }] }) },
    'gone',
  ],
  ['is another bot where the beats name theirs', { writers: [writer({ found: 'none' })] }, 'gone'],
])('a process of another environment %s', (_words, over, expected) => {
  const otherEnvironment =
    expected === 'started' ? [{ process: process({ startedUp: 41_000 }), name: 'ACCOUNT' }] : other;
  expect(doubtOf({ writers: [], ...over, program: { ...facts(over).program, otherEnvironment } })).toBe(
    expected,
  );
});

test('a command that did not end the bot may be run when that one has ended', () => {
  expect(doubtOf({ commandEndsBot: true, commandFailed: true, writers: [writer({ found: 'none' })] })).toBe(
    'command-ends',
  );
});

test('a process that began before its beat was seen is the bot, and is ended', () => {
  expect(custodyOf(facts())).toEqual({
    kind: 'held',
    targets: [{ kind: 'process', pid: 500, mark: 1000, startedUp: 10_000 }],
  });
});

test.each([
  ['none with that number', { found: 'none' as const }, 'gone'],
  ['one that began after the beat was seen', { found: process({ startedUp: 21_000 }) }, 'gone'],
  [
    'one that began between the file and its first sight',
    { found: process({ startedUp: 19_500 }) },
    'number-in-doubt',
  ],
  ['one with another start than it was known by', { known: { pid: 500, mark: 9 } }, 'gone'],
  [
    'none with that number, and beats that go on',
    { found: 'none' as const, unplaced: true },
    'no-such-process',
  ],
  ['a system that does not answer', { found: 'unknown' as const }, 'not-asked'],
  ['a thread', { found: 'thread' as const }, 'cannot-be-the-bot'],
  ['the first process', { pid: 1, found: process({ pid: 1 }) }, 'cannot-be-the-bot'],
  ['an ancestor of the monitor', { pid: 77, found: process({ pid: 77 }) }, 'cannot-be-the-bot'],
  ['a process of another user than the file', { found: process({ uid: 33 }) }, 'cannot-be-the-bot'],
  ['a shell', { fits: 'a-shell' as const }, 'cannot-be-the-bot'],
  ['another program', { fits: 'another-program' as const }, 'cannot-be-the-bot'],
  ['nothing that says that it is the bot', { fits: 'no-sign' as const }, 'cannot-be-the-bot'],
  ['a place that says that it is the bot', { fits: 'shows-itself' as const }, 'held'],
  [
    'such a place, and a container that has the number too',
    { fits: 'shows-itself' as const, namesake: true },
    'cannot-be-the-bot',
  ],
  ['a process of another pid namespace', { found: process({ namespace: 'pid:[9]' }) }, 'another-namespace'],
  ['another pid namespace', { machine: { ...machine, namespace: 'pid:[9]' } }, 'another-namespace'],
  [
    'another start of this machine, file changed since',
    { machine: { ...machine, boot: 'old' } },
    'another-machine',
  ],
  [
    'another start of this machine, file older than this start',
    { machine: { ...machine, boot: 'old' }, sight: { seenUp: 5, fileUp: -5 } },
    'gone',
  ],
  [
    'another host and another start',
    { host: 'there', machine: { ...machine, boot: 'old' }, sight: { seenUp: 5, fileUp: -5 } },
    'another-machine',
  ],
  ['another name of this machine, the same start', { host: 'there' }, 'held'],
  ['another host that names no start', { host: 'there', machine: null }, 'another-host'],
  ['no host, and the number of the program', { host: undefined, machine: null }, 'held'],
  [
    'no host, and the number of another program',
    { host: undefined, machine: null, fits: 'shows-itself' as const },
    'another-host',
  ],
  [
    'no host, and a number that nothing has',
    { host: undefined, machine: null, found: 'none' as const },
    'another-host',
  ],
  [
    'no host, and the number of the program in another pid namespace',
    { host: undefined, machine: null, found: process({ namespace: 'pid:[9]' }) },
    'another-namespace',
  ],
])('the number of the last beat with %s: %j gives %s', (_words, over, expected) => {
  expect(ofWriter(over)).toBe(expected);
});

const nameless = { writers: [], everBeat: true };

test.each<[words: string, over: Partial<CustodyFacts>, advice: RegExp]>([
  [
    'in a container',
    { program: { ...facts().program, unverified: [process({ namespace: 'pid:[2]' })] } },
    /^Use a restart command/,
  ],
  [
    'with a pattern that is set',
    { setting: { isGiven: true }, program: { ...facts().program, unverified: [process()] } },
    /restart`\. If that is refused, start the bot by hand\.$/,
  ],
  ['with no pattern', { program: { ...facts().program, unverified: [process()] } }, /can make it known\.$/],
])('nobody is told to set what would not help: a match %s', (_words, over, advice) => {
  const custody = custodyOf(facts(over));
  expect(custody.kind === 'unknown' && adviceFor(custody.doubt)).toMatch(advice);
});

test.each([
  ['a match', { matches: [process()] }, 'held'],
  ['a match that began later', { matches: [process({ startedUp: 41_000 })] }, 'started'],
  ['a match that cannot be verified', { unverified: [process()] }, 'unverified-match'],
  ['nothing, in a whole table', {}, 'gone'],
  ['nothing, where processes are hidden', { complete: false }, 'hidden-processes'],
  ['no list at all', { matches: null, complete: false }, 'not-asked'],
  ['nothing, where the system did not answer', { matches: null, failed: true }, 'not-asked'],
  ['nothing, and it was found while it beat', { search: 'finds' as const }, 'gone'],
  ['nothing, and not yet while it beat', { search: 'not-yet' as const }, 'unproven-search'],
  ['nothing, and neither while it beat', { search: 'blind' as const }, 'blind-search'],
  [
    'one that was seen while it beat and is gone',
    { seen: [{ known: { pid: 1, mark: 1 }, alive: false }] },
    'gone',
  ],
])('beats that name nobody, and of its program %s: %j gives %s', (_words, over, expected) => {
  expect(doubtOf({ ...nameless, program: { ...facts().program, ...over } })).toBe(expected);
});

test('absence means nothing where the command does not say what runs', () => {
  expect(doubtOf({ ...nameless, shape: commandShape('./start.sh') })).toBe('no-identity');
  expect(doubtOf({ writers: [], everBeat: false, shape: commandShape('./start.sh') })).toBe('never');
});

test('a journal that cannot be read forbids everything, and so does a command that did not end the bot', () => {
  expect(doubtOf({ memory: 'unknown', everBeat: false })).toBe('memory');
  expect(doubtOf({ commandEndsBot: true, commandFailed: true })).toBe('command-does-not-end');
  expect(doubtOf({ commandEndsBot: true })).toBe('command-ends');
});

test('every run that is known and lives is ended, not that of the last beat only', () => {
  const other = writer({ isLast: false, pid: 501, found: process({ pid: 501, mark: 7 }) });
  expect(custodyOf(facts({ writers: [writer(), other] }))).toMatchObject({
    targets: [{ pid: 500 }, { pid: 501 }],
  });
  // Of a run before nothing but its life counts: its number may have been given to anybody.
  const gone = writer({ isLast: false, pid: 501, host: 'there', machine: null });
  expect(custodyOf(facts({ writers: [writer(), gone] }))).toMatchObject({ kind: 'held' });
});

test('what is in doubt is never ended and nothing is started, whatever else is known', () => {
  const found = fc.constantFrom<WriterFacts['found']>(
    'none',
    'thread',
    'unknown',
    process(),
    process({ uid: 33 }),
  );
  fc.assert(
    fc.property(
      found,
      fc.boolean(),
      fc.boolean(),
      fc.nat(50_000),
      (last, complete, unverified, startedUp) => {
        const custody = custodyOf(
          facts({
            writers: [writer({ found: last })],
            program: {
              matches: [],
              unverified: [],
              otherWords: unverified ? [process({ pid: 900, startedUp })] : [],
              complete,
              failed: false,
              search: 'open',
              seen: [],
            },
          }),
        );
        if (last === 'thread' || last === 'unknown') expect(custody.kind).toBe('unknown');
        if (unverified && startedUp > 30_000) expect(custody.kind).toBe('unknown');
        if (custody.kind === 'unknown') {
          expect(explainDoubt(custody.doubt).length).toBeGreaterThan(10);
          expect(adviceFor(custody.doubt)).toMatch(/\.$/);
        }
      },
    ),
  );
});

test('a system that does not answer allows no first start; one that cannot be asked does', () => {
  const program = { ...facts().program, matches: null, complete: false };
  expect(doubtOf({ writers: [], everBeat: false, program: { ...program, failed: true } })).toBe('not-asked');
  expect(doubtOf({ writers: [], everBeat: false, program })).toBe('never');
});

test('what the bot had started is ended too, after the bot itself is gone', () => {
  const relics = [process({ pid: 501, mark: 9 })];
  expect(custodyOf(facts({ writers: [writer({ found: 'none' })], relics }))).toMatchObject({
    kind: 'held',
    targets: [{ pid: 501, mark: 9 }],
  });
});

test('what is in the group of the restart command is the bot, whoever owned the file before', () => {
  const mine = writer({ found: process({ uid: 0, group: 77 }), fits: 'no-sign' });
  expect(doubtOf({ writers: [mine] })).toBe('cannot-be-the-bot');
  expect(doubtOf({ writers: [mine], here: { ...facts().here, group: 77 } })).toBe('held');
});

test('a monitor that could not start a command ends nothing, and names that before all that follows from it', () => {
  expect(doubtOf({ starved: true })).toBe('no-descriptors');
  expect(doubtOf({ starved: true, memory: 'unknown', shape: commandShape('docker restart bot') })).toBe(
    'no-descriptors',
  );
});

test('what was seen on another machine forbids to end and to start, whatever is found or not found here', () => {
  const elsewhere = { host: 'first' };
  expect(doubtOf({ writers: [], elsewhere })).toBe('seen-elsewhere');
  const matches = [process({ pid: 600 })];
  expect(doubtOf({ writers: [], elsewhere, program: { ...facts().program, matches } })).toBe(
    'seen-elsewhere',
  );
  expect(doubtOf({ writers: [], everBeat: false, group: 'elsewhere' })).toBe('seen-elsewhere');
});
