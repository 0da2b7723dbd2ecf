import { oneLine } from '@sentinel/heartbeat-core';
import type { PersonCommand } from './input.ts';
import { lengthIn, textIn } from './person-args.ts';
import type { Incident } from './supervisor-state.ts';

/** What a person has said of an incident: somebody has it (`snoozed`: only that reminders are to wait). */
export type Ack = {
  readonly by: string;
  readonly note: string;
  /** When it ends by itself, in ms; `null`: with the incident. */
  readonly until: number | null;
  readonly snoozed: boolean;
};

/** A person who has it for longer says so again. */
export const longestAckMinutes = 7 * 24 * 60;

/** What a person's command says; `null`: no length of time that makes sense. A snooze has one. */
export const ackOf = ({ kind, args, by }: PersonCommand, now: number): Ack | null => {
  const snoozed = kind === 'snooze';
  const forMs = lengthIn(args.minutes, longestAckMinutes);
  if (forMs === undefined || (snoozed && forMs === null)) return null;
  return { by: oneLine(by), note: textIn(args.note), until: forMs === null ? null : now + forMs, snoozed };
};

/** The same incident where an acknowledgement whose time is over counts no more: people are reminded at once. */
export const withoutSpentAck = (incident: Incident, now: number): Incident => {
  const { ack } = incident;
  return ack === null || ack.until === null || now < ack.until
    ? incident
    : { ...incident, ack: null, remindAt: now };
};
