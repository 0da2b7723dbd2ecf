import { createCleaner, type HealthState, healthStates, jsonIn, oneLine } from '@sentinel/heartbeat-core';
import * as z from 'zod';

/** More than a message of a host may have, in bytes: a server's own limit is 1 MB. */
export const mostBytes = 512 * 1024;
/** More bots than one host may have. */
export const mostBots = 5000;

const clean = createCleaner();
/** A text that somebody else wrote: of one line, and nothing in it steers a terminal. */
export const text = (most: number) =>
  z
    .string()
    .max(most)
    .transform((words) => oneLine(clean(words)));
const textOrNull = (most: number) =>
  text(most)
    .nullish()
    .transform((words) => words ?? null);

/** What a value is by a schema; `null`: it is none. */
export const readBy =
  <Value>(schema: z.ZodType<Value>) =>
  (given: unknown): Value | null => {
    const read = schema.safeParse(given);
    return read.success ? read.data : null;
  };
const states = Object.keys(healthStates) as [HealthState, ...HealthState[]];
const name = text(200).refine((given) => given.trim() !== '');
const count = z.int().positive();

export const botSchema = z.object({
  name,
  /** A state of a later version is one that is not known here. */
  state: z.enum(states).catch('unknown'),
  /** Age of the bot's last beat when the message was made, in ms; `null` without a beat. */
  ageMs: z.number().nonnegative().nullable().catch(null),
  /** What the bot has at stake, in words. */
  exposure: textOrNull(500),
  reason: textOrNull(500),
});

/**
 * What an agent says of one bot. A message without all of its bots has those that differ from the last whole message.
 */
export type BotFacts = z.output<typeof botSchema>;

const hostSchema = z.object({
  v: z.literal(1),
  /** This start of the machine. */
  boot: text(100),
  /** This start of the agent. */
  life: text(100),
  /** Rises by one with each message of a life, from 1. */
  n: count,
  /** The number of the last message with all bots; this one where it is `n`. */
  whole: count,
  /** Version of the agent, for people. */
  version: textOrNull(40),
  bots: z.array(z.unknown()).max(mostBots),
  /** Bots that are no longer watched there since the last whole message. */
  gone: z.array(name).max(mostBots).catch([]),
});

export type HostMessage = Omit<z.output<typeof hostSchema>, 'v' | 'bots'> & {
  readonly bots: readonly BotFacts[];
};

/** A message, or why it is none. */
export type Heard =
  | { readonly kind: 'message'; readonly message: HostMessage }
  | { readonly kind: 'garbled'; readonly why: string };

const garbled = (why: string): Heard => ({ kind: 'garbled', why });

const unknownBot = (called: string): BotFacts => ({
  name: called,
  state: 'unknown',
  ageMs: null,
  exposure: null,
  reason: 'what its host says of it cannot be read',
});

/** A bot that cannot be read is unknown; one without even a name is left out, and so it changes no other one. */
const botOf = (given: unknown): readonly BotFacts[] => {
  const read = botSchema.safeParse(given);
  if (read.success) return [read.data];
  const called = z.object({ name }).safeParse(given);
  return called.success ? [unknownBot(called.data.name)] : [];
};

/** Reads what came on the subject of a host. Nothing in it can hurt: texts are cleaned, numbers and lengths bounded. */
export const readMessage = (bytes: Uint8Array): Heard => {
  if (bytes.length > mostBytes) return garbled(`it has ${bytes.length} bytes, more than ${mostBytes}`);
  const read = hostSchema.safeParse(jsonIn(new TextDecoder().decode(bytes)));
  if (!read.success) {
    const [issue] = read.error.issues;
    return garbled(
      issue?.path.length ? `${issue.path.join('.')} is not as expected` : 'it is no message of an agent',
    );
  }
  const { v: _, bots, ...host } = read.data;
  if (host.whole > host.n) return garbled('whole is higher than n');
  return { kind: 'message', message: { ...host, bots: bots.flatMap(botOf) } };
};

export const formatMessage = (message: HostMessage): string => JSON.stringify({ v: 1, ...message });
