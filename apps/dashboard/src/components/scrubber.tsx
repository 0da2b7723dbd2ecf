import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

type Props = {
  /** The heading's id and words. */
  id: string;
  title: ComponentChildren;
  name: string;
  count: number;
  /** What is said of stretch `index`. */
  text: (index: number) => string;
  /** Which stretch lies at this share of the width. */
  indexAt: (share: number) => number;
  summary: string;
  children: (index: number | null) => ComponentChildren;
};

/** A drawing that can be read stretch by stretch, with the pointer or with the arrow keys. */
export const Scrubber = ({ id, title, name, count, text, indexAt, summary, children }: Props) => {
  const [chosen, setChosen] = useState<number | null>(null);
  const index = chosen === null ? null : Math.min(chosen, count - 1);
  const shown = index === null || count === 0 ? null : index;
  const move = (event: KeyboardEvent) => {
    const at = shown ?? count - 1;
    const steps: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(count - 1, to)));
  };
  return (
    <>
      <div class="block-head">
        <h3 id={id}>{title}</h3>
        <p class="readout" aria-hidden="true">
          {shown === null ? summary : text(shown)}
        </p>
      </div>
      <div
        class="scrubber"
        role="slider"
        tabIndex={0}
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={shown ?? Math.max(0, count - 1)}
        aria-valuetext={shown === null ? summary : text(shown)}
        onKeyDown={move}
        onBlur={() => setChosen(null)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setChosen(indexAt((event.clientX - box.left) / box.width));
        }}
        onPointerLeave={() => setChosen(null)}
      >
        {children(shown)}
      </div>
    </>
  );
};
