import type { Supervision } from '@sentinel/history';
import { gatherMs, type Parts } from './parts.ts';

export const watchNotesOn = ({ store, newest, beginning, monitor }: Parts) => ({
  supervised: (bot: string, supervision: Supervision): void => {
    const written = newest.written(bot);
    const text = JSON.stringify(supervision);
    if (written.supervision === text) return;
    written.supervision = text;
    store.write((records) => records.setSupervision(bot, supervision), { withinMs: gatherMs });
  },
  /** What must be so was not: counted over the life of the journal. */
  checkFailed: (bot: string, what: string, at: number): void =>
    store.write((records) => records.noteFailedCheck(bot, what, at), { withinMs: gatherMs }),
  /** By how much the monitor before found the bot's clock ahead, in ms; `null`: it did not. */
  ahead: (bot: string): number | null => {
    const before = beginning.of(bot);
    return before.kind === 'known' ? before.value.aheadMs : null;
  },
  forget: (bot: string, at: number): void => {
    newest.forget(bot);
    store.write(
      (records) => {
        records.letGo(bot, at);
        const incident = records.currentIncident(bot);
        if (incident === null) return;
        records.noteIncident(incident, { at, kind: 'let-go', text: `${bot} is no longer watched` });
        records.closeIncident(incident, at);
      },
      { withinMs: gatherMs },
    );
  },
  lastAlive: (): number | null => store.transact((records) => records.monitorAliveAt(monitor), null),
  alive: (at: number): void => {
    newest.keepAlive(Math.round(at));
    store.write((records) => records.monitorAlive(monitor, at), { withinMs: gatherMs });
  },
  /** The monitor ends on purpose: who asks a moment later must not be told that it watches. */
  ended: (at: number): void => {
    store.write((records) => records.monitorAlive(monitor, at, { ended: true }));
    store.flush();
  },
});
