import { ruler } from '../core/ruler.ts';
import { ticking } from '../core/words.ts';

type Props = { age: number; maxAge: number; deadline: string | null };

const width = 1000;

/** Time runs along a ruler towards the deadline; a beat sets it back to its start. */
export const DeadlineRuler = ({ age, maxAge, deadline }: Props) => {
  const { filled, deadline: mark, ticks } = ruler(age, maxAge);
  const over = age > maxAge;
  return (
    <div
      class={over ? 'ruler is-over' : 'ruler'}
      role="img"
      aria-label={`${ticking(age)} of ${ticking(maxAge)} until the bot counts as stale`}
    >
      <svg viewBox={`0 0 ${width} 34`} preserveAspectRatio="none" aria-hidden="true">
        <path class="ruler-base" d={`M0 26H${width}`} />
        {ticks.map((x) => (
          <path key={x} class="ruler-tick" d={`M${x * width} 18V26`} />
        ))}
        <rect class="ruler-fill" x="0" y="26" height="8" width={Math.min(filled, mark) * width} />
        {over && (
          <rect class="ruler-past" x={mark * width} y="26" height="8" width={(filled - mark) * width} />
        )}
        <path class="ruler-mark" d={`M${mark * width} 2V34`} />
      </svg>
      <p class="ruler-labels" aria-hidden="true">
        <span>0</span>
        <span>
          {deadline === null ? '' : `deadline ${deadline}, `}at {ticking(maxAge)}
        </span>
      </p>
    </div>
  );
};
