import { type Card, type CardBody, fact, instant } from '../card.ts';
import type { CommandFacts, IncidentFacts, MonitorNotification } from '../notification.ts';
import { outlookSteps, outlookWords } from '../outlook-words.ts';
import { inWords } from '../words.ts';

const lookAtIt =
  "Look at the bot's log and process, and at its network and browser; start it by hand if it is gone.";

/** Whoever starts it by hand before the next attempt makes two of it. */
const triesAgain =
  "Look at the bot's log, and at its network and browser. Do not start it by hand: Sentinel tries again itself, and there would be two.";

const lookOnly =
  "Look at the bot's log and process, and at its network and browser. `sentinel-monitor status` says whether Sentinel restarts it: start it by hand only if not.";

const afterFailure = (nextInMs: number | null | undefined): string => {
  if (nextInMs === undefined) return lookAtIt;
  return nextInMs === null ? `No more attempts. ${lookAtIt}` : triesAgain;
};

const incident = ({ since, lastStatus }: IncidentFacts): Card['facts'] => [
  ...fact('Since', instant(since)),
  ...fact('Last status', lastStatus),
];

const command = ({ exitCode, signal, output }: CommandFacts): Pick<CardBody, 'facts' | 'output'> => ({
  facts: [...fact('Exit code', exitCode), ...fact('Signal', signal)],
  ...(output === undefined || output.trim() === '' ? {} : { output }),
});

/** What the monitor tells, as cards. */
export const monitorCard = (told: MonitorNotification): CardBody => {
  const { bot } = told;
  switch (told.kind) {
    case 'unhealthy':
      return {
        title: `❌ ${bot} is ${told.state}`,
        what: told.reason,
        facts: incident(told),
        ...(told.restart === undefined ? {} : { done: outlookWords(told.restart) }),
        next: told.next ?? (told.restart === undefined ? lookAtIt : outlookSteps(told.restart, lookAtIt)),
      };
    case 'restart-unsafe':
      return {
        title: `❌ ${bot} is not restarted: that is not safe`,
        what: `${told.why[0]?.toUpperCase()}${told.why.slice(1)}.`,
        facts: incident(told),
        done: 'Nothing was ended and nothing was started.',
        next: told.next ?? told.advice,
      };
    case 'restart-unproven':
      return {
        title: `⚠️ ${bot} beats again`,
        what: `Whether it is the new start of restart ${told.attempt} cannot be told.`,
        facts: incident(told),
        next:
          told.next ??
          'See that only one bot runs. Let its beats name their process (pid), then this is known.',
      };
    case 'recovered':
      return {
        title: `✅ ${bot} has recovered`,
        what: `It was not well for ${inWords(told.outageMs)}.`,
        facts: incident(told),
        next: told.next ?? 'Nothing to do now. See in the history what led to it.',
      };
    case 'reminder':
      return {
        title: `❌ ${bot} is still ${told.state}`,
        what: `For ${inWords(told.openForMs)} now.${told.reason === undefined ? '' : ` ${told.reason}`}`,
        facts: [
          ...incident(told),
          ...fact(
            'Next reminder in',
            told.nextReminderInMs === undefined ? undefined : inWords(told.nextReminderInMs),
          ),
        ],
        ...(told.exhausted === true
          ? { done: 'The restart budget is spent: Sentinel restarts it no more.' }
          : {}),
        next: told.next ?? (told.exhausted === false ? lookOnly : lookAtIt),
      };
    case 'session-lost':
      return {
        title: `❌ ${bot} has lost its session`,
        what: 'It beats, and cannot trade.',
        facts: incident(told),
        next:
          told.next ?? 'See in the log why it cannot sign in; a captcha or a second factor needs a person.',
      };
    case 'duplicate-instance':
      return {
        title: `❌ ${bot} runs more than once`,
        what: 'Two runs beat in turn: both may be trading.',
        facts: told.instances.map(({ instance, pid, host }) => [
          `Run ${instance}`,
          `process ${pid ?? 'unknown'} on ${host ?? 'an unknown host'}`,
        ]),
        next: 'End one of them now, then look at open orders and positions.',
      };
    case 'clock-skew':
      return {
        title: `⚠️ The clock of ${bot} is off`,
        what: `It is ${inWords(Math.abs(told.aheadMs))} ${told.aheadMs < 0 ? 'behind' : 'ahead of'} the monitor's. ${told.detail ?? ''}`.trim(),
        facts: [],
        next: 'Let both machines take their time by NTP, and give bot and monitor the same time zone (TZ).',
      };
    case 'paused':
      return {
        title: `⏳ ${bot} is paused`,
        what: `No alerts and no restarts for ${inWords(told.forMs)}.`,
        facts: [...fact('By', told.by), ...fact('Why', told.reason)],
        next: 'It ends by itself; `sentinel-monitor resume` ends it sooner.',
      };
    case 'resumed':
      return { title: `✅ ${bot} is watched again`, facts: fact('By', told.by) };
    case 'monitor-was-away':
      return {
        title: `❓ ${bot} was not watched`,
        what: `For ${inWords(told.awayMs)} no monitor ran: what the bot did in that time is not known.`,
        facts: [],
        next: 'See why the monitor was down; a service that the system restarts, or an outside ping, would have told.',
      };
    case 'test':
      return {
        title: `✅ Test alert for ${bot}`,
        what: 'Notifications arrive.',
        facts: fact('Asked for by', told.by),
        next: 'Nothing to do.',
      };
    default:
      return restartCard(told);
  }
};

type RestartKind =
  | 'restart-attempted'
  | 'restart-failed'
  | 'restart-verified'
  | 'budget-exhausted'
  | 'last-resort';

const restartCard = (told: Extract<MonitorNotification, { kind: RestartKind }>): CardBody => {
  const { bot } = told;
  switch (told.kind) {
    case 'restart-attempted':
      return {
        title: `🔄 ${bot} is being restarted`,
        what: `Attempt ${told.attempt} of ${told.most}.`,
        facts: [
          ...incident(told),
          ...fact('Time for its first beat', told.graceMs === undefined ? undefined : inWords(told.graceMs)),
        ],
        next: told.next ?? 'Wait: only a beat of the new start proves it.',
      };
    case 'restart-failed': {
      const { facts, ...output } = command(told);
      const again =
        told.nextInMs === undefined || told.nextInMs === null ? undefined : inWords(told.nextInMs);
      const of = told.most === undefined ? '' : ` of ${told.most}`;
      return {
        title: `❌ Restart ${told.attempt}${of} of ${bot} failed`,
        what: told.reason,
        facts: [...incident(told), ...facts, ...fact('Next attempt in', again)],
        ...output,
        next: told.next ?? afterFailure(told.nextInMs),
      };
    }
    case 'restart-verified':
      return {
        title: `✅ ${bot} runs again`,
        what: `Restart ${told.attempt} is proven by a beat of the new start, after ${inWords(told.tookMs)}.`,
        facts: [...incident(told), ...fact('Process', told.pid)],
        next: told.next ?? 'Nothing to do now. See that its session is up.',
      };
    case 'budget-exhausted': {
      const { facts, ...output } = command(told);
      return {
        title: `❌ ${bot} is restarted no more`,
        what: `It was restarted ${told.attempts} times in ${inWords(told.windowMs)} and is still not well.`,
        facts: [...incident(told), ...facts],
        ...output,
        ...(told.lastResort === true
          ? { done: 'The command for this case (`--on-exhausted`) is run now.' }
          : {}),
        next:
          told.next ??
          'A person is needed: see to open orders and positions, mend the bot, then run `sentinel-monitor reset`.',
      };
    }
    case 'last-resort': {
      const { facts, ...output } = command(told);
      return {
        title: told.ok ? `✅ The last command for ${bot} was run` : `❌ The last command for ${bot} failed`,
        what: 'It is the command for a spent restart budget (`--on-exhausted`).',
        facts: [...facts, ...fact('It took', told.tookMs === undefined ? undefined : inWords(told.tookMs))],
        ...output,
        next:
          told.next ??
          (told.ok
            ? 'See at the broker that no order or position is left open.'
            : 'See to open orders and positions yourself, now.'),
      };
    }
  }
};
