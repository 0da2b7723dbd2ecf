import { inWords } from '@sentinel/heartbeat-core';
import type { CustomNotification } from '@sentinel/notify';
import type { Incident, TellEvent } from './incidents.ts';
import type { Problem } from './problems.ts';
import type { BotRow } from './table.ts';

const mostNamed = 20;

const listOf = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`;

const botWords = ({ name, state, exposure }: BotRow): string =>
  `${name} (${state}${exposure === null ? '' : `; ${exposure}`})`;

/** Bots with something at stake come first: the list may be cut. */
const botsWords = (bots: readonly BotRow[]): string => {
  const staked = [...bots].sort(
    (one, other) => Number(other.exposure !== null) - Number(one.exposure !== null),
  );
  return bots.length === 0 ? 'none known' : listOf(staked.map(botWords));
};

const deafWhy = {
  'no-server': 'No NATS server returns its own messages.',
  'few-servers': 'Less than half of the NATS servers return its own messages.',
  late: 'Its own process did not run in time.',
} as const;

type Words = Pick<CustomNotification, 'bot' | 'text'> & {
  readonly title: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** The title when it is over. */
  readonly over: string;
  /** What is said then. Default: the title. */
  readonly overText?: string;
};

const wordsOf = (problem: Problem, observer: string, silent: readonly string[]): Words => {
  switch (problem.kind) {
    case 'host-down':
      return {
        bot: problem.host,
        title: `Host ${problem.host} is down or cut off`,
        text: `No message from it for ${inWords(problem.silentMs)}. Its bots: ${botsWords(problem.bots)}. Nothing is restarted from here: look at the host, then at open orders and positions.`,
        over: `Host ${problem.host} is there again`,
        overText: 'Its messages arrive. Look at what its bots did meanwhile.',
      };
    case 'host-garbled':
      return {
        bot: problem.host,
        title: `Host ${problem.host} sends what cannot be read`,
        text: `How its bots are is not known: ${problem.why}. Compare the versions of Sentinel, and who may publish for this host.`,
        over: `Host ${problem.host} can be read again`,
      };
    case 'host-twice':
      return {
        bot: problem.host,
        title: `Two agents say that they are host ${problem.host}`,
        text: 'They speak in turn. Give each machine a name of its own (fleet.host), and end a second monitor of the same machine.',
        over: `Only one agent is host ${problem.host}`,
      };
    case 'bot-twice':
      return {
        bot: problem.bot,
        title: `Bot ${problem.bot} runs on ${problem.hosts.length} hosts`,
        text: `It beats on ${listOf(problem.hosts)}: all of them may be trading. End all but one now. If they are different bots, give each a name of its own.`,
        over: `Bot ${problem.bot} runs once`,
      };
    case 'many':
      return {
        bot: 'fleet',
        title: `${problem.silent.length} hosts fell silent at once`,
        text: `So many do not die by themselves: the network or the NATS servers may be to blame, so no single host is said to be down. Silent: ${listOf(problem.silent)}.`,
        over: 'The hosts that fell silent at once are heard again, or are told one by one',
      };
    case 'deaf':
      return {
        bot: 'fleet',
        title: `Observer ${observer} is deaf: it judges no host`,
        text: `${deafWhy[problem.why]} A host that dies now is not told by it.`,
        fields: {
          ...(problem.lost.length === 0 ? {} : { 'Servers lost': listOf(problem.lost) }),
          ...(silent.length === 0 ? {} : { 'Hosts not heard': listOf(silent) }),
        },
        over: `Observer ${observer} hears again`,
      };
  }
};

export const titleOf = (problem: Problem, observer: string): string => wordsOf(problem, observer, []).title;

export const reminderOf = (
  { id, problem, since }: Incident,
  wall: number,
  situation: Situation,
): CustomNotification => {
  const opened = notificationOf({ id, problem }, 'open', situation);
  const text = `Still so after ${inWords(wall - since)}, and nobody has acknowledged it (sentinel fleet ack ${id}).`;
  return { ...opened, text, title: `Reminder: ${opened.title}` };
};

/** What is not known of who else has told it. */
const doubled = ' This alert may be doubled: what the observers share could not be asked.';

type Situation = {
  readonly observer: string;
  /** Hosts that are not heard now. */
  readonly silent: readonly string[];
  readonly mayBeDoubled: boolean;
};

/** What people are told of the beginning or the end of an incident. */
export const notificationOf = (
  { id, problem }: Pick<Incident, 'id' | 'problem'>,
  event: TellEvent,
  { observer, silent, mayBeDoubled }: Situation,
): CustomNotification => {
  const { over, overText = `${over}.`, text, bot, title, fields = {} } = wordsOf(problem, observer, silent);
  const mark = mayBeDoubled ? doubled : '';
  const said =
    event === 'open'
      ? {
          title,
          text: `${text}${mark}`,
          severity: 'critical' as const,
          fields: { ...fields, Observer: observer },
        }
      : {
          ...{ title: over, text: `${overText}${mark}`, severity: 'info' as const },
          ...{ closes: 'incident' as const, ends: 'critical' as const, fields: { Observer: observer } },
        };
  return { kind: 'custom', bot, host: 'host' in problem ? problem.host : observer, incident: id, ...said };
};
