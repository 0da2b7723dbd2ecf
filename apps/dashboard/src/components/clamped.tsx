import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

type Props = { class: string; children: ComponentChildren };

/** Text of at most three lines; what is longer opens, and closes again. */
export const Clamped = ({ class: name, children }: Props) => {
  const text = useRef<HTMLParagraphElement>(null);
  const [long, setLong] = useState(false);
  const [open, setOpen] = useState(false);
  useLayoutEffect(() => {
    const { current } = text;
    // Letters below the line stick out of the last one: only a whole line more is a long text.
    if (current !== null && !open) setLong(current.scrollHeight > current.clientHeight * 1.2);
  });
  return (
    <>
      <p ref={text} class={`${name} ${open ? '' : 'is-clamped'}`} dir="auto">
        {children}
      </p>
      {(long || open) && (
        <button type="button" class="plain more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : 'Show all of it'}
        </button>
      )}
    </>
  );
};
