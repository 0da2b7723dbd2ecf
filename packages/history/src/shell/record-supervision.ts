import { parseSupervision, type Supervision, type SupervisionRow } from '../core/supervision.ts';

/** Values under keys, as a journal keeps them. */
export type StateRecords = {
  readonly getState: (key: string) => unknown;
  readonly setState: (key: string, value: unknown) => void;
};

/** What monitors say of the bots that they watch, and of themselves. Instants are ms since the epoch. */
export type SupervisionRecords = {
  /** `null`: no monitor has written of this bot, or it has let go of it. */
  readonly supervision: (bot: string) => SupervisionRow | null;
  readonly setSupervision: (bot: string, supervision: Supervision | null) => void;
  /** When this monitor last said that it lives; `null`: never. */
  readonly monitorAliveAt: (monitor: string) => number | null;
  /** The monitor lives at this instant; with `ended` that was its end, on purpose. */
  readonly monitorAlive: (monitor: string, at: number, options?: { readonly ended?: boolean }) => void;
};

const keyOf = (bot: string) => `supervision:${bot}`;

export const supervisionOn = ({ getState, setState }: StateRecords): SupervisionRecords => {
  const monitorAt = (monitor: string, what: 'alive' | 'ended') => getState(`monitor-${what}:${monitor}`);
  return {
    supervision: (bot) => parseSupervision(getState(keyOf(bot)), monitorAt),
    setSupervision: (bot, supervision) => setState(keyOf(bot), supervision),
    monitorAliveAt: (monitor) => {
      const at = monitorAt(monitor, 'alive');
      return typeof at === 'number' ? at : null;
    },
    monitorAlive: (monitor, at, { ended = false } = {}) => {
      setState(`monitor-alive:${monitor}`, Math.round(at));
      if (ended) setState(`monitor-ended:${monitor}`, Math.round(at));
    },
  };
};
