import { inWords } from '@sentinel/heartbeat-core';
import type { WatchNotification } from '../notification.ts';
import { critical, type Kind, sentence } from './kind.ts';
import { lookAtIt, unlessTold } from './outlook.ts';

type Escalated = WatchNotification & { readonly kind: 'escalated' };

const doneOf = ({ to, command }: Escalated): string => {
  if (to !== undefined) return `The channel ${to} is notified`;
  if (command === 'forgotten')
    return 'The --on-exhausted command is not run: the journal was damaged, and it may have been run in this outage before. Check open orders and positions';
  return command === 'spared'
    ? 'The --on-exhausted command is not run: by the last heartbeat nothing is at stake'
    : `The --on-exhausted command is about to be run. ${unlessTold}`;
};

/** A rung of the ladder: nobody has said that they have the incident. */
export const escalated: Kind<Escalated> = {
  rank: critical,
  ofIncident: true,
  line: (told) =>
    `❌ ${told.bot} is still ${told.state}, for ${inWords(told.openForMs)} now, and nobody has acknowledged it. ${doneOf(told)}`,
  card: (told) => ({
    title: `❌ ${told.bot} is still ${told.state}, and nobody has acknowledged it`,
    text: `For ${inWords(told.openForMs)} now. ${sentence(told.reason)}`,
    done: `${doneOf(told)}.`,
    next: `\`sentinel-monitor ack\` says that you have it: then nobody else is notified. ${lookAtIt}`,
  }),
};
