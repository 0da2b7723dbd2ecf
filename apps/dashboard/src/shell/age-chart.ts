import uPlot from 'uplot';
import type { Series } from '../core/age-series.ts';
import { hourMinute } from '../core/clock.ts';
import { onAxis } from '../core/words.ts';

export type AgeChart = {
  /** All in seconds. */
  readonly show: (series: Series, maxAge: number | null, from: number, to: number) => void;
  readonly destroy: () => void;
};

const height = 170;

/** Between the lines of the axis of ages, in seconds: what people count time in. */
const steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600];
const daySteps = [1, 2, 5, 10, 30, 100, 300, 1000].map((days) => days * 86_400);

/** The colours are asked for with each drawing: they are another theme's then. */
const lookOf = (place: HTMLElement, maxAge: () => number | null): Omit<uPlot.Options, 'width' | 'height'> => {
  const colour = (name: string) => getComputedStyle(place).getPropertyValue(name).trim();
  const axis = (): uPlot.Axis => ({
    stroke: () => colour('--quiet'),
    grid: { stroke: () => colour('--line'), width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(place).fontFamily}`,
  });
  const age = {
    stroke: () => colour('--age'),
    fill: () => colour('--age-fill'),
    width: 1.5,
    points: { show: false },
  };
  return {
    legend: { show: false },
    cursor: { show: false },
    padding: [12, 20, 0, 0],
    scales: { x: { time: true }, y: { range: (_, __, top) => [0, Math.max(top, maxAge() ?? 0, 1) * 1.15] } },
    series: [{}, age],
    axes: [
      { ...axis(), size: 26, space: 90, values: (_, at) => at.map((each) => hourMinute(each * 1000)) },
      {
        ...axis(),
        ...{ size: 52, space: 34, incrs: [...steps, ...daySteps], values: (_, ages) => ages.map(onAxis) },
      },
    ],
    hooks: { draw: [(self) => drawDeadline(self, maxAge(), colour)] },
  };
};

/** The plot of ages in `place`, as wide as it. Its colours come from the page's style, also when the theme changes. */
export const createAgeChart = (place: HTMLElement): AgeChart => {
  let maxAge: number | null = null;
  const size = () => ({ width: Math.max(100, place.clientWidth), height });
  const plot = new uPlot({ ...size(), ...lookOf(place, () => maxAge) }, [[], []], place);
  const resize = new ResizeObserver(() => plot.setSize(size()));
  resize.observe(place);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const redraw = () => plot.redraw(false);
  dark.addEventListener('change', redraw);
  const theme = new MutationObserver(redraw);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return {
    show: ([times, ages], most, from, to) => {
      maxAge = most;
      plot.batch(() => {
        plot.setData([[...times], [...ages]], false);
        plot.setScale('x', { min: from, max: to });
      });
    },
    destroy: () => {
      resize.disconnect();
      theme.disconnect();
      dark.removeEventListener('change', redraw);
      plot.destroy();
    },
  };
};

const drawDeadline = (plot: uPlot, maxAge: number | null, colour: (name: string) => string) => {
  if (maxAge === null) return;
  const { ctx, bbox } = plot;
  const y = Math.round(plot.valToPos(maxAge, 'y', true));
  ctx.save();
  ctx.strokeStyle = colour('--stale');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
};
