import type { UptimeAnswer } from './journal-schema.ts';
import type { Segment } from './segments.ts';
import type { Span, UptimeWindow } from './window.ts';

type Share = { readonly upMs: number; readonly downMs: number; readonly unknownMs: number };

/** How a day, or the part of it that a window holds, was spent, in ms. `date` is the day of UTC. */
export type DayShare = Share & { readonly date: string };

/** Up as a share of what is known, in percent with three decimals; never rounded up to a full 100. */
const percent = ({ upMs, downMs }: Share): number | null =>
  upMs + downMs === 0 ? null : Math.floor((upMs / (upMs + downMs)) * 100_000) / 1000;

const told = (share: Share) => ({
  up_seconds: share.upMs / 1000,
  down_seconds: share.downMs / 1000,
  unknown_seconds: share.unknownMs / 1000,
  uptime_percent: percent(share),
});

const sum = (shares: readonly Share[]): Share =>
  shares.reduce(
    (a, b) => ({
      upMs: a.upMs + b.upMs,
      downMs: a.downMs + b.downMs,
      unknownMs: a.unknownMs + b.unknownMs,
    }),
    { upMs: 0, downMs: 0, unknownMs: 0 },
  );

const minuteMs = 60_000;

/** Writes instants that follow each other: of ten thousand many are of one minute, whose text is made once. */
const createIso = () => {
  let [minute, text] = [Number.NaN, ''];
  return (at: number): string => {
    const ms = Math.trunc(at);
    const of = Math.floor(ms / minuteMs) * minuteMs;
    if (of !== minute) [minute, text] = [of, new Date(of).toISOString().slice(0, -7)];
    const rest = ms - of;
    return `${text}${String(Math.floor(rest / 1000)).padStart(2, '0')}.${String(rest % 1000).padStart(3, '0')}Z`;
  };
};

/** The answer of `GET /api/heartbeat/uptime`. The whole is the sum of its days, so the two never disagree. */
export const uptimeOf = (facts: {
  readonly bot: string;
  readonly window: UptimeWindow;
  readonly span: Span;
  readonly days: readonly DayShare[];
  readonly segments: readonly Segment[];
  readonly warnings: readonly string[];
}): UptimeAnswer => {
  const iso = createIso();
  return {
    bot: facts.bot,
    window: facts.window,
    from: iso(facts.span.from),
    to: iso(facts.span.to),
    ...told(sum(facts.days)),
    days: facts.days.map((day) => ({ date: day.date, ...told(day) })),
    segments: facts.segments.map(({ from, to, state }) => ({ from: iso(from), to: iso(to), state })),
    warnings: [...facts.warnings],
  };
};
