import type { Supervision } from '@sentinel/history';
import { gatherMs, type Parts } from './parts.ts';

/** What this monitor says of itself, and of the bots that it watches. */
export type SupervisionJournal = {
  readonly supervised: (bot: string, supervision: Supervision) => void;
  /** By how much the monitor before found the bot's clock ahead, in ms; `null`: it did not. */
  readonly ahead: (bot: string) => number | null;
  readonly forget: (bot: string, at: number) => void;
  readonly lastAlive: () => number | null;
  readonly alive: (at: number) => void;
  /** The monitor ends on purpose: who asks a moment later must not be told that it watches. */
  readonly ended: (at: number) => void;
};

/** @param forgetBot lets go of what is remembered of a bot. */
export const supervisionOn = ({ store, newest, monitor }: Parts, forgetBot: (bot: string) => void) => {
  const said = new Map<string, string>();
  const supervision: SupervisionJournal = {
    supervised: (bot, supervision) => {
      const text = JSON.stringify(supervision);
      if (said.get(bot) === text) return;
      said.set(bot, text);
      newest.keep(bot, 'supervision', supervision);
      store.write((records) => records.setSupervision(bot, supervision), { withinMs: gatherMs });
    },
    ahead: (bot) => store.transact((records) => records.supervision(bot)?.aheadMs ?? null, null),
    forget: (bot, at) => {
      forgetBot(bot);
      store.write(
        (records) => {
          records.setSupervision(bot, null);
          const incident = records.currentIncident(bot);
          if (incident !== null) records.closeIncident(incident, at);
        },
        { withinMs: gatherMs },
      );
    },
    lastAlive: () => store.transact((records) => records.monitorAliveAt(monitor), null),
    alive: (at) => {
      newest.keepAlive(Math.round(at));
      store.write((records) => records.monitorAlive(monitor, at), { withinMs: gatherMs });
    },
    ended: (at) => {
      store.write((records) => records.monitorAlive(monitor, at, { ended: true }));
      store.flush();
    },
  };
  /** What is said next is written, whatever was said before. */
  return { supervision, forgetSaid: (bot: string) => void said.delete(bot) };
};
