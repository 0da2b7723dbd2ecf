import { useEffect, useRef, useState } from 'preact/hooks';
import { strip } from '../core/strip.ts';
import type { Uptime } from '../core/wire.ts';
import { keepDay } from '../shell/day.ts';

const width = 1000;

/** The last 24 hours of one bot of many, as a line below its row. The panel says the same in words. */
export const DayBar = ({ bot }: { bot: string }) => {
  const place = useRef<HTMLSpanElement>(null);
  const [uptime, setUptime] = useState<Uptime | null>(null);
  useEffect(() => (place.current === null ? undefined : keepDay(place.current, bot, setUptime)), [bot]);
  return (
    <span class="bot-day" ref={place}>
      {uptime !== null && (
        <svg viewBox={`0 0 ${width} 1`} preserveAspectRatio="none" aria-hidden="true">
          {strip(uptime.segments, uptime.from, uptime.to, null).map(({ x, width: share, state, label }) => (
            <rect
              key={label}
              class={`fill-${state}`}
              x={x * width}
              width={Math.max(6, share * width)}
              height="1"
            />
          ))}
        </svg>
      )}
    </span>
  );
};
