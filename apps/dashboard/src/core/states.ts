/** What a bot's health can be, worst first: a list of bots is summed up by its first. */
export const states = ['down', 'stale', 'stuck', 'unknown', 'degraded', 'stopped', 'healthy'] as const;

export type State = (typeof states)[number];

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
  stopped: { word: 'Stopped', sign: '■', meaning: 'was stopped on purpose' },
  unknown: { word: 'Unknown', sign: '?', meaning: 'gave no heartbeat that can be read' },
  unwatched: { word: 'Not watched', sign: '·', meaning: 'nobody was watching' },
  closed: { word: 'Market closed', sign: '–', meaning: 'no beat was due' },
  lost: { word: 'Connection lost', sign: '⌁', meaning: 'this page does not hear the API' },
  waiting: { word: 'Connecting', sign: '…', meaning: 'this page has not heard the API yet' },
};

const isState = (value: unknown): value is State => states.includes(value as State);

export const asState = (value: unknown): State => (isState(value) ? value : 'unknown');

/** In the strip, a state without a name of ours is time about which nothing is known. */
export const stripState = (value: unknown): StripState =>
  isState(value) || value === 'closed' ? value : 'unwatched';

export const isDown = (state: Face | StripState): boolean =>
  state === 'down' || state === 'stale' || state === 'stuck' || state === 'unknown';

export const worst = (all: readonly State[]): State =>
  states.find((state) => all.includes(state)) ?? 'unknown';
