import { oneLine } from '@sentinel/heartbeat-core';
import type { PersonCommand } from './input.ts';
import type { Incident } from './supervisor-state.ts';

/** What a person has said of an incident: somebody has it (`snoozed`: only that reminders are to wait). */
export type Ack = {
  readonly by: string;
  readonly note: string;
  /** When it ends by itself, in ms; `null`: with the incident. */
  readonly until: number | null;
  readonly snoozed: boolean;
};

/** In characters: it goes into a log line and a message. */
const mostNote = 500;
/** A person who has it for longer says so again. */
export const longestAckMinutes = 7 * 24 * 60;

/** What a person writes beside it; empty: nothing. */
export const noteOf = ({ note }: PersonCommand['args']): string =>
  typeof note === 'string' ? oneLine(note.slice(0, mostNote)) : '';

/** What a person's command says; `null`: no length of time that makes sense. A snooze has one. */
export const ackOf = ({ kind, args, by }: PersonCommand, now: number): Ack | null => {
  const snoozed = kind === 'snooze';
  const isOpen = !snoozed && (args.minutes === undefined || args.minutes === null);
  const minutes = Number(args.minutes);
  if (!isOpen && !(minutes > 0 && minutes <= longestAckMinutes)) return null;
  return { by: oneLine(by), note: noteOf(args), until: isOpen ? null : now + minutes * 60_000, snoozed };
};

/** The same incident where an acknowledgement whose time is over counts no more: people are reminded at once. */
export const withoutSpentAck = (incident: Incident, now: number): Incident => {
  const { ack } = incident;
  return ack === null || ack.until === null || now < ack.until
    ? incident
    : { ...incident, ack: null, remindAt: now };
};
