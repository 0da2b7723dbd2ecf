import { useEffect, useMemo, useState } from 'preact/hooks';
import { ageDrawing, box } from '../core/age-drawing.ts';
import { ageSeries, sampleNow, sampleOfItem, seriesWords, topOf } from '../core/age-series.ts';
import type { BotView } from '../core/bot-view.ts';
import type { Model } from '../core/model.ts';
import { timeMarks } from '../core/time-marks.ts';
import { ticking } from '../core/words.ts';
import { RangeChoice } from './range-choice.tsx';

type Props = { model: Model; view: BotView; maxAge: number | null; now: number; loadOlder: () => void };

const minuteMs = 60_000;
const lengths = {
  '10 min': 10 * minuteMs,
  '1 h': 60 * minuteMs,
  '6 h': 360 * minuteMs,
  '24 h': 1440 * minuteMs,
};
type Length = keyof typeof lengths;

/** So many entries of the log are loaded for a longer plot. A bot whose status changes all the time has more. */
const mostEntries = 2000;

export const AgePlot = ({ model, view, maxAge, now, loadOlder }: Props) => {
  const [length, choose] = useState<Length>('1 h');
  const { log, logNext } = model.detail;
  const from = now - lengths[length];
  const past = useMemo(() => [...(log ?? []).map(sampleOfItem), ...model.samples], [log, model.samples]);
  const series = ageSeries([...past, ...sampleNow(view, now)], maxAge, from, now);
  const top = topOf(series);
  const oldest = log?.at(-1)?.at ?? now;
  const needsMore = logNext !== null && oldest > from && (log?.length ?? 0) < mostEntries;
  useEffect(() => {
    if (needsMore) loadOlder();
  }, [needsMore, logNext]);

  return (
    <section class="block" aria-labelledby="age">
      <div class="block-head">
        <h3 id="age">
          <RangeChoice
            title="Age of the beat, last"
            chosen={length}
            all={Object.keys(lengths) as Length[]}
            choose={choose}
          />
        </h3>
        {top !== null && (
          <p class="readout" aria-hidden="true">
            at most {ticking(top)}
            {maxAge !== null && `, ${ticking(maxAge)} allowed`}
          </p>
        )}
      </div>
      {top === null ? (
        <p class="empty">No beats recorded in the last {length}.</p>
      ) : (
        <Drawing
          label={seriesWords(series, maxAge, length)}
          drawing={ageDrawing(series, maxAge, from, now)}
          times={timeMarks(from, now, 6)}
        />
      )}
    </section>
  );
};

type DrawingProps = {
  label: string;
  drawing: ReturnType<typeof ageDrawing>;
  times: ReturnType<typeof timeMarks>;
};

const percent = (share: number) => `${share * 100}%`;

/** The marks are placed by percent and the paths are stretched: so it is as wide as its place, and its words are not. */
const Drawing = ({ label, drawing: { line, area, marks, deadline }, times }: DrawingProps) => (
  <div class="plot">
    <svg class="plot-box" role="img" aria-label={label}>
      {marks.map(({ y, label: age }) => (
        <g key={age}>
          <line x1="0" x2="100%" y1={percent(y)} y2={percent(y)} />
          <text x="-8" y={percent(y)} dy="0.35em" text-anchor="end">
            {age}
          </text>
        </g>
      ))}
      {times.map(({ x, label: time }) => (
        <g key={time}>
          <line x1={percent(x)} x2={percent(x)} y1="0" y2="100%" />
          <text x={percent(x)} y="100%" dy="1.4em" text-anchor="middle">
            {time}
          </text>
        </g>
      ))}
      <svg
        viewBox={`0 0 ${box} ${box}`}
        width="100%"
        height="100%"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path class="plot-area" d={area} />
        <path class="plot-line" d={line} />
      </svg>
      {deadline !== null && (
        <line class="plot-deadline" x1="0" x2="100%" y1={percent(deadline)} y2={percent(deadline)} />
      )}
    </svg>
  </div>
);
