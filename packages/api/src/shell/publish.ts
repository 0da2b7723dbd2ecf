import { isoOrNull } from '../core/iso.ts';
import type { LogItem } from '../core/journal-schema.ts';
import type { StatusAnswer } from '../core/status-schema.ts';
import type { BotParts } from './context.ts';
import type { StreamHub } from './stream-hub.ts';

/** What moves by itself with time is no change: the page counts it on. */
const withoutClock = ({ age_seconds, uptime, next_deadline, reason, ...rest }: StatusAnswer) =>
  JSON.stringify(rest);

/** What the log tells apart, as the journal does. */
const logged = ({ health, status, session_active, instance }: StatusAnswer) =>
  JSON.stringify([health, status, session_active, instance]);

/** Sends a bot's status to the streams when it beats, and when time alone changed its health. */
export const publishStatus = ({ watch, status }: BotParts, hub: StreamHub, now: () => number) => {
  const first = status.current().answer;
  let last = withoutClock(first);
  let lastLogged = logged(first);
  const publish = (always: boolean) => {
    const { answer } = status.current();
    const text = withoutClock(answer);
    if (!always && text === last) return;
    last = text;
    const line = logged(answer);
    const entry = line === lastLogged ? [] : [{ event: 'log', data: logItemOf(answer, now()) }];
    lastLogged = line;
    hub.publish(answer.bot, [{ event: 'status', data: answer }, ...entry]);
  };
  watch.onLook(publish);
};

const logItemOf = (answer: StatusAnswer, now: number): LogItem => ({
  id: `${answer.bot}:${now}`,
  bot: answer.bot,
  at: isoOrNull(now) ?? '',
  state: answer.health,
  status: answer.status,
  session_active: answer.session_active,
  instance: answer.instance,
  age_seconds: answer.age_seconds,
});
