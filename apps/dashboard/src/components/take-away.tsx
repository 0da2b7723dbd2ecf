import { useState } from 'preact/hooks';
import { badgeOf, copy, download } from '../shell/take-away.ts';

export const Csv = ({ name, make }: { name: string; make: () => string }) => (
  <button type="button" class="plain csv" onClick={() => download(`${name}.csv`, make())}>
    CSV
  </button>
);

/** Where the browser copies nothing the text stands there to be copied. */
export const CopyBadge = ({ bot }: { bot: string }) => {
  const [said, setSaid] = useState<string | null>(null);
  const text = badgeOf(bot);
  return (
    <p class="copy-badge">
      <button
        type="button"
        class="plain"
        onClick={() => void copy(text).then((done) => setSaid(done ? 'Copied, as Markdown' : text))}
      >
        Copy badge
      </button>
      <span role="status">{said}</span>
    </p>
  );
};
