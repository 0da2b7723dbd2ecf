import { compareStates, type HealthState, isBad, isHealthState } from '@sentinel/heartbeat-core/browser';

export type State = HealthState;

/** The strip of a day also knows time in which nobody watched, and in which the market was closed. */
export type StripState = State | 'unwatched' | 'closed';

/** `lost` is the page's own: it cannot say what the bot does, because it does not hear the API. */
export type Face = State | 'lost' | 'waiting';

type Look = {
  readonly word: string;
  /** Stands for the state where only text can: the tab's title. */
  readonly sign: string;
  readonly meaning: string;
};

export const looks: Readonly<Record<Face | StripState, Look>> = {
  healthy: { word: 'Healthy', sign: '✓', meaning: 'beats on time' },
  degraded: { word: 'Degraded', sign: '!', meaning: 'beats, and reports an error itself' },
  stuck: { word: 'Stuck', sign: '‖', meaning: 'beats, and does no work' },
  stale: { word: 'Stale', sign: '✕', meaning: 'has not beaten in time' },
  down: { word: 'Down', sign: '✕', meaning: 'its process is gone' },
  halted: { word: 'Halted', sign: '‖', meaning: 'lives, and does not trade on purpose' },
  stopped: { word: 'Stopped', sign: '■', meaning: 'was stopped on purpose' },
  unknown: { word: 'Unknown', sign: '?', meaning: 'gave no heartbeat that can be read' },
  unwatched: { word: 'Not watched', sign: '·', meaning: 'nobody was watching' },
  closed: { word: 'Market closed', sign: '–', meaning: 'no beat was due' },
  lost: { word: 'Connection lost', sign: '⌁', meaning: 'this page does not hear the API' },
  waiting: { word: 'Connecting', sign: '…', meaning: 'this page has not heard the API yet' },
};

export const asState = (value: unknown): State => (isHealthState(value) ? value : 'unknown');

/** In the strip, a state without a name of ours is time about which nothing is known. */
export const stripState = (value: unknown): StripState =>
  isHealthState(value) || value === 'closed' ? value : 'unwatched';

export const isDown = (state: Face | StripState): boolean => isHealthState(state) && isBad(state);

/** The state of several bots is that of the worst. */
export const worst = (all: readonly State[]): State => [...all].sort(compareStates)[0] ?? 'unknown';
