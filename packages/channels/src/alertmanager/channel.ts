import {
  type Alarm,
  type Alert,
  alarmOf,
  type Batch,
  type ChannelKind,
  type Dialect,
  objectIn,
  plainText,
  postJson,
  webhook,
} from '@sentinel/notify';
import type * as Zod from 'zod';
import { outcomeInItsWords } from '../answer.ts';

/** An Alertmanager of Prometheus, which groups, silences and sends on. */
export type AlertmanagerOptions = {
  /** Its address: `http://localhost:9093`. */
  readonly url: string;
  /** A bearer token, where a proxy before it asks for one. A secret. */
  readonly token?: string | undefined;
};

/**
 * An alarm that is not repeated for so long counts as over there, in ms: a monitor that is restarted or upgraded ends none.
 * Alertmanager keeps alarms in memory only, so each is sent again every minute.
 */
const endsAfterMs = 60 * 60_000;
const resendMs = 60_000;

/** It answers with nothing to what it takes, and with a text in quotes or an object to what it does not. */
const dialect: Dialect = {
  whose: "Alertmanager's",
  takes: (text) => text === '',
  refuses: (text) => text.startsWith('"') || objectIn(text)?.message !== undefined,
};

const pascal = (words: string): string =>
  words.replaceAll(/(?:^|[^a-z]+)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Of all that is said of one alarm these are the same: by them Alertmanager knows it. */
const labelsOf = ({ notification, card }: Alert, alarm: Alarm) => {
  const { bot, kind, incident } = notification;
  const topic = alarm.key.startsWith(`${bot}/`) ? alarm.key.slice(bot.length + 1) : null;
  const isIncident = alarm.key === (incident ?? bot);
  const loud = isIncident || topic === 'session-lost' || topic === 'needs-person';
  return {
    alertname: `Sentinel${isIncident ? 'Incident' : pascal(topic ?? kind)}`,
    bot,
    alarm: alarm.key,
    severity: alarm.ends ? (loud ? 'critical' : 'warning') : card.severity,
  };
};

const postableOf = (alert: Alert, alarm: Alarm, now: number) => {
  const { at, card, notification } = alert;
  const isOpen = alarm.state === 'open';
  return {
    labels: labelsOf(alert, alarm),
    annotations: {
      summary: card.title,
      description: plainText({ ...card, title: '' }).trim(),
      ...(notification.host === undefined ? {} : { host: notification.host }),
    },
    ...(isOpen ? { startsAt: new Date(Math.min(at, now)).toISOString() } : {}),
    ...(card.link === undefined ? {} : { generatorURL: card.link }),
    endsAt: new Date(isOpen ? now + endsAfterMs : now).toISOString(),
  };
};

const payloadOf = ({ alerts }: Batch, now: number): readonly object[] => {
  const newest = new Map<string, object>();
  for (const alert of alerts) {
    const alarm = alarmOf(alert.notification, alert.id);
    if (alarm !== null) newest.set(alarm.key, postableOf(alert, alarm, now));
  }
  return [...newest.values()];
};

/** Alertmanager (API v2). It gets alarms and their end; what is open is sent again as long as it is open. */
export const alertmanagerChannel: ChannelKind<AlertmanagerOptions> = {
  kind: 'alertmanager',
  pace: { betweenMs: 1000, mostSingle: 5, mostTogether: 100 },
  resendMs,
  optionsSchema: (z: typeof Zod) => z.strictObject({ url: z.string(), token: z.string().optional() }),
  faultOf: ({ url }) => webhook.faultOf({ url }),
  secrets: ({ url, token }) => (token === undefined ? [url] : [url, token]),
  // It has silences for what somebody has, and these are made there.
  takes: (notification) => !['acknowledged', undefined].includes(alarmOf(notification, '')?.state),
  send: async (batch, key, { options: { url, token }, http, now }) => {
    const address = `${url.replace(/\/+$/, '')}/api/v2/alerts`;
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const answer = await postJson(http, address, key, payloadOf(batch, now), headers);
    return outcomeInItsWords(answer, dialect, 'message', token === undefined ? [] : [token]);
  },
};
