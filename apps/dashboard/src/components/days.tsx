import { useState } from 'preact/hooks';
import { dayName } from '../core/clock.ts';
import { dayBar, sumOf, uptimeWords } from '../core/strip.ts';
import type { Uptime } from '../core/wire.ts';
import { RangeChoice } from './range-choice.tsx';
import { Scrubber } from './scrubber.tsx';

const step = 10;
const bar = 7;
const height = 60;

const lengths = { '30 d': 30, '90 d': 90 } as const;
type Length = keyof typeof lengths;

export const Days = ({ uptime, missing }: { uptime: Uptime | null; missing: string }) => {
  const [length, choose] = useState<Length>('90 d');
  const days = (uptime?.days ?? []).slice(-lengths[length]);
  const summary =
    uptime === null ? missing.toLowerCase() : uptimeWords(length === '90 d' ? uptime : sumOf(days));
  return (
    <section class="block" aria-labelledby="quarter">
      {days.length === 0 ? (
        <>
          <h3 id="quarter">Last 90 days</h3>
          <p class="empty">{uptime === null ? missing : 'No history yet. Each day will be a bar here.'}</p>
        </>
      ) : (
        <>
          <Scrubber
            id="quarter"
            title={
              <RangeChoice
                title="Days of the last"
                chosen={length}
                all={Object.keys(lengths) as Length[]}
                choose={choose}
              />
            }
            name={`Uptime of the last ${lengths[length]} days`}
            count={days.length}
            summary={summary}
            text={(index) => {
              const day = days[index];
              return day === undefined ? '' : `${dayName(day.date)}: ${uptimeWords(day)}`;
            }}
            indexAt={(share) => Math.max(0, Math.min(days.length - 1, Math.floor(share * days.length)))}
          >
            {(chosen) => <Bars days={days} chosen={chosen} />}
          </Scrubber>
          <p class="ends" aria-hidden="true">
            <span>{dayName(days[0]?.date ?? '')}</span>
            <span>today</span>
          </p>
        </>
      )}
    </section>
  );
};

const Bars = ({ days, chosen }: { days: Uptime['days']; chosen: number | null }) => (
  <svg
    class="days"
    viewBox={`0 0 ${days.length * step} ${height}`}
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    {days.map(dayBar).map(({ date, up, down, unknown }, index) => (
      <g key={date} class={chosen === index ? 'is-chosen' : ''}>
        <Part kind="healthy" x={index * step} top={down + unknown} share={up} />
        <Part kind="stale" x={index * step} top={unknown} share={down} />
        {unknown === 1 && (
          <rect class="fill-unwatched" x={index * step} width={bar} y={height - 3} height="3" />
        )}
      </g>
    ))}
  </svg>
);

type PartProps = { kind: 'healthy' | 'stale'; x: number; top: number; share: number };

const Part = ({ kind, x, top, share }: PartProps) =>
  share <= 0 ? null : (
    <rect
      class={`fill-${kind}`}
      x={x}
      width={bar}
      y={top * height}
      height={Math.max(0, share * height - (top > 0 ? 1 : 0))}
    />
  );
