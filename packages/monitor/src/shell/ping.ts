import { beginningOf, explainFailure, networkFailureOf } from '@sentinel/notify';
import type { BotView } from '../core/bot-view.ts';
import { type LastPing, nextPing, pingAddress } from '../core/next-ping.ts';
import { pingTrouble } from '../core/ping-answer.ts';
import { isInTrouble, worstFirst } from '../core/summary.ts';
import { type MonitorClock, monitorClock } from './ports/clock.ts';

type PingOptions = {
  /** A secret: whoever has it can report in the monitor's name. */
  readonly url: string;
  readonly warn: (line: string) => void;
  /** Default: the global one. Another goes through a proxy. */
  readonly fetch?: (
    url: string,
    init: RequestInit,
  ) => Promise<Pick<Response, 'status' | 'ok' | 'body' | 'headers'>>;
  /** Default: that of this machine. */
  readonly clock?: Pick<MonitorClock, 'now'>;
};

type Ping = {
  readonly started: () => void;
  /** To be called when work was done, and at no other time: there is no timer here. */
  readonly worked: (views: readonly BotView[]) => void;
  /** Resolves when the exit code was told, or could not be. */
  readonly stopped: (exitCode: number) => Promise<void>;
};

const timeoutMs = 5000;
const mostBots = 50;

/** A short log for people who look at the switch. */
const bodyOf = (views: readonly BotView[]): string => {
  const lines = worstFirst(views)
    .slice(0, mostBots)
    .map(({ name, state, reason }) => `${name} ${state}: ${reason}`);
  return [...lines, ...(views.length > mostBots ? [`and ${views.length - mostBots} more`] : [])].join('\n');
};

/** A message may hold the address, a code and a name do not. */
const troubleOf = (error: unknown): string => {
  const failure = networkFailureOf(error);
  if (failure !== null) return explainFailure(failure);
  return `a fault of this program (${error instanceof Error ? error.name : typeof error})`;
};

/** Where an address leads that is only the old form of another: the same host, over TLS or under another path. */
const onwardOf = (from: string, { status, headers }: Pick<Response, 'status' | 'headers'>): string | null => {
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null || !URL.canParse(location, from)) return null;
  const to = new URL(location, from);
  const { hostname, protocol } = new URL(from);
  const isSame = to.hostname === hostname && ['https:', protocol].includes(to.protocol);
  return isSame && to.href !== from ? to.href : null;
};

/**
 * Tells a dead-man's switch, as healthchecks.io and its kin have them, that the monitor works and whether a bot is in
 * trouble. What fails here disturbs nothing: it is logged once, until a ping lands again.
 */
export const createPing = ({ url, warn, fetch: post = fetch, clock = monitorClock }: PingOptions): Ping => {
  const shown = `${new URL(url).origin}/[redacted]`;
  let last: LastPing | null = null;
  let views: readonly BotView[] = [];
  let sending: Promise<void> = Promise.resolve();
  let busy = false;
  let complained: string | null = null;

  const attempt = async (kind: LastPing['kind'] | number, body: string): Promise<string | null> => {
    const signal = AbortSignal.timeout(timeoutMs);
    // A sign-in page that a proxy leads to would be taken for the switch, and it would get what the bots are.
    const ask = (address: string) => post(address, { method: 'POST', body, signal, redirect: 'manual' });
    const address = pingAddress(url, kind);
    const first = await ask(address);
    const onward = onwardOf(address, first);
    const response = onward === null ? first : await ask(onward);
    return pingTrouble({ status: response.status, body: await beginningOf(response) });
  };

  const send = async (kind: LastPing['kind'] | number, body: string) => {
    busy = true;
    const trouble = await attempt(kind, body).catch(troubleOf);
    busy = false;
    if (trouble !== null && trouble !== complained) warn(`The ping to ${shown} failed: ${trouble}`);
    if (trouble === null && complained !== null) warn(`The ping to ${shown} works again`);
    complained = trouble;
  };

  const tell = (kind: LastPing['kind'] | number, body: string) => {
    sending = sending.then(() => send(kind, body));
    return sending;
  };

  return {
    started: () => {
      last = { kind: 'start', at: clock.now() };
      void tell('start', 'The monitor was started');
    },
    worked: (now) => {
      views = now;
      if (busy) return;
      const at = clock.now();
      const kind = nextPing(last, views.some(isInTrouble), at);
      if (kind === null) return;
      last = { kind, at };
      void tell(kind, bodyOf(views));
    },
    // An exit code of 0 would be taken for a bot that is well again.
    stopped: (exitCode) => tell(views.some(isInTrouble) ? 'fail' : exitCode, bodyOf(views)),
  };
};
