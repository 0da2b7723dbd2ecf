import {
  explainProblem,
  formatLocal,
  type Problem,
  parseStatusFile,
  type StatusRecord,
  writtenStatus,
} from '@sentinel/heartbeat-core';
import { z } from 'zod';

const asInFile = (what: string) => z.unknown().describe(`${what} As in line 3 of the status file.`);

/**
 * A beat as it is sent. Only what every beat has is checked here: the other keys are read by the parser of the status file,
 * so that the same is taken on both ways.
 */
export const postedBeat = z.looseObject({
  status: z
    .string()
    .describe(
      'As line 1 of the status file: an indicator, a space, a message. It is cut at 1,000 characters.',
    ),
  session_active: z.boolean().describe('Whether the broker session is up.'),
  updated_at: asInFile('When the beat was made, with Z or an offset. Default: when it arrived.').optional(),
  started_at: asInFile('When this run of the bot began.').optional(),
  instance: asInFile('An id of this run of the bot.').optional(),
  seq: asInFile('Rises by one with each beat of one instance.').optional(),
  source: asInFile('Who beats.').optional(),
  progress: asInFile('Changes only when real work is done.').optional(),
  pid: asInFile('The process of the bot, on the machine of `boot`: it needs that.').optional(),
  host: asInFile('The name of its machine.').optional(),
  boot: asInFile('The boot id and the pid namespace in which `pid` counts.').optional(),
  stopped: asInFile('This end is planned.').optional(),
  halted: asInFile('Why the bot does not trade, on purpose.').optional(),
  needs_person: asInFile('What a person has to do.').optional(),
  exposure: asInFile('What the bot has at stake.').optional(),
  feeds: asInFile('When each feed last brought something.').optional(),
  expect: asInFile('What should happen by when.').optional(),
});

type PostedBeat = z.infer<typeof postedBeat>;

export const landedBeat = z
  .object({
    bot: z.string(),
    updated_at: z.iso.datetime().describe('When the beat was made, as it counts.'),
  })
  .meta({ id: 'LandedBeat' });

/** The text of the status file that a beat becomes, or why it becomes none. */
type BeatText =
  | { readonly kind: 'text'; readonly text: string; readonly record: StatusRecord }
  | { readonly kind: 'refused'; readonly why: string };

const refused = (why: string): BeatText => ({ kind: 'refused', why });

/** @param now wall-clock time in ms since the epoch: a beat that does not say when it was made was made now. */
export const beatText = ({ status, timestamp, ...details }: PostedBeat, now: number): BeatText => {
  // A local time says nothing here: the bot may run in another zone.
  if (timestamp !== undefined)
    return refused('Expected no timestamp: line 2 is written here. Send updated_at, with Z or an offset');
  // Of which machine would be guessed, and a process that is nobody's bot would be ended for it.
  if (details.pid != null && details.boot == null)
    return refused(
      'Expected boot beside pid, the boot id and pid namespace of its machine. Or leave pid out',
    );
  const updated = { ...details, updated_at: details.updated_at ?? new Date(now).toISOString() };
  const textWith = (line2: string) =>
    `${writtenStatus(status).status}\n${line2}\n${JSON.stringify(updated)}\n`;
  const reading = parseStatusFile(textWith(new Date(now).toISOString()));
  if (reading.kind !== 'beat') return refused(whyNot(reading.problem));
  const line2 = formatLocal(reading.record.updatedAt);
  return { kind: 'text', text: textWith(line2), record: { ...reading.record, timestamp: line2 } };
};

const whyNot = (problem: Problem): string => {
  if (problem.code !== 'bad-field') return explainProblem(problem);
  return `Expected ${problem.field} to be ${problem.expected}, found ${problem.found}`;
};

export type LastBeat = Pick<StatusRecord, 'instance' | 'seq'>;

/** A beat that was on its way for longer than one sent after it says nothing of now. */
export const isOvertaken = (last: LastBeat | undefined, { instance, seq }: LastBeat): boolean =>
  last?.seq !== undefined && seq !== undefined && instance !== undefined && instance === last.instance
    ? seq <= last.seq
    : false;
