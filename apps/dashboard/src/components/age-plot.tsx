import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ageSeries, sampleNow, sampleOfItem, seriesWords, topOf } from '../core/age-series.ts';
import type { BotView } from '../core/bot-view.ts';
import type { Model } from '../core/model.ts';
import { ticking } from '../core/words.ts';
import { type AgeChart, createAgeChart } from '../shell/age-chart.ts';

type Props = { model: Model; view: BotView; maxAge: number | null; now: number };

const hourMs = 3_600_000;

export const AgePlot = ({ model, view, maxAge, now }: Props) => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<AgeChart | null>(null);
  const { log } = model.detail;
  const past = useMemo(() => [...(log ?? []).map(sampleOfItem), ...model.samples], [log, model.samples]);
  const from = now - hourMs;
  const series = ageSeries([...past, ...sampleNow(view, now)], maxAge, from, now);
  const top = topOf(series);
  const empty = top === null;

  useEffect(() => {
    if (place.current === null) return;
    chart.current = createAgeChart(place.current);
    return () => chart.current?.destroy();
  }, []);
  // Once a second and on each change: both are renders.
  useEffect(() => chart.current?.show(series, maxAge, from / 1000, now / 1000));

  return (
    <section class="block" aria-labelledby="age">
      <div class="block-head">
        <h3 id="age">Age of the beat, last hour</h3>
        {top !== null && (
          <p class="readout" aria-hidden="true">
            at most {ticking(top)}
            {maxAge !== null && `, ${ticking(maxAge)} allowed`}
          </p>
        )}
      </div>
      <div
        class={empty ? 'plot is-empty' : 'plot'}
        ref={place}
        role="img"
        aria-label={seriesWords(series, maxAge)}
      />
      {empty && <p class="empty">No beats recorded in this hour.</p>}
    </section>
  );
};
