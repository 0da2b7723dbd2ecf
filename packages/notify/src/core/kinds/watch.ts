import { inWords } from '@sentinel/heartbeat-core';
import type { RestartOutlook, WatchNotification } from '../notification.ts';
import { allClear } from './all-clear.ts';
import { botSays } from './bot-says.ts';
import { escalated } from './escalated.ts';
import { critical, endOfCritical, good, info, type Kinds, sentence, warning } from './kind.ts';
import { lookAtIt, outlookDone, outlookNext, outlookText } from './outlook.ts';

const lookOnly =
  "Look at the bot's log and process, and at its network and browser. `sentinel-monitor status` says whether Sentinel restarts it: start it by hand only if not.";

/** In a line of the log the usual goes without saying. */
const outlookAddition = (restart: RestartOutlook | undefined): string =>
  restart === undefined || restart.kind === 'now' || restart.kind === 'not-set-up'
    ? ''
    : `. ${outlookText(restart)}`;

const processOf = ({ pid, host }: { pid: number | null; host: string | null }): string =>
  `process ${pid ?? 'unknown'} on ${host ?? 'an unknown host'}`;

const processesOf = (pids: readonly number[]): string =>
  `processes ${pids.slice(0, -1).join(', ')} and ${pids.at(-1)}`;

const clockText = (aheadMs: number): string =>
  `${inWords(Math.abs(aheadMs))} ${aheadMs < 0 ? 'behind' : 'ahead of'} the monitor's`;

const haltLength = (forMs: number | null): string =>
  forMs === null ? 'until a person ends it' : `for ${inWords(forMs)}`;

const untilWhen = (forMs: number | null): string =>
  forMs === null ? 'until the incident ends' : `for ${inWords(forMs)}`;

export const watchKinds: Kinds<WatchNotification> = {
  unhealthy: {
    rank: critical,
    ofIncident: true,
    line: ({ bot, state, reason, exposure, restart, again }) =>
      `❌ ${bot} is ${state}${again === true ? ' again' : ''}${exposure === undefined ? '' : ` with ${exposure}`}: ${reason}${outlookAddition(restart)}`,
    card: ({ bot, state, reason, restart, again }) => ({
      title: `❌ ${bot} is ${state}${again === true ? ' again' : ''}`,
      text: sentence(reason),
      done: restart === undefined ? undefined : outlookDone(restart),
      next: restart === undefined ? lookAtIt : outlookNext(restart),
    }),
  },
  recovered: {
    rank: endOfCritical,
    ofIncident: true,
    line: ({ bot, outageMs, but }) =>
      `✅ ${bot} has recovered, after ${inWords(outageMs)}${but === undefined ? '' : `. But ${but}`}`,
    card: ({ bot, outageMs, but }) => ({
      title: `✅ ${bot} has recovered`,
      text: `It was not well for ${inWords(outageMs)}.${but === undefined ? '' : ` But ${but}.`}`,
      next:
        but === undefined
          ? 'Nothing to do now. The history shows what happened.'
          : "Look at the bot's log: it sends heartbeats again, and they say that something is wrong.",
    }),
  },
  reminder: {
    rank: critical,
    line: ({ bot, state, openForMs }) => `❌ ${bot} is still ${state}, for ${inWords(openForMs)} now`,
    card: ({ bot, state, openForMs, reason, exhausted, nextReminderInMs }) => ({
      title: `❌ ${bot} is still ${state}`,
      text: `For ${inWords(openForMs)} now.${reason === undefined ? '' : ` ${sentence(reason)}`}`,
      facts: { 'Next reminder in': nextReminderInMs === undefined ? null : inWords(nextReminderInMs) },
      done: exhausted === true ? 'The restart budget is spent: no more restarts.' : undefined,
      next: exhausted === false ? lookOnly : lookAtIt,
    }),
  },
  escalated,
  'session-lost': {
    rank: critical,
    ofIncident: true,
    line: ({ bot }) => `❌ ${bot} has lost its session: it sends heartbeats, but cannot trade`,
    card: ({ bot }) => ({
      title: `❌ ${bot} has lost its session`,
      text: 'It sends heartbeats, but cannot trade.',
      next: "Read in the bot's log why it cannot sign in. A captcha or a second factor needs a person.",
    }),
  },
  'bot-says': botSays,
  'all-clear': allClear,
  'duplicate-instance': {
    rank: critical,
    ofIncident: true,
    line: ({ bot, instances, processes = [] }) => {
      if (processes.length > 0)
        return `❌ ${bot} runs more than once: ${processesOf(processes)}, none of which has started another. End all but one now`;
      const runs = instances.map((run) => `${run.instance} (${processOf(run)})`);
      return `❌ ${bot} runs more than once: ${runs.join(' and ')} beat in turn. End one of them now`;
    },
    card: ({ bot, instances, processes = [] }) => ({
      title: `❌ ${bot} runs more than once`,
      text:
        processes.length > 0
          ? `More than one process is the bot, and none has started another: ${processesOf(processes)}. All may be trading.`
          : 'Two runs beat in turn: both may be trading.',
      facts: instances.map((run) => [`Run ${run.instance}`, processOf(run)]),
      next:
        processes.length > 0
          ? 'End all but one now, and what starts them (a loop, a service). Then look at open orders and positions.'
          : 'End one of them now, then look at open orders and positions.',
    }),
  },
  'clock-skew': {
    rank: warning,
    line: ({ bot, aheadMs }) => `⚠️ ${bot}: its clock is ${clockText(aheadMs)}`,
    card: ({ bot, aheadMs, detail }) => ({
      title: `⚠️ The clock of ${bot} is wrong`,
      text: `It is ${clockText(aheadMs)}. ${detail ?? ''}`.trim(),
      next: 'Synchronize both machines by NTP, and set the same time zone (TZ) for bot and monitor.',
    }),
  },
  paused: {
    rank: info,
    line: ({ bot, forMs, by, reason }) =>
      `⏳ ${bot} is paused for ${inWords(forMs)} by ${by}${reason === '' ? '' : `: ${reason}`}`,
    card: ({ bot, forMs, by, reason }) => ({
      title: `⏳ ${bot} is paused`,
      text: `No alerts and no restarts for ${inWords(forMs)}.`,
      facts: { By: by, Why: reason },
      next: 'The pause ends by itself. `sentinel-monitor resume` ends it earlier.',
    }),
  },
  resumed: {
    rank: info,
    line: ({ bot, by }) => `✅ ${bot}: watching resumed by ${by}`,
    card: ({ bot, by }) => ({ title: `✅ ${bot}: watching resumed`, facts: { By: by } }),
  },
  halted: {
    rank: warning,
    line: ({ bot, forMs, by, reason }) =>
      `⚠️ ${bot} is halted ${haltLength(forMs)} by ${by}${reason === '' ? '' : `: ${reason}`}`,
    card: ({ bot, forMs, by, reason }) => ({
      title: `⚠️ ${bot} is halted`,
      text: `It is not restarted ${haltLength(forMs)}. Sentinel does not stop its trading: the bot or you do that. Alerts continue.`,
      facts: { By: by, Why: reason },
      next: '`sentinel-monitor unhalt` ends the halt.',
    }),
  },
  unhalted: {
    rank: { ...good, reaches: 'warning' },
    line: ({ bot, by }) =>
      `✅ ${bot} is no longer halted${by === undefined ? ': its time is over' : `, by ${by}`}`,
    card: ({ bot, by }) => ({
      title: `✅ ${bot} is no longer halted`,
      text: 'It is restarted again when it is not well.',
      facts: { By: by ?? null },
    }),
  },
  acknowledged: {
    rank: { ...info, reaches: 'critical' },
    ofIncident: true,
    line: ({ bot, by, note, forMs }) =>
      `👤 ${bot}: ${by} has the incident${note === '' ? '' : `: ${note}`}. No reminders ${untilWhen(forMs)}`,
    card: ({ bot, by, note, forMs }) => ({
      title: `👤 ${bot}: somebody has the incident`,
      text: `No reminders ${untilWhen(forMs)}. Restarts go on.`,
      facts: { By: by, Note: note },
      next: 'Nothing, if you are not that person. The end of the incident is reported.',
    }),
  },
  snoozed: {
    rank: { ...info, reaches: 'critical' },
    ofIncident: true,
    line: ({ bot, by, note, forMs }) =>
      `⏳ ${bot}: no reminders ${untilWhen(forMs)}, by ${by}${note === '' ? '' : `: ${note}`}`,
    card: ({ bot, by, note, forMs }) => ({
      title: `⏳ ${bot}: reminders wait`,
      text: `No reminders ${untilWhen(forMs)}. Nobody has said that they have the incident.`,
      facts: { By: by, Note: note },
      next: '`sentinel-monitor ack` says that you have it.',
    }),
  },
  noted: {
    rank: { ...info, reaches: 'critical' },
    ofIncident: true,
    line: ({ bot, by, note }) => `📝 ${bot}: ${by} notes: ${note}`,
    card: ({ bot, by, note }) => ({
      title: `📝 ${bot}: a note on the incident`,
      text: note,
      facts: { By: by },
    }),
  },
  'monitor-was-away': {
    rank: warning,
    line: ({ bot, awayMs }) =>
      `❓ ${bot} was not watched for ${inWords(awayMs)}: what it did in that time is not known`,
    card: ({ bot, awayMs }) => ({
      title: `❓ ${bot} was not watched`,
      text: `For ${inWords(awayMs)} no monitor ran: what the bot did in that time is not known.`,
      next: 'Find out why the monitor did not run. A service that the system restarts prevents this, and an external ping reports it.',
    }),
  },
  test: {
    // Every channel has to prove itself.
    rank: endOfCritical,
    line: ({ bot, by, channel }) =>
      `📢 Test alert for ${bot}${channel === undefined ? '' : ` on ${channel}`}, asked for by ${by}`,
    card: ({ bot, by }) => ({
      title: `✅ Test alert for ${bot}`,
      text: 'Notifications arrive.',
      facts: { 'Asked for by': by },
      next: 'Nothing to do.',
    }),
  },
};
