import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Now } from '../core/clock.ts';
import { judgeLink } from '../core/link.ts';
import { type Event, initialModel, type Model } from '../core/model.ts';
import { update } from '../core/update.ts';
import { followAddress } from './address.ts';
import type { UptimeWindow } from './api.ts';
import { everySecond, readClock } from './clock.ts';
import { loadDetail, loadIncidents, loadOlder, loadUptime } from './detail.ts';
import { follow } from './follow.ts';
import { pauseUntilUseful } from './page.ts';

export type Sentinel = {
  readonly model: Model;
  readonly now: Now;
  readonly loadOlder: () => void;
  /** Try again after a token was entered. */
  readonly reconnect: () => void;
};

/** The page's one connection to the world: a model that follows the API, and the time. */
export const useSentinel = (recent: UptimeWindow): Sentinel => {
  const [model, dispatch] = useReducer<Model, Event>(update, initialModel);
  const [now, setNow] = useState(readClock);
  const [round, setRound] = useState(0);
  const [opened, setOpened] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    everySecond(setNow, stop.signal);
    followAddress((place) => dispatch({ kind: 'select', ...place }), stop.signal);
    return () => stop.abort();
  }, []);

  useEffect(() => {
    const stop = new AbortController();
    void follow({
      dispatch,
      opened: () => setOpened((count) => count + 1),
      pause: (ms) => pauseUntilUseful(ms, stop.signal),
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [round]);

  const bot = model.selected;
  const loading = { bot: opened === 0 ? null : bot, recent, opened, dispatch };
  useDetail(loading);
  useRetry(model.detail.problem !== null, () => setOpened((count) => count + 1));
  useNewState(loading, model.bots.find(({ status }) => status.bot === bot)?.status.state);

  return {
    model: { ...model, link: judgeLink(model.link, now) },
    now,
    loadOlder: useCallback(() => {
      if (bot !== null && model.detail.logNext !== null) void loadOlder(bot, model.detail.logNext, dispatch);
    }, [bot, model.detail.logNext]),
    reconnect: useCallback(() => {
      dispatch({ kind: 'link', link: { kind: 'connecting', heard: null } });
      setRound((count) => count + 1);
    }, []),
  };
};

type Loading = {
  /** `null`: there is none to load, or no connection has been opened yet. */
  readonly bot: string | null;
  readonly recent: UptimeWindow;
  /** Counts the connections, and the tries: with each one all is loaded anew. */
  readonly opened: number;
  readonly dispatch: (event: Event) => void;
};

/** Loads the detail of the bot that is shown, and its uptime again each minute. */
const useDetail = ({ bot, recent, opened, dispatch }: Loading): void =>
  useEffect(() => {
    if (bot === null) return;
    const stop = new AbortController();
    void loadDetail(bot, recent, dispatch, stop.signal);
    const timer = setInterval(() => void loadUptime(bot, recent, dispatch, stop.signal), 60_000);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [bot, opened, recent]);

/** What could not be loaded is tried again, until it is there. */
const useRetry = (failed: boolean, again: () => void): void =>
  useEffect(() => {
    if (!failed) return;
    const timer = setTimeout(again, 30_000);
    return () => clearTimeout(timer);
  }, [failed]);

/** A change of health is a new segment, and the incident behind it: the journal has them a moment later. */
const useNewState = ({ bot, recent, opened, dispatch }: Loading, state: string | undefined): void => {
  const first = useRef(true);
  useEffect(() => {
    if (bot === null || state === undefined) return;
    if (first.current) {
      first.current = false;
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void loadUptime(bot, recent, dispatch, stop.signal);
      void loadIncidents(bot, dispatch, stop.signal);
    }, 1_500);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [bot, opened, recent, state]);
};
