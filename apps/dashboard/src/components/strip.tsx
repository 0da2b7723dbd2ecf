import { shortMoment } from '../core/clock.ts';
import type { StripState } from '../core/states.ts';
import {
  isLong,
  type Range,
  ranges,
  strip,
  stripStart,
  uptimeOfDays,
  uptimeOfStrip,
  uptimeWords,
} from '../core/strip.ts';
import { timeMarks } from '../core/time-marks.ts';
import type { Uptime } from '../core/wire.ts';
import { Legend } from './legend.tsx';
import { RangeChoice } from './range-choice.tsx';
import { Scrubber } from './scrubber.tsx';

/** Height tells states apart beside their colour and pattern. */
const heights: Readonly<Record<StripState, number>> = {
  healthy: 30,
  degraded: 22,
  halted: 22,
  stuck: 22,
  stale: 40,
  down: 40,
  unknown: 14,
  stopped: 8,
  closed: 4,
  unwatched: 3,
};

const width = 1440;

type Props = {
  uptime: Uptime | null;
  /** Something is known of the time before `uptime`. */
  isKnownBefore: boolean;
  missing: string;
  now: number;
  state: StripState | null;
  range: Range;
  choose: (range: Range) => void;
};

export const Strip = ({ uptime, isKnownBefore, missing, now, state, range, choose }: Props) => {
  const segments = uptime?.segments ?? [];
  const from = stripStart(segments, now, ranges[range], isKnownBefore);
  const stretches = strip(
    segments,
    from,
    now,
    state === null || segments.length === 0 ? null : { state, upTo: now },
  );
  const spent = isLong(range)
    ? uptimeOfDays(uptime?.days ?? [], range)
    : uptimeOfStrip(stretches, now - from);
  const summary = uptime === null ? missing.toLowerCase() : uptimeWords(spent);
  return (
    <section class="block" aria-labelledby="day">
      <Scrubber
        id="day"
        title={
          <RangeChoice title="Last" chosen={range} all={Object.keys(ranges) as Range[]} choose={choose} />
        }
        name={`States of the last ${range}`}
        count={stretches.length}
        summary={summary}
        text={(index) => stretches[index]?.label ?? ''}
        indexAt={(share) => stretches.findIndex(({ x, width: size }) => share <= x + size)}
      >
        {(chosen) => (
          <svg class="strip" viewBox={`0 0 ${width} 44`} preserveAspectRatio="none" aria-hidden="true">
            <Patterns />
            {stretches.map(({ x, width: size, state: of, label }, index) => (
              <rect
                key={label}
                class={`fill-${of} ${chosen === index ? 'is-chosen' : ''}`}
                x={x * width}
                width={Math.max(2, size * width)}
                y={42 - heights[of]}
                height={heights[of]}
              />
            ))}
          </svg>
        )}
      </Scrubber>
      <svg class="hours" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
        {timeMarks(from, now, 8).map(({ x, label }) => (
          <path key={label} d={`M${x * 100} 0v5`} />
        ))}
      </svg>
      <p class="ends" aria-hidden="true">
        <span>{shortMoment(from, now)}</span>
        <span>{shortMoment((from + now) / 2, now)}</span>
        <span>now</span>
      </p>
      <Legend states={[...new Set(stretches.map(({ state: of }) => of))]} />
    </section>
  );
};

const Patterns = () => (
  <defs>
    <pattern
      id="hatch-stale"
      width="8"
      height="8"
      patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"
    >
      <rect class="hatch-ground" width="8" height="8" />
      <rect class="hatch-line" width="3" height="8" />
    </pattern>
    <pattern id="hatch-stuck" width="6" height="6" patternUnits="userSpaceOnUse">
      <rect class="hatch-ground" width="6" height="6" />
      <rect class="hatch-line" width="2" height="6" />
    </pattern>
  </defs>
);
