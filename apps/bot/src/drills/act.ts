import { setTimeout as sleep } from 'node:timers/promises';
import type { Beat } from '../beat.ts';
import { ofAbort } from '../core/faults.ts';
import { statuses } from '../core/statuses.ts';
import type { BrokerSite } from '../site/server.ts';
import { type Drill, takeDrill } from './command.ts';

type DrillOptions = {
  readonly folder: string;
  readonly beat: Beat;
  /** The demo's own broker site; a real broker is never asked to fail. */
  readonly site: Pick<BrokerSite, 'faults' | 'sessions'> | null;
  /** Forgets the session, as if the broker had ended it. */
  readonly loseSession: () => void;
  readonly now: () => number;
};

// The event loop stands still, as in a bot that waits for a lock for ever: no timer, no signal handler, no beat.
const hang = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
const crash = () => process.kill(process.pid, 'SIGKILL');

/** Carries out the drills that an operator orders, once before each cycle. */
export const createDrills = ({ folder, beat, site, loseSession, now }: DrillOptions) => {
  let errorsUntil = 0;
  let slowUntil = 0;

  const begin = ({ kind, seconds, times }: Drill) => {
    beat(statuses.drill(kind));
    switch (kind) {
      case 'hang':
        return hang();
      case 'crash':
        return void crash();
      case 'login-fails':
        if (site === null)
          throw new Error('The drill login-fails needs the shipped broker site: start the demo');
        site.faults.rejectLogins = times;
        site.sessions.dropAll();
        return loseSession();
      case 'error-loop':
        errorsUntil = now() + seconds * 1000;
        return;
      case 'slow':
        slowUntil = now() + seconds * 1000;
    }
  };

  return async (signal: AbortSignal): Promise<void> => {
    const drill = takeDrill(folder, now());
    if (drill !== null) begin(drill);
    // It beats and gets nothing done: what `progress` is there to show.
    while (now() < slowUntil && !signal.aborted) {
      beat(statuses.drill('slow'));
      await sleep(1000, undefined, { signal }).catch(ofAbort);
    }
    if (now() < errorsUntil) throw new Error('the drill error-loop is on');
  };
};
