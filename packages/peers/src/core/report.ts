/** One bot of a host, as that host last said. */
export type BotLine = {
  readonly name: string;
  /** As the API calls it: `healthy`, `stale`. */
  readonly health: string;
  /** What is at stake, in one line; `null`: nothing, or it does not say. */
  readonly exposure: string | null;
};

/**
 * How one host sees another. `up`: its monitor has worked a moment ago. `unsure`: not heard for a while, or not long enough
 * watched. `silent`: nothing came for longer than the maximum age. `unwatched`: its API answers, its monitor does not work.
 * `stopped`: its monitor was ended on purpose. `unknown`: what answers is another host.
 */
export type PeerState = 'up' | 'unsure' | 'silent' | 'unwatched' | 'stopped' | 'unknown';

/** What an open incident says of a host. */
export type Finding = 'unreachable' | 'unwatched' | 'down';

/** One peer in the report of a host. */
export type PeerLine = {
  readonly name: string;
  readonly state: PeerState;
  /** Since its last sign of life; `null`: there was none. */
  readonly silent_seconds: number | null;
  /** Why the last question brought no answer; `null`: it did. */
  readonly reason: string | null;
  /** Asked in vain, and not heard for the maximum age or since this monitor started. */
  readonly in_vain: boolean;
  readonly finding: Finding | null;
  /** The open incident; the same on every host. */
  readonly incident: string | null;
  /** Of a host with an incident: its bots, as they were last. */
  readonly bots: readonly BotLine[];
};

/** An alert that a host has raised. `sent`: a channel has taken it. */
export type ToldLine = { readonly event: string; readonly sent: boolean };

/** What the monitor of a host writes down for its peers; its API hands it on, with the bots. */
export type HostReport = {
  readonly host: string;
  /** This start of the machine; `null`: the system does not say. */
  readonly boot: string | null;
  /** This start of the monitor. */
  readonly run: string;
  /** Rises while the monitor works. */
  readonly round: number;
  /** Rises with each outage that the host has learned of: no two of them have one id. */
  readonly epoch: number;
  /** The monitor was ended on purpose. */
  readonly stopped: boolean;
  /** It has channels to tell people through. */
  readonly tells: boolean;
  /** It doubts itself: what it does not hear proves nothing. */
  readonly deaf: boolean;
  readonly peers: readonly PeerLine[];
  readonly told: readonly ToldLine[];
  readonly bots: readonly BotLine[];
};

/** How the row of the journal is called in which a monitor leaves its report. */
export const reportKey = 'peers';
