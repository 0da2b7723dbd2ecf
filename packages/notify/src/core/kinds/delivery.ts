import { inWords } from '@sentinel/heartbeat-core';
import { journalAdvice } from '@sentinel/history';
import type { DeliveryNotification } from '../notification.ts';
import { critical, good, type Kinds, warning } from './kind.ts';

const journalText = {
  'set-aside': {
    title: '⚠️ The journal was damaged',
    text: 'It was moved aside, and a new journal was started. Watching continues, the history starts again.',
    next: 'Look at the disk. The old file is kept; delete it when nobody needs it.',
  },
  removed: {
    title: '⚠️ The journal was removed',
    text: 'It was removed or replaced while it was in use: its history is lost. Watching continues. State, open incidents and waiting alerts are in a new journal.',
    next: 'Find out who removes files there. If the old file still exists, keep it: it contains the history.',
  },
  unusable: {
    title: '⚠️ The journal cannot be used',
    text: 'Watching and alerts continue. History and state are not kept: the monitor loses them if it ends.',
  },
  'usable-again': { title: '✅ The journal can be used again', next: 'Nothing to do.' },
} as const;

/** A person has moved it away, and knows of it. */
const wasSetAside = {
  title: '⚠️ The journal was set aside',
  text: 'It was moved to another name while it was in use, as `sentinel-monitor reset --set-aside` does. A new journal was started. Watching continues. State, open incidents and waiting alerts are in it.',
  next: 'Keep the old file while somebody needs its history.',
} as const;

export const deliveryKinds: Kinds<DeliveryNotification> = {
  'journal-trouble': {
    rank: ({ trouble }) => (trouble === 'usable-again' ? good : warning),
    line: ({ bot, trouble, file, keptAs, reason }) => {
      if (trouble === 'usable-again') return `✅ ${bot}: the journal ${file} can be used again`;
      if (trouble === 'removed' && keptAs !== undefined)
        return `⚠️ ${bot}: the journal ${file} was set aside while it was in use, as ${keptAs}: a new journal was started`;
      if (trouble === 'removed')
        return `⚠️ ${bot}: the journal ${file} was removed or replaced while it was in use: its history is lost`;
      const why = reason === undefined ? '' : ` (${reason})`;
      return trouble === 'set-aside'
        ? `⚠️ ${bot}: the journal ${file} was damaged${why}: it was moved to ${keptAs ?? 'another name'}, a new journal was started`
        : `⚠️ ${bot}: the journal ${file} cannot be used${why}: history and state are not kept`;
    },
    card: ({ trouble, file, keptAs, reason, relapses }) => ({
      ...(trouble === 'removed' && keptAs !== undefined ? wasSetAside : journalText[trouble]),
      ...(trouble === 'unusable' ? { next: journalAdvice(reason) } : {}),
      facts: {
        File: file,
        'Kept as': keptAs,
        Why: reason,
        'Failed again meanwhile': relapses === undefined || relapses === 0 ? undefined : `${relapses} times`,
      },
    }),
  },
  'channel-dead': {
    rank: critical,
    line: ({ bot, channel, reason, pending, fallback, askedMs }) =>
      `❌ ${bot}: the notification channel ${channel} ${askedMs === undefined ? 'is dead' : `takes nothing for ${inWords(askedMs)}`} (${reason}), messages that are not sent: ${pending}. ${fallback === undefined ? 'They wait' : `They go to ${fallback}`}`,
    card: ({ channel, reason, pending, fallback, askedMs }) => ({
      title: `❌ The notification channel ${channel} ${askedMs === undefined ? 'is dead' : 'takes nothing now'}`,
      text:
        askedMs === undefined
          ? `It refuses every message (${reason}).`
          : `It asks to be left alone for ${inWords(askedMs)} (${reason}).`,
      facts: { 'Messages that it did not get': pending },
      done: `Its messages ${fallback === undefined ? 'wait' : `go to ${fallback} ${askedMs === undefined ? 'from now on' : 'until then'}`}.`,
      next:
        askedMs !== undefined
          ? 'Nothing: it is used again after that. If this happens often, find out who else sends there.'
          : 'Repair it at the service, or put a new address, token or key into its setting. Then restart: the channel is tried again.',
    }),
  },
};
