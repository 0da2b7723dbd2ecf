import type { Heartbeat, UpdateOptions } from '@sentinel/heartbeat-core';
import type { Log } from './log.ts';

export type Beat = (status: string, options?: UpdateOptions) => void;

/** Beats of one source (`login`, `loop`, `reporter`), with every secret struck out, and each also a line in the log. */
export const beatAs =
  (heartbeat: Heartbeat, redact: (text: string) => string, log: Log) =>
  (source: string): Beat =>
  (status, options = {}) => {
    const clean = redact(status);
    heartbeat.update(clean, { source, ...options });
    log.info({ beat: clean, source }, clean);
  };

/** The same heartbeat, which also tells systemd of each beat: its watchdog hears of work, and of nothing else. */
export const tellingOf = (heartbeat: Heartbeat, worked: (status: string) => void): Heartbeat => ({
  ...heartbeat,
  update: (status, options) => {
    const outcome = heartbeat.update(status, options);
    worked(status);
    return outcome;
  },
});

/** The same heartbeat, and whether its last word on the session was that there is one. */
export const watchSession = (heartbeat: Heartbeat) => {
  let active = false;
  const update: Heartbeat['update'] = (status, options) => {
    active = (typeof options === 'boolean' ? options : options?.sessionActive) ?? active;
    return heartbeat.update(status, options);
  };
  return { heartbeat: { ...heartbeat, update }, sessionActive: () => active };
};
