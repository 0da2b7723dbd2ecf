import { inWords } from '@sentinel/heartbeat-core';
import type { PeerNotification } from '../peer-notification.ts';
import { critical, endOfCritical, good, type Kinds, warning } from './kind.ts';

type Silent = PeerNotification & { readonly kind: 'host-silent' };
type Bots = Silent['bots'];

/** Each of them is a line. */
const mostNamed = 20;

const factsOf = ({ health, exposure }: Bots[number]): string =>
  exposure === null ? health : `${health}, ${exposure}`;

/** The bots of a host, as they were last. */
const botFacts = (bots: Bots) => [
  ...bots.slice(0, mostNamed).map((bot) => [bot.name, factsOf(bot)] as const),
  ['More bots', bots.length > mostNamed ? bots.length - mostNamed : null] as const,
];

const named = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const counted = (bots: Bots): string => {
  const names = bots
    .slice(0, 5)
    .map(({ name, exposure }) => (exposure === null ? name : `${name} (${exposure})`));
  const more = bots.length > 5 ? [`${bots.length - 5} more`] : [];
  return bots.length === 0 ? 'Its bots are not known' : `Its bots: ${named([...names, ...more])}`;
};

const whose = ({ finding, seenBy, observers }: Silent): string => {
  if (finding === 'down') return 'is down';
  if (finding === 'unwatched') return 'is not watched: its monitor does not work';
  return `is unreachable from ${named(observers)}${seenBy.length === 0 ? '' : `, but not from ${named(seenBy)}`}`;
};

const proof = ({ finding, observers, canary, seenBy }: Silent): string => {
  if (finding === 'unwatched') return 'Its API answers: the machine is up.';
  if (finding === 'down')
    return canary
      ? `Only ${named(observers)} watches it, and ${named(observers)} reaches its canary.`
      : `${named(observers)} agree.`;
  return seenBy.length > 0
    ? `${named(seenBy)} hears it: the path between the two is broken.`
    : 'Nobody else was there to say whether the host or the path is broken.';
};

/** Somebody else hears it, or nobody ever has: that is a path, or a setting. */
const isHeard = ({ finding, seenBy, lastHeardAt }: Silent): boolean =>
  finding === 'unreachable' && (seenBy.length > 0 || lastHeardAt === null);
const mark = (note: Silent): string => (isHeard(note) ? '⚠️' : '❌');

const nexts: Readonly<Record<Silent['finding'], string>> = {
  down: 'Look at the machine at its provider, and at open orders and positions at the broker. Its bots may still be trading. Sentinel restarts nothing from here.',
  unwatched:
    'Start the monitor on that host (`sentinel up`, or its service) and read its log: nobody watches the bots there.',
  unreachable: 'Look at the network, and at the machine at its provider. Its bots may still be trading.',
};

export const peerKinds: Kinds<PeerNotification> = {
  'host-silent': {
    // Somebody else hears it: no bot is without a watch.
    rank: (note) => (isHeard(note) ? warning : critical),
    line: (note) =>
      `${mark(note)} The host ${note.bot} ${whose(note)}: ${note.reason}. ${counted(note.bots)}`,
    card: (note) => ({
      title: `${mark(note)} The host ${note.bot} ${whose(note)}`,
      text: `${note.reason}. ${proof(note)}${note.mayDouble === true ? ' Another observer may have reported it too.' : ''}`,
      facts: [
        ['Last heard', note.lastHeardAt === null ? 'never' : { at: note.lastHeardAt }],
        ...botFacts(note.bots),
      ],
      next: nexts[note.finding],
    }),
  },
  'host-back': {
    rank: ({ ends }) => (ends === 'critical' ? endOfCritical : { ...good, reaches: ends }),
    line: ({ bot, outageMs, bots }) =>
      `✅ The host ${bot} is back, after ${inWords(outageMs)}. ${counted(bots)}`,
    card: ({ bot, outageMs, bots }) => ({
      title: `✅ The host ${bot} is back`,
      text: `It was not heard for ${inWords(outageMs)}.`,
      facts: botFacts(bots),
      next: 'See that its bots do what they should: an alert for each of them comes from its own monitor.',
    }),
  },
  deaf: {
    rank: critical,
    line: ({ bot, silent }) =>
      `❌ The monitor on ${bot} is deaf: it hears nothing of ${named(silent)}, and judges none of them`,
    card: ({ bot, silent, canary }) => ({
      title: `❌ The monitor on ${bot} is deaf`,
      text: `It hears nothing of ${named(silent)}. So many at once: the fault may be its own, and it calls none of them down.`,
      facts: {
        'Its canary': canary === 'none' ? 'not set up' : canary === 'works' ? 'answers' : 'does not answer',
      },
      next: `Look at the network of ${bot} first. If that is well, look at ${named(silent)}.`,
    }),
  },
  'hears-again': {
    rank: endOfCritical,
    line: ({ bot, deafMs }) => `✅ The monitor on ${bot} hears its peers again, after ${inWords(deafMs)}`,
    card: ({ bot, deafMs }) => ({
      title: `✅ The monitor on ${bot} hears its peers again`,
      text: `It was deaf for ${inWords(deafMs)}. What is still silent is judged from now on.`,
      next: 'Nothing to do.',
    }),
  },
};
