import { createHeartbeat } from '@sentinel/heartbeat-core';
import type { BotView } from '../core/bot-view.ts';
import { sameSummary, summaryOf } from '../core/summary.ts';
import { type MonitorClock, monitorClock } from './ports/clock.ts';

/** How often the monitor beats while nothing changes, in ms: each beat is a file written. */
const everyMs = 10_000;

type OwnHeartbeat = {
  /** To be called when work was done, and at no other time: there is no timer here. */
  readonly worked: (views: readonly BotView[]) => void;
  /** Says that this end is planned. */
  readonly stopped: () => void;
};

/** The monitor's own status file: whoever watches the watcher reads it as that of any bot. */
export const createOwnHeartbeat = (
  file: string,
  warn: (line: string) => void,
  clock: Pick<MonitorClock, 'now'> = monitorClock,
): OwnHeartbeat => {
  const heartbeat = createHeartbeat({
    file,
    // Whoever may lay a link there would choose what is replaced.
    followLinks: false,
    onError: ({ code }) => {
      const why = code === 'ENOTFILE' ? 'it is no regular file: move away what is there' : code;
      warn(`The monitor's own status file ${file} cannot be written (${why})`);
    },
  });
  let shown = '';
  let beatAt = Number.NEGATIVE_INFINITY;
  let works = 0;
  return {
    worked: (views) => {
      works += 1;
      const summary = summaryOf(views);
      const now = clock.now();
      if (now - beatAt < everyMs && sameSummary(summary, shown)) return;
      shown = summary;
      beatAt = now;
      heartbeat.update(`✅ Watching ${summary}`, { sessionActive: true, source: 'monitor', progress: works });
    },
    stopped: () =>
      void heartbeat.update('✅ The monitor was stopped', {
        sessionActive: false,
        source: 'monitor',
        stopped: true,
      }),
  };
};
