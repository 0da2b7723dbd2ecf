import { looks, type StripState } from '../core/states.ts';
import { Glyph } from './glyph.tsx';

export const Legend = ({ states }: { states: readonly StripState[] }) => (
  <ul class="legend" aria-label="Legend">
    {states.map((state) => (
      <li key={state}>
        <Glyph face={state} /> {looks[state].word}
      </li>
    ))}
  </ul>
);
